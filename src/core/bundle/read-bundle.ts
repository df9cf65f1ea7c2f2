import { parseStrict } from "../canonical-json.ts";
import { BUNDLE_FORMAT, BUNDLE_VERSION, type Bundle } from "./bundle.ts";
import { misfit } from "./check-schema.ts";
import { BundleFault } from "./reasons.ts";
import { MOST_BUNDLE_BYTES, MOST_BUNDLE_LEVELS } from "./schema.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/**
 * Reads a bundle from somebody who is not trusted: bounded in size and depth, and read in one way only.
 * @throws BundleFault `format.*`
 */
export function readBundle(bytes: Uint8Array): Bundle {
  if (bytes.length > MOST_BUNDLE_BYTES) throw new BundleFault("format.too-large", `${bytes.length} bytes`);
  const text = decode(bytes);
  checkDepth(text);
  const value = parse(text);
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== BUNDLE_FORMAT) throw new BundleFault("format.unknown");
  if (version !== BUNDLE_VERSION) throw new BundleFault("format.version");
  const wrong = misfit(value);
  if (wrong !== undefined) throw new BundleFault("format.schema", wrong);
  return value as Bundle;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BundleFault("format.not-text");
  }
}

function parse(text: string): unknown {
  try {
    return parseStrict(text);
  } catch (error) {
    const { cause, message } = error as { cause?: unknown; message: string };
    throw new BundleFault(cause instanceof SyntaxError ? "format.not-json" : "format.ambiguous", message);
  }
}

/** Before anything is parsed: parsers call themselves for each level. */
function checkDepth(text: string): void {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (OPENING.includes(code) && ++depth > MOST_BUNDLE_LEVELS) throw new BundleFault("format.too-deep");
    else if (CLOSING.includes(code)) depth--;
  }
}
