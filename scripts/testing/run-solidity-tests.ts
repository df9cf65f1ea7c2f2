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
/** The part of EDR's results that is counted. */
type Suites = readonly { readonly testResults: readonly { readonly status: string }[] }[];
const suites: Suites = (result.success ? result.value : result.error).suiteResults;
const statuses = suites.flatMap(({ testResults }) => testResults.map(({ status }) => status));
const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
const counts: Counts = { passed: count("Success"), failed: count("Failure"), skipped: count("Skipped") };
writeFileSync(values.counts, JSON.stringify(counts));
process.exitCode = result.success ? 0 : 1;
