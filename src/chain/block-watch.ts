import type { Clock } from "../core/clock.ts";
import { hexToBytes } from "../core/hex.ts";
import type { Logger } from "../core/logger.ts";
import { decodeExtraData } from "../core/qbft/extra-data.ts";
import { QBFT_MIX_HASH } from "../core/qbft/header.ts";
import type { NodeRpc } from "./rpc-client.ts";

/** What was seen of a chain's blocks since the start. */
export interface SeenBlocks {
  /** Undefined before the first look. */
  newest: { number: number; timestamp: number; gasLimit: number } | undefined;
  blocks: number;
  transactions: number;
  gasUsed: number;
  /** Rounds in which the validators did not agree on a block. */
  roundChanges: number;
  /** Blocks by the validator that proposed them, with those that proposed none; empty where blocks are not sealed. */
  proposed: Readonly<Record<string, number>>;
  /** Validators that seal the next block; 0 where blocks are not sealed. */
  validators: number;
  /**
   * Seconds by which this machine's clock is before the proposers' clocks: the youngest age at which one of the last
   * blocks was seen first. Up to two of them are the block's own way. Undefined until enough were seen.
   */
  clockAhead: number | undefined;
}

export interface BlockWatchOptions {
  rpc: Pick<NodeRpc, "call" | "all">;
  clock: Clock;
  logger: Logger;
  /** Milliseconds between two looks. */
  interval?: number;
}

interface Header {
  number: string;
  timestamp: string;
  miner: string;
  gasUsed: string;
  gasLimit: string;
  mixHash: string;
  extraData: string;
  transactions: readonly unknown[];
}

const INTERVAL = 1_000;
/** Blocks that are read after a pause; what is older is passed over: these are counts for graphs. */
const MOST_MISSED = 100;
/** Blocks between two looks at the set of validators. */
const VALIDATORS_EVERY = 20;
/** Blocks whose ages tell of the clocks: more than one round of the proposers. */
const AGES = 20;

/** Follows the newest blocks of a node and counts what tells whether the network is well (CH-8). */
export class BlockWatch {
  readonly #options: Required<BlockWatchOptions>;
  readonly #stopping = new AbortController();
  readonly #proposed = new Map<string, number>();
  #counts = { blocks: 0, transactions: 0, gasUsed: 0, roundChanges: 0 };
  #newest: SeenBlocks["newest"];
  #validators: readonly string[] = [];
  #ages: number[] = [];
  #looked: number | undefined;
  #running: Promise<void> | undefined;

  constructor(options: BlockWatchOptions) {
    this.#options = { interval: INTERVAL, ...options };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  get seen(): SeenBlocks {
    const silent = this.#validators.map((validator) => [validator, 0] as const);
    return {
      ...this.#counts,
      newest: this.#newest,
      proposed: { ...Object.fromEntries(silent), ...Object.fromEntries(this.#proposed) },
      validators: this.#validators.length,
      clockAhead: this.#ages.length < AGES ? undefined : Math.min(...this.#ages),
    };
  }

  async #run(): Promise<void> {
    const { clock, logger, interval } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.look();
        failures = 0;
      } catch (error) {
        if (failures++ === 0) logger.debug({ err: error }, "The newest blocks are not seen");
      }
      await clock.sleep(interval, this.#stopping.signal);
    }
  }

  /** One look at what came since the last one. */
  async look(): Promise<void> {
    const { rpc, clock, interval } = this.#options;
    const head = Number(await rpc.call<string>("eth_blockNumber"));
    const before = this.#newest?.number;
    // A development chain may go back.
    const first = before === undefined || head < before ? head : Math.max(before + 1, head - MOST_MISSED + 1);
    const numbers = Array.from({ length: Math.max(0, head - first + 1) }, (_, index) => first + index);
    const requests = numbers.map((number) => ({
      ...{ method: "eth_getBlockByNumber", params: [`0x${number.toString(16)}`, false] },
    }));
    const headers = requests.length === 0 ? [] : ((await rpc.all(requests)) as (Header | null)[]);
    const now = clock.now();
    const steady = this.#looked !== undefined && now - this.#looked < 3 * interval;
    this.#looked = now;
    for (const header of headers) {
      if (header !== null) this.#see(header);
    }
    const newest = this.#newest;
    if (newest === undefined || headers.length === 0) return;
    // After a pause nobody knows how long the block has been there.
    if (!steady) this.#ages = [];
    else this.#ages = [...this.#ages, now / 1_000 - newest.timestamp].slice(-AGES);
    if (this.#proposed.size > 0 && (this.#validators.length === 0 || newest.number % VALIDATORS_EVERY === 0)) {
      await this.#readValidators();
    }
  }

  #see({ number, timestamp, miner, gasUsed, gasLimit, mixHash, extraData, transactions }: Header): void {
    this.#newest = { number: Number(number), timestamp: Number(timestamp), gasLimit: Number(gasLimit) };
    this.#counts.blocks++;
    this.#counts.transactions += transactions.length;
    this.#counts.gasUsed += Number(gasUsed);
    if (mixHash !== QBFT_MIX_HASH || Number(number) === 0) return;
    this.#counts.roundChanges += decodeExtraData(hexToBytes(extraData)).round;
    const proposer = miner.toLowerCase();
    this.#proposed.set(proposer, (this.#proposed.get(proposer) ?? 0) + 1);
  }

  /** Who is not in the set any more is not told of either: its blocks would look like silence. */
  async #readValidators(): Promise<void> {
    const set = await this.#options.rpc.call<string[]>("qbft_getValidatorsByBlockNumber", ["latest"]);
    this.#validators = set.map((address) => address.toLowerCase());
    for (const proposer of this.#proposed.keys()) {
      if (!this.#validators.includes(proposer)) this.#proposed.delete(proposer);
    }
  }
}
