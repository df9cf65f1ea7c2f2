/** Those who wait for a block. */
export class Waiters {
  #waiting: { block: number; resolve: () => void; reject: (error: Error) => void }[] = [];

  until(block: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ block, resolve, reject });
    });
  }

  /** Everything up to `block` is there. */
  reached(block: number): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((waiter) => waiter.block > block);
    for (const waiter of waiting) if (waiter.block <= block) waiter.resolve();
  }

  /** Nothing more will come. */
  fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.reject(error);
  }
}
