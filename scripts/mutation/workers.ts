import { type ChildProcess, fork } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";
import type { Verdict } from "./worker.ts";

/** What the contract tests need of the repository. */
const COPIED = ["contracts", "src", "scripts", "test", "artifacts", "generated", "package.json", "hardhat.config.ts"];
/** A mutant that keeps a worker longer than this made the tests hang. */
const PATIENCE_MS = 240_000;
/** A new worker runs all tests of the unchanged contracts first, perhaps with several settings. */
const PREPARATION_MS = 1_200_000;
/** A fresh process now and then: chain and compiler only ever take more memory. */
const MUTANTS_A_PROCESS = 1_000;

/** Judges mutants in copies of the repository, several at a time; the repository itself is not touched. */
export async function judgeAll(
  root: string,
  mutants: readonly Mutant[],
  parallel: number,
  report: (mutant: Mutant, verdict: Verdict) => void,
): Promise<void> {
  // A worker stays with a file, whose unchanged code it has.
  const waiting = Map.groupBy(mutants, ({ file }) => file);
  const queues = [...waiting.values()].map((list) => [...list]);
  await Promise.all(Array.from({ length: parallel }, (_, at) => work(root, queues, at, report)));
}

async function work(
  root: string,
  queues: Mutant[][],
  at: number,
  report: (mutant: Mutant, verdict: Verdict) => void,
): Promise<void> {
  const copy = copyOf(root);
  let worker: Worker | undefined;
  const cleanUp = () => {
    worker?.stop();
    rmSync(copy, { recursive: true, force: true });
  };
  const onSignal = () => {
    cleanUp();
    process.exit(1);
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    let own: Mutant[] | undefined;
    for (;;) {
      if (!own?.length) own = queues.find((queue) => queue.length > 0 && !isTaken(queue)) ?? longest(queues);
      if (own === undefined) return;
      taken.set(own, at);
      const mutant = own.shift();
      if (mutant === undefined) continue;
      if (worker === undefined || worker.judged >= MUTANTS_A_PROCESS) {
        worker?.stop();
        worker = await Worker.start(copy);
      }
      const verdict = await worker.judge(mutant);
      if (verdict.by === HANGS) worker = undefined;
      report(mutant, verdict);
    }
  } finally {
    cleanUp();
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const HANGS = "the tests did not end";
const taken = new WeakMap<Mutant[], number>();
const isTaken = (queue: Mutant[]) => taken.has(queue);

/** With no file left to begin, a worker helps with the one that has most left. */
function longest(queues: readonly Mutant[][]): Mutant[] | undefined {
  return queues.filter(({ length }) => length > 0).sort((one, other) => other.length - one.length)[0];
}

class Worker {
  judged = 0;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(copy: string): Promise<Worker> {
    const child = fork(join(copy, "scripts/mutation/worker.ts"), {
      cwd: copy,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await answerOf(child, PREPARATION_MS);
    return new Worker(child);
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    this.judged += 1;
    const answer = answerOf(this.#child, PATIENCE_MS);
    this.#child.send(mutant);
    const verdict = await answer;
    if (verdict !== undefined) return verdict as Verdict;
    this.#child.kill("SIGKILL");
    return { id: mutant.id, state: "killed", by: HANGS, milliseconds: PATIENCE_MS };
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

/** The next message of a worker; undefined when none comes in time. */
function answerOf(child: ChildProcess, patience: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => resolve(undefined)), patience);
    const onMessage = (message: unknown) => done(() => resolve(message));
    const onExit = (code: number | null) => done(() => reject(new Error(`a worker ended with ${code}`)));
    const done = (end: () => void) => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      end();
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}

function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "brop-mutation-"));
  for (const path of COPIED) {
    const filter = (source: string) => !source.includes("build-info");
    cpSync(join(root, path), join(copy, path), { recursive: true, filter });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}
