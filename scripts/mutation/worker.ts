import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Settings } from "../analysis/compile.ts";
import { type Codes, codesOf, hasArtifact, sameCodes, writeCodes } from "./artifacts.ts";
import { dependentsOf } from "./imports.ts";
import { type Mutant, mutated } from "./mutants.ts";
import { Suite } from "./suite.ts";

// Judges the mutants of a folder one after the other, in a working copy of the repository, for the process that started
// this one: worker.ts FOLDER

/** What became of a mutant. */
export interface Verdict {
  readonly id: string;
  /**
   * `invalid`: does not compile. `same`: the compiler makes the same code of it. `killed`: a test failed.
   * `survived`: no test noticed.
   */
  readonly state: "invalid" | "same" | "killed" | "survived";
  /** The test that failed. */
  readonly by?: string;
  readonly milliseconds: number;
}

const ROOT = process.cwd();
/** Tried in this order: what is compiled sooner serves, unless more than a few tests need what is deployed. */
const SETTINGS: readonly Settings[] = ["plain", "optimised"];
const FEW = 10;
const [folder = ""] = process.argv.slice(2);

/** Contracts that only tests use may stand on a changed one too. */
const files = globSync("contracts/**/*.sol", { cwd: ROOT }).filter((file) => hasArtifact(ROOT, file));
const suite = await Suite.load(ROOT, folder);
const settings = await prepare();
/** Codes of the unchanged contracts that stand on a file, by file. */
const unchanged = new Map<string, Codes>();

process.on("message", async (mutant: Mutant) => {
  const start = performance.now();
  const verdict = await judge(mutant);
  process.send?.({ ...verdict, id: mutant.id, milliseconds: Math.round(performance.now() - start) });
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function judge(mutant: Mutant): Promise<Pick<Verdict, "state" | "by">> {
  const { file } = mutant;
  const dependents = dependentsOf(ROOT, file, files);
  const before = unchanged.get(file) ?? codesOf(ROOT, dependents, {}, settings);
  if (before === undefined) throw new Error(`${file} does not compile`);
  unchanged.set(file, before);
  const changed = { [file]: mutated(readFileSync(join(ROOT, file)), mutant) };
  const after = codesOf(ROOT, dependents, changed, settings);
  if (after === undefined) return { state: "invalid" };
  if (sameCodes(after, before)) return { state: "same" };
  writeCodes(ROOT, after);
  const by = await suite.firstFailure(
    file,
    dependents.map((each) => basename(each, ".sol")),
  );
  writeCodes(ROOT, before);
  if (by !== undefined) return { state: "killed", by };
  return isSameWhenOptimised(dependents, changed) ? { state: "same" } : { state: "survived" };
}

/**
 * Compiles all contracts with settings with which their tests pass: without that, nothing proves anything. The few that
 * fail all the same are left out, whatever is wrong with them.
 */
async function prepare(): Promise<Settings> {
  for (const settings of SETTINGS) {
    const codes = codesOf(ROOT, files, {}, settings);
    if (codes === undefined) continue;
    writeCodes(ROOT, codes);
    const failing = await suite.failing();
    if (failing.size > FEW) {
      console.error(`${failing.size} tests fail with ${settings} code, the first: ${[...failing.values()][0]}`);
      continue;
    }
    for (const [test, reason] of failing)
      console.error(`left out, fails without any change: ${test.fullTitle()}: ${reason}`);
    suite.leaveOut(failing.keys());
    return settings;
  }
  throw new Error("The contract tests fail without any change");
}

/** The optimiser sees through many changes that mean nothing. */
function isSameWhenOptimised(dependents: readonly string[], changed: Readonly<Record<string, string>>): boolean {
  const [before, after] = [{}, changed].map((texts) => codesOf(ROOT, dependents, texts, "optimised"));
  return before !== undefined && after !== undefined && sameCodes(before, after);
}
