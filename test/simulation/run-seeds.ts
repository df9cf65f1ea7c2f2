import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { SeedResult } from "./run-seed.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
/** Each worker holds a database in memory. */
const MOST_WORKERS = 8;
/** Milliseconds that one seed may take; a second is usual. */
const PATIENCE = 240_000;

export interface SeedsOptions {
  /** For Node, before the worker's file. */
  nodeOptions?: readonly string[];
  environment?: NodeJS.ProcessEnv;
  workers?: number;
  /** Told of each result; what it returns decides whether to go on. */
  onResult: (result: SeedResult) => boolean;
}

/** Runs seeds in several processes. @throws when a worker ends, or a seed takes too long */
export async function runSeeds(seeds: readonly number[], options: SeedsOptions): Promise<void> {
  const waiting = [...seeds];
  const workers = Math.min(options.workers ?? availableParallelism(), MOST_WORKERS, seeds.length);
  let going = true;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(WORKER, {
        execArgv: [...(options.nodeOptions ?? [])],
        env: { ...process.env, ...options.environment },
      });
      let timer: NodeJS.Timeout | undefined;
      const end = (error?: Error) => {
        clearTimeout(timer);
        child.removeAllListeners("exit");
        child.kill("SIGKILL");
        if (error === undefined) resolve();
        else reject(error);
      };
      child.once("exit", (code) => end(new Error(`a worker of the simulation ended with exit code ${code}`)));
      child.on("message", (message: SeedResult | "ready") => {
        clearTimeout(timer);
        if (message !== "ready" && !options.onResult(message)) going = false;
        const seed = waiting.shift();
        if (seed === undefined || !going) return end();
        timer = setTimeout(() => end(new Error(`seed ${seed} takes too long`)), PATIENCE);
        child.send(seed);
      });
    });
  await Promise.all(Array.from({ length: workers }, work));
}

/** A failed seed for people: what differs, what happened last, and how to run it alone. */
export function describeFailure({ seed, differences, steps }: SeedResult): string {
  const shown = differences.slice(0, 10).map((difference) => `  ${difference.slice(0, 600)}`);
  const more = differences.length > shown.length ? [`  and ${differences.length - shown.length} more`] : [];
  return [
    `Seed ${seed} differs from the oracle:`,
    ...shown,
    ...more,
    "The last steps:",
    ...steps.slice(-40).map((step) => `  ${step}`),
    `Alone, with every step: node test/simulation/run.ts --steps ${seed}`,
  ].join("\n");
}
