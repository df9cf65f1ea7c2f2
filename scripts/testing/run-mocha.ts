import { globSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import fc from "fast-check";
import Mocha from "mocha";
import settings from "../../.mocharc.json" with { type: "json" };
import type { Counts } from "./counts.ts";

// Runs the test files that match the patterns, shows them on the terminal and writes the counts into a file:
// run-mocha.ts --counts FILE [--grep TEXT] [--long] [--part K/N] PATTERN... [--exclude PATTERN]...

/** How long what a test left running may go on after the last test. */
const GRACE_MS = 5_000;
/** `--long` tries this many times more cases a property, and waits as much longer. */
const LONG_FACTOR = 20;
const USUAL_RUNS = 100;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    counts: { type: "string" },
    grep: { type: "string" },
    long: { type: "boolean", default: false },
    exclude: { type: "string", multiple: true, default: [] },
    part: { type: "string", default: "1/1" },
  },
});
if (values.counts === undefined) throw new Error("--counts FILE is missing");
const countsFile = values.counts;

if (values.long) fc.configureGlobal({ numRuns: USUAL_RUNS * LONG_FACTOR });
const mocha = new Mocha({
  reporter: "spec",
  timeout: settings.timeout * (values.long ? LONG_FACTOR : 1),
  slow: settings.slow,
  // A test left alone by `.only` must not hide the others where nobody looks.
  forbidOnly: Boolean(process.env.CI),
  ...(values.grep === undefined ? {} : { grep: values.grep }),
});
// Every Nth file: what is slow is mostly so for a whole folder.
const [part = 1, parts = 1] = values.part.split("/").map(Number);
const files = globSync(positionals, { exclude: values.exclude }).sort();
for (const [index, file] of files.entries()) if (index % parts === part - 1) mocha.addFile(file);
await mocha.loadFilesAsync();

const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  const counts: Counts = { passed: passes, failed: failures, skipped: pending };
  writeFileSync(countsFile, JSON.stringify(counts));
  if (failures > 0) process.exitCode = 1;
  setTimeout(() => failForLeftovers(counts), GRACE_MS).unref();
});

/** Reached only when something keeps the process alive: a server or a connection that a test did not close. */
function failForLeftovers(counts: Counts): void {
  console.error(`Tests left something running: ${process.getActiveResourcesInfo().join(", ")}`);
  writeFileSync(countsFile, JSON.stringify({ ...counts, failed: counts.failed + 1 }));
  process.exit(1);
}
