import { type BlockWithReceipts, type ChainRpc, cutRanges, readHeaders, readReceipts } from "./chain-reader.ts";

/** Ranges that are being read while an earlier one is written. */
const AHEAD = 4;

type Range = Promise<BlockWithReceipts[]>;

/**
 * Reads a chain in ranges that are good to write at once. While one is written, the next ones are read at the same time;
 * they are handed out in their order.
 */
export class ReadAhead {
  readonly #rpc: ChainRpc;
  #ranges: AsyncGenerator<{ range: Range }> | undefined;
  #queue: Promise<{ range: Range } | undefined>[] = [];
  /** First block of the next range that is handed out. */
  #from = 0;

  constructor(rpc: ChainRpc) {
    this.#rpc = rpc;
  }

  /**
   * The blocks from `from` on, at least one and at most up to `to`.
   * @throws BropError service.unavailable when the chain changed meanwhile: to be read again
   */
  async next(from: number, to: number): Promise<BlockWithReceipts[]> {
    if (this.#from !== from) this.forget();
    try {
      const blocks = (await this.#take()) ?? (await this.#begin(from, to));
      this.#from = from + blocks.length;
      return blocks;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** What was read ahead does not count any more. */
  forget(): void {
    this.#ranges = undefined;
    this.#queue = [];
  }

  async #begin(from: number, to: number): Promise<BlockWithReceipts[]> {
    this.#ranges = rangesOf(this.#rpc, from, to);
    this.#queue = [];
    return (await this.#take()) as BlockWithReceipts[];
  }

  /** Undefined: everything that was asked for was handed out. */
  async #take(): Promise<BlockWithReceipts[] | undefined> {
    const ranges = this.#ranges;
    if (ranges === undefined) return undefined;
    while (this.#queue.length <= AHEAD) {
      const reading = ranges.next().then(({ value }) => value as { range: Range } | undefined);
      // Who takes it is told of its failure; until then, or if nobody does, it is nobody's.
      reading.catch(() => undefined);
      this.#queue.push(reading);
    }
    return (await this.#queue.shift())?.range;
  }
}

async function* rangesOf(rpc: ChainRpc, from: number, to: number): AsyncGenerator<{ range: Range }> {
  for (let next = from; next <= to; ) {
    const headers = await readHeaders(rpc, next, to);
    for (const blocks of cutRanges(headers)) {
      const range = readReceipts(rpc, blocks);
      range.catch(() => undefined);
      // Within an object, because a generator would wait for it.
      yield { range };
    }
    next += headers.length;
  }
}
