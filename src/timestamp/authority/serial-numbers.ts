/** Serial numbers of a block: after so many a new one is taken. */
const BLOCK_BITS = 16n;
/** Random bits in the numbers of a block. */
const RANDOM_BITS = 56n;
const RANDOM_BYTES = Number(RANDOM_BITS / 8n);

export interface SerialNumbersOptions {
  /** Takes a block that nobody else gets. */
  takeBlock(): Promise<number>;
  random(bytes: number): Uint8Array;
}

/**
 * Serial numbers that no token had before, over restarts and processes (RFC 3161 2.4.2): number of the block, which is
 * taken from the database, random bits of the block, number in the block. The random bits keep numbers apart where the
 * database was put back to an older state. A number has 120 bits at most; authorities may have 160.
 */
export class SerialNumbers {
  readonly #options: SerialNumbersOptions;
  #block: { base: bigint; next: bigint } | undefined;
  #taking: Promise<void> | undefined;

  constructor(options: SerialNumbersOptions) {
    this.#options = options;
  }

  /** @throws whatever taking a block says: then no number was given */
  async next(): Promise<bigint> {
    for (;;) {
      const number = this.#fromBlock();
      if (number !== undefined) return number;
      // All who wait get the same block.
      this.#taking ??= this.#take().finally(() => {
        this.#taking = undefined;
      });
      await this.#taking;
    }
  }

  #fromBlock(): bigint | undefined {
    const block = this.#block;
    if (block === undefined || block.next >> BLOCK_BITS > 0n) return undefined;
    return block.base | block.next++;
  }

  async #take(): Promise<void> {
    const number = BigInt(await this.#options.takeBlock()) + 1n;
    let random = 0n;
    for (const byte of this.#options.random(RANDOM_BYTES)) random = (random << 8n) | BigInt(byte);
    this.#block = { base: ((number << RANDOM_BITS) | random) << BLOCK_BITS, next: 0n };
  }
}
