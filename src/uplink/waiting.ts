import type { Clock } from "../core/clock.ts";
import type { Database } from "../store/database.ts";
import { endedAmong } from "../store/queries/uplink/ended.ts";

/** Milliseconds between two looks for ends that another process wrote. */
const POLL_INTERVAL = 200;

/** Lets requests wait for the ends of submissions: one query for all that are awaited, whichever process writes them. */
export class EndWaiter {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #closed = new AbortController();
  #nap = new AbortController();
  #running = false;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Resolves when the submission has ended, or the signal aborts, or nobody is to wait any more. */
  async wait(id: string, signal: AbortSignal): Promise<void> {
    if (this.#closed.signal.aborted || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const waiters = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiters.add(resolve));
      const leave = () => {
        waiters.delete(resolve);
        if (waiters.size === 0 && this.#waiting.get(id) === waiters) this.#waiting.delete(id);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      void this.#run();
    });
  }

  /** Submissions ended in this process: there is no need to wait for the next look. */
  nudge(): void {
    this.#nap.abort();
  }

  /** Lets all who wait go. */
  close(): void {
    this.#closed.abort();
    for (const waiters of this.#waiting.values()) for (const resolve of waiters) resolve();
    this.#waiting.clear();
    this.#nap.abort();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.size > 0) {
      this.#nap = new AbortController();
      // A database that does not answer is asked again: those who wait have their own patience.
      const ended = await endedAmong(this.#db, [...this.#waiting.keys()]).catch(() => []);
      for (const id of ended) {
        for (const resolve of this.#waiting.get(id) ?? []) resolve();
        this.#waiting.delete(id);
      }
      if (this.#waiting.size > 0) await this.#clock.sleep(POLL_INTERVAL, this.#nap.signal);
    }
    this.#running = false;
  }
}
