/** What has to be closed at the end, or when a start fails half way: the last one opened goes first. */
export class Cleanup {
  readonly #tasks: (() => unknown)[] = [];
  #running: Promise<void> | undefined;

  add(task: () => unknown): void {
    this.#tasks.push(task);
  }

  /**
   * Runs every task, also after one that failed.
   * @throws the first failure
   */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const task of this.#tasks.splice(0).reverse()) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
