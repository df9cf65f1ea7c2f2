import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { addCounts, type Counts, NONE, ONE_FAILED } from "./counts.ts";

// Runs test files in parts, each in a process of its own and some of them at once, and adds their counts up: most service
// tests wait for blocks and other processes. Many parts, so that no process has much left when the others have ended.
// run-mocha-parts.ts --parts N --at-once N, and what run-mocha.ts takes.

const RUNNER = fileURLToPath(new URL("./run-mocha.ts", import.meta.url));

const { values, tokens } = parseArgs({
  strict: false,
  tokens: true,
  options: {
    parts: { type: "string", default: "15" },
    "at-once": { type: "string", default: "3" },
    counts: { type: "string" },
  },
});
const OWN: readonly string[] = ["parts", "at-once", "counts"];
const countsFile = values.counts;
const parts = Number(values.parts);
const atOnce = Number(values["at-once"]);
if (typeof countsFile !== "string") throw new Error("--counts FILE is missing");
for (const [name, value] of Object.entries({ parts, "at-once": atOnce })) {
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
}

/** Every argument but those that are this program's own. */
const passed = process.argv.slice(2).filter((_, index) => {
  const own = tokens.filter((token) => token.kind === "option" && OWN.includes(token.name));
  return !own.some(
    (token) => index === token.index || (index === token.index + 1 && !("inlineValue" in token && token.inlineValue)),
  );
});

const folder = mkdtempSync(join(tmpdir(), "brop-test-parts-"));
const children: ChildProcess[] = [];
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted = true;
    for (const child of children) child.kill(signal);
    process.exitCode = 128 + constants.signals[signal];
  });
}
try {
  let counts = NONE;
  let next = 1;
  const work = async () => {
    while (next <= parts && !interrupted) {
      const { output, code, counted } = await runPart(next++);
      process.stdout.write(output);
      counts = addCounts(counts, counted ?? ONE_FAILED);
      if (code !== 0) process.exitCode ??= 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, parts) }, work));
  writeFileSync(countsFile, JSON.stringify(counts));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What a part says is shown when it ends, so that lines do not mix. */
function runPart(part: number): Promise<{ output: Buffer; code: number; counted: Counts | undefined }> {
  const file = join(folder, `${part}.json`);
  const args = [RUNNER, "--counts", file, "--part", `${part}/${parts}`, ...passed];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve) => {
    child.once("close", (code) => {
      const counted = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Counts) : undefined;
      resolve({ output: Buffer.concat(output), code: code ?? 1, counted });
    });
  });
}
