/**
 * slither's detectors that are not asked, with the reason. What others find is mended, or suppressed where it stands with
 * the reason beside it.
 */
export const DETECTORS_LEFT_OUT: Readonly<Record<string, string>> = {
  assembly: "two places read and hash memory without copying; both have fuzz tests against plain code",
  "calls-loop": "loops are bounded by their caller, who pays for them; the calls go to contracts of the platform",
  "costly-loop": "each round of a batch changes what circulates, as a single call does",
  "cyclomatic-complexity": "it counts the checks of a form, one line a field",
  "incorrect-equality": "it warns of balances that anybody can nudge; here enumerations and zeros are compared",
  "low-level-calls": "Council calls whatever it decided on; a signer may be any contract, or none",
  "naming-convention": "solhint checks names, with Solidity's own convention for immutables",
  "reentrancy-events": "an event follows its state change; the calls before it go to contracts of the platform",
  "shadowing-local": "parameters of interfaces are called what they are, also where a getter has the same name",
  timestamp: "terms are dates; validators of a consortium gain nothing by seconds",
  "too-many-digits": "the mode of ERC-7821 is one word with one byte set",
  "uninitialized-local": "locals start at zero, and here they mean it",
  "unused-return":
    "values are left out in so many words, or tell what a library just did; no token's answer is among them",
};
