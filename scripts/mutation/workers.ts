import { type ChildProcess, fork } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";
import type { Verdict } from "./worker.ts";

/** What the contract tests need of the repository. */
const COPIED = ["contracts", "src", "scripts", "test", "docs", "artifacts", "generated"];
const COPIED_FILES = ["package.json", "hardhat.config.ts"];
/** A mutant that keeps a worker longer than this made the tests hang. */
const PATIENCE_MS = 180_000;
/** A new worker runs all its tests over the unchanged contracts first, perhaps with several settings. */
const PREPARATION_MS = 1_200_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const HANGS = "the tests did not end";

/** Judges mutants in copies of the repository, several at a time; the repository itself is not touched. */
export async function judgeAll(
  root: string,
  mutants: readonly Mutant[],
  parallel: number,
  report: (mutant: Mutant, verdict: Verdict) => void,
): Promise<void> {
  const copies = Array.from({ length: parallel }, () => copyOf(root));
  const onSignal = () => {
    removeAll(copies);
    process.exit(1);
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    // A worker at a time for a folder: to begin with one takes longer than a few mutants do.
    const folders = [...Map.groupBy(mutants, folderOf)];
    const takeFolders = async (copy: string) => {
      for (let next = folders.shift(); next !== undefined; next = folders.shift()) await work(copy, ...next, report);
    };
    await Promise.all(copies.map(takeFolders));
  } finally {
    removeAll(copies);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

async function work(
  copy: string,
  folder: string,
  mutants: readonly Mutant[],
  report: (mutant: Mutant, verdict: Verdict) => void,
): Promise<void> {
  let worker: ChildProcess | undefined;
  try {
    for (const mutant of mutants) {
      worker ??= await start(copy, folder);
      const verdict = await judge(worker, mutant);
      if (verdict.by === HANGS) worker = undefined;
      report(mutant, verdict);
    }
  } finally {
    worker?.kill("SIGKILL");
  }
}

async function start(copy: string, folder: string): Promise<ChildProcess> {
  const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
  const worker = fork(join(copy, "scripts/mutation/worker.ts"), [folder], { cwd: copy, stdio: [...stdio] });
  await answerOf(worker, PREPARATION_MS);
  return worker;
}

async function judge(worker: ChildProcess, mutant: Mutant): Promise<Verdict> {
  const answer = answerOf(worker, PATIENCE_MS);
  worker.send(mutant);
  const verdict = await answer;
  if (verdict !== undefined) return verdict as Verdict;
  worker.kill("SIGKILL");
  return { id: mutant.id, state: "killed", by: HANGS, milliseconds: PATIENCE_MS };
}

/** The next message of a worker; undefined when none comes in time. */
function answerOf(worker: ChildProcess, patience: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => resolve(undefined)), patience);
    const onMessage = (message: unknown) => done(() => resolve(message));
    const onExit = (code: number | null) => done(() => reject(new Error(`a worker ended with ${code}`)));
    const done = (end: () => void) => {
      clearTimeout(timer);
      worker.off("message", onMessage);
      worker.off("exit", onExit);
      end();
    };
    worker.on("message", onMessage);
    worker.on("exit", onExit);
  });
}

function folderOf({ file }: Mutant): string {
  return file.split("/")[1] ?? "";
}

function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "brop-mutation-"));
  const filter = (source: string) => !source.includes("build-info");
  for (const path of [...COPIED, ...COPIED_FILES])
    cpSync(join(root, path), join(copy, path), { recursive: true, filter });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

function removeAll(copies: readonly string[]): void {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}
