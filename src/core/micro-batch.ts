import { after, type Clock, systemClock } from "./clock.ts";

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Collects single requests and works on many at once. A first request waits a moment for company; while batches are
 * being worked on, others gather, so that batches grow with the load.
 */
export class MicroBatch<Item, Result> {
  readonly #work: (items: Item[]) => Promise<Result[]>;
  readonly #wait: number;
  readonly #most: number;
  readonly #parallel: number;
  #waiting: Waiting<Item, Result>[] = [];
  #callOff: (() => void) | undefined;
  readonly #clock: Clock;
  #running = 0;
  #idle: (() => void)[] = [];

  /**
   * @param work gives one result for each item, in the same order; when it throws, all its items fail
   * @param options.wait milliseconds that a first item waits for others
   * @param options.most items that are worked on at once
   * @param options.parallel batches that are worked on at the same time
   * @param options.clock on which the wait passes
   */
  constructor(
    work: (items: Item[]) => Promise<Result[]>,
    { wait, most, parallel = 1, clock = systemClock }: { wait: number; most: number; parallel?: number; clock?: Clock },
  ) {
    this.#work = work;
    this.#wait = wait;
    this.#most = most;
    this.#parallel = parallel;
    this.#clock = clock;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length >= this.#most) this.#begin();
      else this.#callOff ??= after(this.#clock, this.#wait, () => this.#begin());
    });
  }

  /** Resolves when everything that was added is done. */
  async drain(): Promise<void> {
    while (this.#running > 0 || this.#waiting.length > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  #begin(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    while (this.#running < this.#parallel && this.#waiting.length > 0) {
      void this.#run(this.#waiting.splice(0, this.#most));
    }
  }

  async #run(batch: Waiting<Item, Result>[]): Promise<void> {
    this.#running++;
    try {
      const results = await this.#work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#running--;
    this.#begin();
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
