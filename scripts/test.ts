import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { addCounts, type Counts, NONE, summaryLine, totalOf } from "./testing/counts.ts";
import { runStage } from "./testing/run-stage.ts";
import { applies, STAGES } from "./testing/stages.ts";

// The test command: npm test -- [--only STAGE,STAGE...] [--grep TEXT] [--long]

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    grep: { type: "string" },
    long: { type: "boolean", default: false },
  },
});
const only = values.only.flatMap((names) => names.split(","));
const unknown = only.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(", ")}. Stages: ${STAGES.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}

// Checks have no titles that --grep could choose from.
const stages = STAGES.filter(({ name, long }) => (only.length === 0 ? values.long || !long : only.includes(name)))
  .filter((stage) => values.grep === undefined || stage.kind === "tests")
  .filter((stage) => applies(stage, ROOT));

let running: ChildProcess | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    running?.kill(signal);
    process.exit(1);
  });
}

const results: { title: string; counts: Counts; seconds: number }[] = [];
for (const [index, stage] of stages.entries()) {
  console.log(`[${index + 1}/${stages.length}] ${stage.title}`);
  const start = performance.now();
  const onStart = (child: ChildProcess) => {
    running = child;
  };
  const counts = await runStage(stage, { root: ROOT, grep: values.grep, long: values.long, onStart });
  const seconds = (performance.now() - start) / 1_000;
  results.push({ title: stage.title, counts, seconds });
  console.log(`  ${summaryLine(counts)} (${seconds.toFixed(1)} s)`);
}

console.log("");
for (const { title, counts, seconds } of results) {
  console.log(`${counts.failed > 0 ? "FAILED" : "ok    "} ${title.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s`);
}
const total = results.map(({ counts }) => counts).reduce(addCounts, NONE);
console.log(`\n${summaryLine(total)}`);
if (total.failed > 0 || totalOf(total) === 0) process.exitCode = 1;
