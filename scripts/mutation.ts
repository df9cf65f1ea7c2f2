import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installAnalysisTools } from "./analysis/python.ts";
import { listMutants, type Mutant, sample } from "./mutation/mutants.ts";
import { changeOf, type Judged, scoreOf, scoreText, tableOf } from "./mutation/report.ts";
import { Results } from "./mutation/results.ts";
import { judgeAll } from "./mutation/workers.ts";

// Mutation testing of the contracts:
// npm run mutation -- [--contract NAME,...] [--folder NAME,...] [--sample N [--seed S]] [--parallel N] [--again]
// Each mutant that slither-mutate makes is compiled and has to make a contract test fail. --sample takes N mutants a
// contract; --again tries only those that no test noticed before, as far as the mutants are the same.

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = "account,identity,voucher,quota,governance";

const { values } = parseArgs({
  options: {
    contract: { type: "string" },
    folder: { type: "string", default: FOLDERS },
    sample: { type: "string" },
    seed: { type: "string", default: "brop" },
    parallel: { type: "string", default: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
    again: { type: "boolean", default: false },
    counts: { type: "string" },
  },
});

const obstacle = installAnalysisTools(ROOT);
if (obstacle !== undefined) throw new Error(obstacle);
const all = listMutants(ROOT, chosenFiles());
const size = values.sample === undefined ? undefined : Number(values.sample);
const chosen = size === undefined ? all : [...Map.groupBy(all, ({ file }) => file).values()].flatMap(sampled(size));
console.log(`${chosen.length} of ${all.length} mutants`);

const results = new Results(ROOT, basis());
const judged: Judged[] = [];
const waiting: Mutant[] = [];
for (const mutant of chosen) {
  const verdict = results.of(mutant, values.again);
  if (verdict === undefined) waiting.push(mutant);
  else judged.push({ mutant, verdict });
}
await judgeAll(ROOT, waiting, Number(values.parallel), (mutant, verdict) => {
  results.add(verdict);
  judged.push({ mutant, verdict });
  if (verdict.state === "survived") console.log(`survived: ${changeOf(mutant)}`);
  if (judged.length % 50 === 0)
    console.log(`${judged.length} of ${chosen.length} tried: ${scoreText(scoreOf(judged))}`);
});

const survivors = judged.filter(({ verdict }) => verdict.state === "survived");
const list = survivors.map(({ mutant }) => `- ${changeOf(mutant)}`).join("\n");
console.log(`\nSurvivors:\n${list}\n\n${tableOf(judged)}\n\n${scoreText(scoreOf(judged))}`);
writeFileSync(join(ROOT, "cache/mutation/report.md"), `${tableOf(judged)}\n\n${list}\n`);

function chosenFiles(): string[] {
  const names = values.contract?.split(",");
  const folders = values.folder.split(",");
  return globSync("contracts/**/*.sol", { cwd: ROOT }).filter((path) => {
    const [, folder = "", name = ""] = /^contracts\/(\w+)\/(\w+)\.sol$/.exec(path) ?? [];
    return names ? names.includes(name) : folders.includes(folder);
  });
}

function sampled(count: number): (mutants: Mutant[]) => Mutant[] {
  return (mutants) => sample(mutants, count, values.seed);
}

/** Digest of contracts and contract tests. */
function basis(): string {
  const hash = createHash("sha256");
  const patterns = ["contracts/**/*.sol", "test/contracts/**/*.ts", "test/invariants/*.ts", "package-lock.json"];
  for (const path of globSync(patterns, { cwd: ROOT }).sort()) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex");
}
