import { type Clock, systemClock } from "../../core/clock.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import type { Database } from "../../store/database.ts";
import { Anchoring, type AnchorOperations } from "./anchoring.ts";
import { Sealer } from "./sealer.ts";

export interface BatcherOptions<Planned> {
  db: Database;
  operations: AnchorOperations<Planned>;
  /** Blocks for which records gather. */
  interval: number;
  /** Told when operations were made that are to be sent. */
  onMade?: () => void;
  clock?: Clock;
  logger?: Logger;
  /** Milliseconds between two looks. */
  pollInterval?: number;
}

const POLL_INTERVAL = 500;
const LONGEST_PAUSE = 10_000;

/**
 * Brings records that were taken into batches, and batches onto the chain. All it knows is in the database: it may be
 * killed at any moment, and goes on where it stopped. One process a database; a second one could do nothing twice.
 */
export class Batcher<Planned> {
  readonly #options: Required<BatcherOptions<Planned>>;
  readonly #sealer: Sealer;
  readonly #anchoring: Anchoring<Planned>;
  readonly #stopping = new AbortController();
  #nap = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: BatcherOptions<Planned>) {
    const { clock = systemClock, logger = silentLogger, onMade = () => {}, pollInterval = POLL_INTERVAL } = options;
    this.#options = { ...options, clock, logger, onMade, pollInterval };
    const { db, operations, interval } = options;
    this.#sealer = new Sealer(db, () => clock.now(), interval);
    this.#anchoring = new Anchoring({ db, operations, now: () => clock.now() });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nap.abort();
    await this.#running;
  }

  /** A block was indexed, or an operation has ended: there is no need to wait for the next look. */
  nudge(): void {
    this.#nap.abort();
  }

  /** One look. `start` does this all the time. */
  async pass(): Promise<void> {
    await this.#sealer.pass();
    if ((await this.#anchoring.pass()) > 0) this.#options.onMade();
  }

  async #run(): Promise<void> {
    const { clock, logger, pollInterval } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      this.#nap = new AbortController();
      try {
        await this.pass();
        failures = 0;
      } catch (error) {
        if (failures++ === 0) logger.warn({ err: error }, "Batches are not worked on");
      }
      const wait = Math.min(LONGEST_PAUSE, pollInterval * 2 ** failures);
      await clock.sleep(wait, AbortSignal.any([this.#nap.signal, this.#stopping.signal]));
    }
  }
}
