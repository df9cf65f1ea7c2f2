import { canonicalize, parseStrict } from "../core/canonical-json.ts";
import { BropError } from "../core/errors.ts";
import { LIMITS } from "./limits.ts";

/**
 * JSON that somebody hands over: sound for canonical JSON, of bounded depth, and without what databases and programs
 * trip over.
 *
 * @throws BropError `request.malformed` for no JSON, `canonical.invalid` for what has no canonical form,
 * `request.invalid` for depth, NUL characters and members called `__proto__`
 */
export function parseJson(input: string | Uint8Array): unknown {
  const text = typeof input === "string" ? input : decode(input);
  checkDepth(text);
  try {
    return parseStrict(text);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (cause instanceof SyntaxError)
      throw new BropError("request.malformed", { reason: cause.message }, undefined, { cause });
    throw error;
  }
}

/** Refuses NUL characters (PostgreSQL has none) and members that would change an object's prototype. */
export function checkText(value: unknown, path = ""): void {
  if (typeof value === "string") {
    if (value.includes("\0")) throw refused(path, "has a NUL character");
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkText(item, `${path}/${index}`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (name === "__proto__") throw refused(`${path}/${name}`, "is no name that a member can have");
      if (name.includes("\0")) throw refused(path, "has a member with a NUL character in its name");
      checkText(member, `${path}/${name}`);
    }
  }
}

/** Values in a JSON value, itself included. */
export function countValues(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const member of Array.isArray(value) ? value : Object.values(value)) count += countValues(member);
  return count;
}

/** The canonical form, at most so many bytes. @throws BropError `request.invalid` */
export function canonicalText(value: unknown, what: string, mostBytes: number): string {
  const text = canonicalize(value);
  if (Buffer.byteLength(text) > mostBytes) {
    throw new BropError("request.invalid", { field: what, reason: "is too long", mostBytes });
  }
  return text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BropError("canonical.invalid", { reason: "the bytes are not UTF-8" }, undefined, { cause });
  }
}

/** Before it is parsed: what walks through the value afterwards calls itself for each level. */
function checkDepth(text: string): void {
  // A request wraps rows into an object and an array.
  const most = LIMITS.depth + 4;
  let depth = 0;
  let inString = false;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (inString) {
      if (code === BACKSLASH) position++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === BRACE || code === BRACKET) {
      if (++depth > most) throw new BropError("request.invalid", { reason: "is nested too deep", most: LIMITS.depth });
    } else if (code === BRACE_END || code === BRACKET_END) depth--;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

function refused(path: string, reason: string): BropError {
  return new BropError("request.invalid", { field: path, reason });
}
