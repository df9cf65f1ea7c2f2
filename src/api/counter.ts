import type { Database } from "../store/database.ts";
import { type Counts, countAll } from "../store/queries/counts.ts";

/** Counting takes at most this part of the time. */
const SHARE = 0.05;

/** Counts of everything, kept for a while: the more there is, the longer counting takes and the longer it is kept. */
export class Counter {
  readonly #db: Database;
  #counts: Promise<Counts> | undefined;
  #validUntil = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  read(): Promise<Counts> {
    if (this.#counts === undefined || performance.now() > this.#validUntil) this.#count();
    return this.#counts as Promise<Counts>;
  }

  #count(): void {
    const start = performance.now();
    const counts = countAll(this.#db);
    this.#counts = counts;
    this.#validUntil = Number.POSITIVE_INFINITY;
    const end = (pause: number) => {
      if (this.#counts === counts) this.#validUntil = performance.now() + pause;
    };
    // What failed is counted again when it is asked for again.
    counts.then(
      () => end((performance.now() - start) / SHARE),
      () => end(-1),
    );
  }
}
