import type { Mutant } from "./mutants.ts";

interface Equivalent {
  readonly reason: string;
  readonly is: (before: string, after: string) => boolean;
}

/** Changes that mean the same in Solidity, although the compiler makes other code of them: no test can tell. */
const EQUIVALENTS: readonly Equivalent[] = [
  {
    reason: "an unsigned number is not 0 when it is above 0",
    is: (before, after) => notZero(before) === notZero(after),
  },
  {
    reason: "nothing is below zero, nor below an enumeration's first value",
    is: (before, after) => / == (0|\w+\.None)$/.test(before) && after === before.replace(" == ", " <= "),
  },
  {
    reason: "a counter that goes up by one stops at the end either way",
    is: (before, after) => /^i < \S+$/.test(before) && after === before.replace(" < ", " != "),
  },
  {
    reason: "a counter of a loop never needs so many bits",
    is: (before, after) => before === "uint256 i" && after === "uint128 i",
  },
  {
    reason: "no list grows to 2^32 entries",
    is: (before, after) => /uint64\(\w+\.length\)/.test(before) && after === before.replace("uint64(", "uint32("),
  },
  {
    reason: "a constant and an immutable of the same value",
    is: (before, after) => / constant /.test(before) && after === before.replace(" constant ", " immutable "),
  },
  {
    reason: "the look at the kind of an account's signer only saves gas: without a key there, the key is empty",
    is: (before, after) => before === "slot.isKeyed()" && after === "true",
  },
  {
    reason: "a signer is empty, has 20 bytes or more; the empty one verifies nothing either way",
    is: (before, after) => before === "then.length != 20" && after === "then.length > 20",
  },
];

function notZero(condition: string): string {
  return condition.replace(/ > 0$/, " != 0");
}

/** Why a change means the same as before, where that is known. */
export function sameMeaning({ before, text }: Pick<Mutant, "before" | "text">): string | undefined {
  return EQUIVALENTS.find(({ is }) => is(oneLine(before), oneLine(text)))?.reason;
}

/** A piece of code without its line ends. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
