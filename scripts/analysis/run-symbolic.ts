import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Counts } from "../testing/counts.ts";
import { toolEnvironment, toolPath } from "./python.ts";
import { buildForHalmos, SYMBOLIC_BUILD } from "./symbolic-build.ts";

// Proves the properties in test/symbolic with halmos and writes the counts into a file:
// run-symbolic.ts --counts FILE [--grep TEXT] [--long]

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const { values } = parseArgs({
  options: { counts: { type: "string" }, grep: { type: "string" }, long: { type: "boolean" } },
});

/** A path that the solver can not rule out within a second is followed; an assertion gets minutes, on a busy machine. */
const LIMITS = ["--solver-timeout-branching", "1s", "--solver-timeout-assertion", "300s"];

/** One property as halmos reports it. */
interface Proof {
  readonly name: string;
  /** 0: proven; others: a counterexample, a time limit, a path that could not be followed. */
  readonly exitcode: number;
}

buildForHalmos(ROOT);
const proofs = prove(values.grep);
const proven = proofs.filter(({ exitcode }) => exitcode === 0).length;
console.log(`  halmos: ${proven} of ${proofs.length} properties proven`);
const counts: Counts = { passed: proven, failed: proofs.length - proven, skipped: 0 };
if (values.counts) writeFileSync(values.counts, JSON.stringify(counts));
if (counts.failed > 0) process.exitCode = 1;

function prove(name: string | undefined): Proof[] {
  const folder = mkdtempSync(join(tmpdir(), "brop-halmos-"));
  try {
    const report = join(folder, "proofs.json");
    const args = ["--root", ROOT, "--forge-build-out", SYMBOLIC_BUILD, "--json-output", report, ...LIMITS];
    if (name !== undefined) args.push("--match-test", `^check_.*${name}`);
    const env = toolEnvironment(ROOT, idleForge(folder));
    const options = { cwd: ROOT, env, encoding: "utf8", maxBuffer: 1 << 28 } as const;
    const { stdout, error } = spawnSync(toolPath(ROOT, "halmos"), args, options);
    if (error) throw error;
    // It also prints the code of every contract that a property makes.
    console.log(stdout.split("\n").filter(isWorthReading).join("\n"));
    const { test_results } = JSON.parse(readFileSync(report, "utf8")) as { test_results: Record<string, Proof[]> };
    return Object.values(test_results).flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How a property ended, and the values that broke it. */
function isWorthReading(line: string): boolean {
  return /\[(PASS|FAIL|TIMEOUT|ERROR)\]|^Counterexample|^\s+p_\w+ = /.test(line);
}

/** halmos calls forge to build first; it is built already, by the project's own compiler. @returns folder of the command */
function idleForge(folder: string): string {
  const path = join(folder, "forge");
  writeFileSync(path, "#!/bin/sh\nexit 0\n");
  chmodSync(path, 0o755);
  return folder;
}
