interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

/**
 * Time that passes only from one event to the next. Everything that the simulated parts wait for is an event in this one
 * queue, so a run is the same each time and takes as long as its work.
 */
export class VirtualTime {
  /** Milliseconds since the run began. */
  now = 0;
  /** Events that happened. */
  steps = 0;
  #order = 0;
  readonly #heap: Due[] = [];

  /** Has something happen after a time. Events of the same moment happen in the order in which they were asked for. */
  after(milliseconds: number, run: () => void | Promise<void>): void {
    this.#push({ at: this.now + Math.max(0, milliseconds), order: this.#order++, run });
  }

  /** Lets events happen until something holds, at most until a moment. @returns whether it holds */
  async until(holds: () => boolean, latest: number): Promise<boolean> {
    await settle();
    while (!holds()) {
      const due = this.#heap[0];
      if (due === undefined || due.at > latest) return false;
      this.#pop();
      this.now = Math.max(this.now, due.at);
      this.steps++;
      await due.run();
      await settle();
    }
    return true;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent] as Due)) break;
      heap[at] = heap[parent] as Due;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child++;
      if (!isBefore(heap[child] as Due, last)) break;
      heap[at] = heap[child] as Due;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Everything that can go on without an event has gone on: promises come before the next turn of Node's loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
