/** A value of which it is known what it was at each block. */
export class History<Value> {
  readonly #changes: { block: number; value: Value }[] = [];

  /** The value from a block on. Blocks come in order. */
  set(block: number, value: Value): void {
    const last = this.#changes.at(-1);
    if (last?.block === block) last.value = value;
    else this.#changes.push({ block, value });
  }

  /** The value after a block; undefined before the first one. */
  at(block: number): Value | undefined {
    for (let index = this.#changes.length - 1; index >= 0; index--) {
      const change = this.#changes[index];
      if (change !== undefined && change.block <= block) return change.value;
    }
    return undefined;
  }
}

/** Histories by name. */
export class Histories<Value> {
  readonly #byName = new Map<string, History<Value>>();

  set(name: string, block: number, value: Value): void {
    let history = this.#byName.get(name);
    if (history === undefined) {
      history = new History();
      this.#byName.set(name, history);
    }
    history.set(block, value);
  }

  at(name: string, block: number): Value | undefined {
    return this.#byName.get(name)?.at(block);
  }
}
