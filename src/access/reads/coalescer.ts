interface Running {
  current: Promise<unknown>;
  /** Begins when `current` is over; undefined while nobody asked for it. */
  next: Promise<unknown> | undefined;
}

/**
 * Does the same work that many ask for at the same time once. Whoever asks gets an answer that was begun after the
 * question: what is under way already is shared only where its answer can not have changed since.
 */
export class Coalescer {
  readonly #running = new Map<string, Running>();

  /** Different works that are under way or wait. */
  get size(): number {
    return this.#running.size;
  }

  /**
   * @param key same key, same work
   * @param constant whether the answer never changes
   */
  run(key: string, constant: boolean, work: () => Promise<unknown>): Promise<unknown> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#begin(key, work());
    if (constant) return running.current;
    // All that ask meanwhile share the one that begins next.
    running.next ??= running.current.then(
      () => this.#begin(key, work()),
      () => this.#begin(key, work()),
    );
    return running.next;
  }

  #begin(key: string, current: Promise<unknown>): Promise<unknown> {
    const running: Running = { current, next: undefined };
    this.#running.set(key, running);
    const end = () => {
      if (this.#running.get(key) === running && running.next === undefined) this.#running.delete(key);
    };
    current.then(end, end);
    return current;
  }
}
