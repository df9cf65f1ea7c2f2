import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.ts";
import { type Counts, NONE, ONE_FAILED, ONE_PASSED, ONE_SKIPPED, totalOf } from "./counts.ts";
import type { Stage } from "./stages.ts";

export interface StageOptions {
  readonly root: string;
  /** Only tests whose title contains this. */
  readonly grep?: string | undefined;
  /** More cases a property. */
  readonly long: boolean;
  /** Whether the runners' own output is shown. */
  readonly output?: "inherit" | "ignore";
  /** Told of every process as it starts, so that a signal can be passed on. */
  readonly onStart: (child: ChildProcess) => void;
}

/** Runs a stage and says how its tests ended. A failing check's output is printed in full. */
export async function runStage(stage: Stage, options: StageOptions): Promise<Counts> {
  const obstacle = stage.obstacle?.();
  if (obstacle !== undefined) {
    console.log(`  skipped: ${obstacle}`);
    return ONE_SKIPPED;
  }
  return stage.kind === "check" ? runCheck(stage, options) : runTests(stage, options);
}

async function runCheck(stage: Stage, { root, onStart }: StageOptions): Promise<Counts> {
  const child = spawn(process.execPath, stage.command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  onStart(child);
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const code = await exitOf(child);
  if (code === 0) return ONE_PASSED;
  process.stdout.write(`${Buffer.concat(output)}\n`);
  return ONE_FAILED;
}

async function runTests(stage: Stage, options: StageOptions): Promise<Counts> {
  const { root, grep, long, output = "inherit", onStart } = options;
  const folder = mkdtempSync(join(tmpdir(), "brop-test-"));
  const file = join(folder, "counts.json");
  const args = [...stage.command, "--counts", file];
  if (grep !== undefined) args.push("--grep", grep);
  if (long) args.push("--long");
  const env = { ...process.env, BROP_CHROMIUM: findChromium() ?? "" };
  try {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", output, output] });
    onStart(child);
    const code = await exitOf(child);
    return judge(readCounts(file), code, grep !== undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a runner's counts and exit code are worth: one that crashed, with or without counts, has failed, and so has one
 * that found no test, unless it was asked for certain tests only.
 */
export function judge(counts: Counts | undefined, code: number, filtered: boolean): Counts {
  if (!counts) return ONE_FAILED;
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  if (totalOf(counts) > 0) return counts;
  return filtered ? NONE : ONE_FAILED;
}

function readCounts(file: string): Counts | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Counts) : undefined;
}

/** Exit code of a process; 1 when a signal ended it or it did not start. */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}
