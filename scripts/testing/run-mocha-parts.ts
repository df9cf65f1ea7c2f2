import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { addCounts, type Counts, NONE, ONE_FAILED } from "./counts.ts";

// Runs test files in several processes at once, each with its part of the files, and adds their counts up: most service
// tests wait for blocks and other processes. run-mocha-parts.ts --parts N, and what run-mocha.ts takes.

const RUNNER = fileURLToPath(new URL("./run-mocha.ts", import.meta.url));

const { values, tokens } = parseArgs({
  strict: false,
  tokens: true,
  options: { parts: { type: "string", default: "4" }, counts: { type: "string" } },
});
const countsFile = values.counts;
const parts = Number(values.parts);
if (typeof countsFile !== "string") throw new Error("--counts FILE is missing");
if (!Number.isInteger(parts) || parts < 1) throw new Error("--parts must be a whole number from 1");

/** Every argument but the two that are this program's own. */
const passed = process.argv.slice(2).filter((_, index) => {
  const own = tokens.filter((token) => token.kind === "option" && (token.name === "parts" || token.name === "counts"));
  return !own.some(
    (token) => index === token.index || (index === token.index + 1 && !("inlineValue" in token && token.inlineValue)),
  );
});

const folder = mkdtempSync(join(tmpdir(), "brop-test-parts-"));
const children: ChildProcess[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
    process.exitCode = 128 + constants.signals[signal];
  });
}
try {
  const runs = Array.from({ length: parts }, (_, index) => runPart(index + 1));
  let counts = NONE;
  for (const run of runs) {
    const { output, code, counted } = await run;
    process.stdout.write(output);
    counts = addCounts(counts, counted ?? ONE_FAILED);
    if (code !== 0) process.exitCode = 1;
  }
  writeFileSync(countsFile, JSON.stringify(counts));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The first part is watched as it runs; what the others say comes after it, so that lines do not mix. */
function runPart(part: number): Promise<{ output: Buffer; code: number; counted: Counts | undefined }> {
  const file = join(folder, `${part}.json`);
  const args = [RUNNER, "--counts", file, "--part", `${part}/${parts}`, ...passed];
  const said = part === 1 ? "inherit" : "pipe";
  const child = spawn(process.execPath, args, { stdio: ["ignore", said, said] });
  children.push(child);
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve) => {
    child.once("close", (code) => {
      const counted = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Counts) : undefined;
      resolve({ output: Buffer.concat(output), code: code ?? 1, counted });
    });
  });
}
