import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import hre from "hardhat";
import type { Counts } from "./counts.ts";

// Runs the Solidity tests and writes the counts into a file: run-solidity-tests.ts --counts FILE [--grep TEXT] [--long]

/** Inputs that `--long` tries on each fuzz test. */
const LONG_FUZZ_RUNS = 10_000;

const { values } = parseArgs({
  options: { counts: { type: "string" }, grep: { type: "string" }, long: { type: "boolean", default: false } },
});
if (values.counts === undefined) throw new Error("--counts FILE is missing");

if (values.long) {
  const profile = hre.config.test.solidity.profiles.default;
  if (profile) profile.fuzz = { ...profile.fuzz, runs: LONG_FUZZ_RUNS };
}
const { grep } = values;
const result = await hre.tasks.getTask(["test", "solidity"]).run(grep === undefined ? {} : { grep });
const { summary } = result.success ? result.value : result.error;
const counts: Counts = { passed: summary.passed, failed: summary.failed, skipped: summary.skipped };
writeFileSync(values.counts, JSON.stringify(counts));
process.exitCode = result.success ? 0 : 1;
