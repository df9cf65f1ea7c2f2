import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Counts } from "../testing/counts.ts";
import { DETECTORS_LEFT_OUT } from "./detectors.ts";
import { toolEnvironment, toolPath } from "./python.ts";
import { buildForSlither, SLITHER_BUILD } from "./slither-build.ts";

// Runs slither and slither-check-erc over the contracts and writes the counts into a file: run-slither.ts --counts FILE
// Every finding is a failed test; no finding, and a standard that is kept, are a passed one.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Contracts and the standards they claim, of those that slither knows. */
const STANDARDS = [{ contract: "Voucher", standard: "ERC1155" }];
/**
 * What slither-check-erc does not tick off and is in order. It wants exactly one of the two events in the code; there
 * are both in OpenZeppelin's, one for a single id and one for several.
 */
const NOT_FAULTS = [/is missing \(optional\)$/, /safeBatchTransferFrom must emit TransferSingle or TransferBatch$/];
const BUILD = ["--ignore-compile", "--npx-disable", "--hardhat-artifacts-directory", SLITHER_BUILD];
const SCOPE = ["--filter-paths", "node_modules", "--exclude", Object.keys(DETECTORS_LEFT_OUT).join(",")];

const { values } = parseArgs({
  options: { counts: { type: "string" }, grep: { type: "string" }, long: { type: "boolean" } },
});

buildForSlither(ROOT);
const findings = findingsOf(run("slither", [".", ...BUILD, ...SCOPE, "--json", "-"]));
for (const finding of findings) console.log(finding);
console.log(`  slither: ${findings.length} findings`);
const broken = STANDARDS.filter(({ contract, standard }) => !keeps(contract, standard));
const faults = findings.length + broken.length;
const counts: Counts = {
  passed: STANDARDS.length - broken.length + (findings.length === 0 ? 1 : 0),
  failed: faults,
  skipped: 0,
};
if (values.counts) writeFileSync(values.counts, JSON.stringify(counts));
if (faults > 0) process.exitCode = 1;

function findingsOf(output: string): string[] {
  const { success, error, results } = JSON.parse(output) as {
    success: boolean;
    error: string | null;
    results: { detectors?: { check: string; impact: string; description: string }[] };
  };
  if (!success) throw new Error(`slither could not read the contracts: ${error}`);
  return (results.detectors ?? []).map(({ check, impact, description }) => `${impact} ${check}: ${description}`);
}

/** What slither-check-erc ticks off is in order; what it does not, is named. */
function keeps(contract: string, standard: string): boolean {
  const output = run("slither-check-erc", [".", contract, "--erc", standard, ...BUILD]);
  const missing = output
    .split("\n")
    .filter((line) => line.includes("[ ]") && !NOT_FAULTS.some((pattern) => pattern.test(line.trimEnd())));
  const checked = output.split("\n").filter((line) => line.includes("[✓]")).length;
  console.log(`  slither-check-erc: ${contract} and ${standard}: ${checked} checks, ${missing.length} faults`);
  for (const line of missing) console.log(line.trim());
  return missing.length === 0 && checked > 0;
}

function run(tool: string, args: readonly string[]): string {
  const env = toolEnvironment(ROOT);
  const options = { cwd: ROOT, env, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { stdout, stderr, error } = spawnSync(toolPath(ROOT, tool), args, options);
  if (error) throw error;
  return stdout === "" ? stderr : stdout;
}
