import canonicalizeJson from "canonicalize";
import { BropError } from "./errors.ts";

/**
 * The canonical form of a JSON value (RFC 8785): the same text for the same data, whatever the order of members,
 * the white space and the spelling of numbers and strings were.
 * @throws BropError `canonical.invalid` for what I-JSON (RFC 7493) can not hold: NaN, infinities, bigint, lone
 *   surrogates, cycles, and values that JSON has no word for
 */
export function canonicalize(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalizeJson(value);
  } catch (cause) {
    throw new BropError("canonical.invalid", { reason: reasonOf(cause) }, undefined, { cause });
  }
  if (text === undefined) throw new BropError("canonical.invalid", { reason: `${typeof value} is no JSON value` });
  return text;
}

/** The canonical form in UTF-8, as it is digested and signed. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalize(value));
}

/**
 * Parses JSON and refuses what would silently change its meaning: two members of one name (parsers keep only one of
 * them), numbers that a double can not tell from their neighbours, lone surrogates, bytes that are not UTF-8.
 * A byte order mark in front is ignored, as RFC 8259 allows.
 * @throws BropError `canonical.invalid` with the reason, line and column
 */
export function parseStrict(input: string | Uint8Array): unknown {
  const text = decode(input);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BropError("canonical.invalid", { reason: reasonOf(cause) }, undefined, { cause });
  }
  checkTokens(text);
  return value;
}

function decode(input: string | Uint8Array): string {
  if (typeof input === "string") return input.startsWith("\ufeff") ? input.slice(1) : input;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch (cause) {
    throw new BropError("canonical.invalid", { reason: "the bytes are not UTF-8" }, undefined, { cause });
  }
}

/** Walks through a text that is known to be valid JSON. */
function checkTokens(text: string): void {
  // For each open container the names seen in it; undefined for an array.
  const containers: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let position = 0; position < text.length; ) {
    const character = text[position] as string;
    if (character === '"') {
      const end = endOfString(text, position);
      const string = checkString(text, position, end);
      if (expectsName) checkName(text, position, string, containers.at(-1) as Set<string>);
      expectsName = false;
      position = end;
    } else if (character === "-" || (character >= "0" && character <= "9")) {
      const end = endOfNumber(text, position);
      checkNumber(text, position, end);
      position = end;
    } else {
      if (character === "{") containers.push(new Set());
      else if (character === "[") containers.push(undefined);
      else if (character === "}" || character === "]") containers.pop();
      if (character === "{" || character === ",") expectsName = containers.at(-1) !== undefined;
      position++;
    }
  }
}

function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === "\\" ? 2 : 1;
  return position + 1;
}

function endOfNumber(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && "0123456789.eE+-".includes(text[position] as string)) position++;
  return position;
}

function checkString(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  const string = raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  if (!string.isWellFormed()) throw invalidAt(text, start, "a string has a lone surrogate");
  return string;
}

function checkName(text: string, start: number, name: string, seen: Set<string>): void {
  if (seen.has(name)) throw invalidAt(text, start, `the name ${JSON.stringify(name)} is there twice`);
  seen.add(name);
}

/**
 * RFC 7493, section 2.2: no more magnitude or precision than a double has. A fraction may have up to the 17
 * digits that some writers give every double; otherwise the double must be the number itself at the number's own
 * precision. 0.1 and 333333333.33333329 are sound; 9007199254740993, 1e400 and 1e-400 are not.
 */
function checkNumber(text: string, start: number, end: number): void {
  const literal = text.slice(start, end);
  const digits = significantDigits(literal);
  const double = Number(literal);
  const sound =
    digits.length === 0 ||
    (double !== 0 &&
      Number.isFinite(double) &&
      ((digits.length <= 17 && !Number.isInteger(double)) ||
        (digits.length <= 100 && significantDigits(double.toPrecision(digits.length)) === digits)));
  if (!sound) throw invalidAt(text, start, `the number ${shortened(literal)} has more precision than a double`);
}

// Without sign, point, exponent, leading and trailing zeros. The exponent is right wherever the digits are, since the
// double is the nearest one.
function significantDigits(literal: string): string {
  const mantissa = literal.split(/[eE]/)[0] as string;
  return mantissa.replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
}

function shortened(literal: string): string {
  return literal.length > 40 ? `${literal.slice(0, 37)}...` : literal;
}

function invalidAt(text: string, position: number, reason: string): BropError {
  const lines = text.slice(0, position).split("\n");
  return new BropError("canonical.invalid", {
    reason,
    line: lines.length,
    column: (lines.at(-1) as string).length + 1,
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
