import { RE2JS } from "re2js";
import { BropError } from "../core/errors.ts";
import { LIMITS } from "./limits.ts";

/**
 * A regular expression of somebody else's, in time linear in the text whatever it says (RE2): what can only be found by
 * trying, as back references and looking around, is refused.
 *
 * @throws BropError `schema.invalid`
 */
export function linearExpression(pattern: string): { test(text: string): boolean } {
  if (pattern.length > LIMITS.patternLength) {
    throw new BropError("schema.invalid", { pattern, reason: "the pattern is too long", most: LIMITS.patternLength });
  }
  const compiled = compile(pattern);
  return { test: (text) => compiled.matcher(text).find() };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(scriptsByName(pattern));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BropError("schema.invalid", { pattern, reason }, undefined, { cause });
  }
}

/** ECMAScript names a script as `\p{Script=Han}`, RE2 as `\p{Han}`. */
function scriptsByName(pattern: string): string {
  return pattern.replace(/\\([pP])\{(?:Script|sc)=(\w+)\}/g, "\\$1{$2}");
}
