/** Upper bounds of the groups in which sizes of bundles are counted. */
const SIZES = [1, 10, 50, 100, 200] as const;

/** How many bundles were built, by the number of their operations. */
export class BundleCounts {
  readonly #counts = new Map<string, number>();

  add(operations: number): void {
    const size = SIZES.find((bound) => operations <= bound);
    const name = size === undefined ? `more than ${SIZES.at(-1)}` : `up to ${size}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Bundles by size. */
  read(): Record<string, number> {
    const names = [...SIZES.map((size) => `up to ${size}`), `more than ${SIZES.at(-1)}`];
    return Object.fromEntries(names.map((name) => [name, this.#counts.get(name) ?? 0]));
  }
}
