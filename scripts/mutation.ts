import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installAnalysisTools } from "./analysis/python.ts";
import { FOLDERS, listMutants, type Mutant, sample } from "./mutation/mutants.ts";
import { changeOf, countsOf, type Judged, scoreOf, scoreText, tableOf, writeFigures } from "./mutation/report.ts";
import { Results } from "./mutation/results.ts";
import { judgeAll } from "./mutation/workers.ts";

// Mutation testing of the contracts:
// npm run mutation -- [--folder NAME,...] [--contract NAME,...] [--sample N | --all] [--seed S] [--parallel N] [--again]
//   [--write] [--counts FILE]
// Each mutant that slither-mutate makes is compiled and has to make a test of its folder fail. --sample takes N mutants a
// contract; --again keeps the kills of earlier runs and tries the others, as far as the mutants are the same.
// --write puts the figures into docs/mutation.md, --counts a passed or failed test a folder into a file.

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Mutants a contract. About half of them do not compile or mean nothing. */
const SAMPLE = 5;

const { values } = parseArgs({
  options: {
    contract: { type: "string" },
    folder: { type: "string", default: FOLDERS.join() },
    sample: { type: "string", default: String(SAMPLE) },
    all: { type: "boolean", default: false },
    seed: { type: "string", default: "brop" },
    parallel: { type: "string", default: String(availableParallelism()) },
    again: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    counts: { type: "string" },
    long: { type: "boolean" },
    grep: { type: "string" },
  },
});

const obstacle = installAnalysisTools(ROOT);
if (obstacle !== undefined) throw new Error(obstacle);
const all = listMutants(ROOT, chosenFiles());
const size = values.all ? Number.POSITIVE_INFINITY : Number(values.sample);
const chosen = [...Map.groupBy(all, ({ file }) => file).values()].flatMap((list) => sample(list, size, values.seed));
const extent = values.all ? "All" : `Up to ${size} of each contract (seed \`${values.seed}\`):`;
const tried = `${extent} ${chosen.length} of ${all.length} changes.`;
console.log(tried);

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

const inOrder = chosen.flatMap(({ id }) => judged.filter(({ mutant }) => mutant.id === id));
const survivors = inOrder.filter(({ verdict }) => verdict.state === "survived");
console.log(`\nSurvivors:\n${survivors.map(({ mutant }) => changeOf(mutant)).join("\n")}\n\n${tableOf(inOrder)}`);
if (values.write) writeFigures(join(ROOT, "docs/mutation.md"), inOrder, tried);
const counts = countsOf(inOrder);
if (values.counts) writeFileSync(values.counts, JSON.stringify(counts));
if (counts.failed > 0) process.exitCode = 1;

function chosenFiles(): string[] {
  const names = values.contract?.split(",");
  return values.folder
    .split(",")
    .flatMap((folder) => globSync(`contracts/${folder}/*.sol`, { cwd: ROOT }).sort())
    .filter((file) => names?.includes(basename(file, ".sol")) ?? true);
}

/** Digest of contracts and contract tests. */
function basis(): string {
  const hash = createHash("sha256");
  const patterns = ["contracts/**/*.sol", "test/contracts/**/*.ts", "package-lock.json"];
  for (const path of globSync(patterns, { cwd: ROOT }).sort()) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex");
}
