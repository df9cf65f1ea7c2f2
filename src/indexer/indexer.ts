import { installFastKeccak } from "../chain/fast-keccak.node.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { Changes } from "../store/changes.ts";
import type { Database } from "../store/database.ts";
import { buildDeferredIndexes, deferIndexes } from "../store/deferred-indexes.ts";
import { announceExpired } from "../store/queries/operation-pool/announce-expired.ts";
import { needsRebuild } from "../store/rebuild.ts";
import { rewind } from "../store/rewind.ts";
import { type ChainRpc, readHash, readHead } from "./chain-reader.ts";
import { collect, type DatabaseReader } from "./collect.ts";
import { type Cursor, createChain, indexedHash, moveCursor, readChain } from "./cursor.ts";
import type { Indexer, IndexerOptions, IndexerStatus } from "./indexer-options.ts";
import { ReadAhead } from "./read-ahead.ts";
import { Rebuilding } from "./rebuilding.ts";
import { hasListings, Registry } from "./registry.ts";
import { Waiters } from "./waiters.ts";

const POLL_INTERVAL = 100;
const LONGEST_WAIT = 5_000;
/** From this many blocks on a new index is filled without the indexes that only readers need. */
const LONG_CHAIN = 500;
/** Blocks from which on it is worth saying how long it takes. */
const FAR_BEHIND = 50;
/** Milliseconds between two looks whether a new index was asked for. */
const LOOK_FOR_REBUILD = 10_000;
const ZERO_HASH = `0x${"0".repeat(64)}`;
/** Errors that trying again does not mend. */
const FINAL: ReadonlySet<string> = new Set(["chain.mismatch", "chain.wrong"]);

/** Whole blocks and what they change, to be written. */
interface ReadyRange {
  changes: Changes;
  end: Cursor;
}

/** Follows the chain and writes its blocks and events into the database, one transaction a range of blocks. */
export function createIndexer(options: IndexerOptions): Indexer {
  return new ChainIndexer(options);
}

class ChainIndexer implements Indexer {
  readonly #rpc: ChainRpc;
  readonly #db: Database;
  readonly #development: boolean;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #onIndexed: (block: number) => void;
  readonly #onRewind: (block: number) => void;
  readonly #pollInterval: number;
  #cursor: Cursor = { block: -1, hash: "" };
  #registry = new Registry();
  #chainId: number | null = null;
  #head: number | null = null;
  #error: BropError | null = null;
  readonly #ahead: ReadAhead;
  /** The range behind the cursor, where it was made ready while the one before was written. */
  #ready: ReadyRange | undefined;
  readonly #options: IndexerOptions;
  /** A new index that is being made beside this one. */
  #rebuilding: Rebuilding | undefined;
  #lookForRebuild = 0;
  /** Where and when it was started: its pace. */
  #begun = { block: -1, time: 0 };
  /** Whether indexes still have to be built. */
  #deferred = false;
  readonly #waiters = new Waiters();
  #stopping = new AbortController();
  #following: Promise<void> | undefined;

  constructor(options: IndexerOptions) {
    this.#rpc = options.rpc;
    this.#db = options.db;
    this.#ahead = new ReadAhead(options.rpc);
    this.#options = options;
    this.#development = options.development ?? false;
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
    this.#onIndexed = options.onIndexed ?? (() => {});
    this.#onRewind = options.onRewind ?? (() => {});
    this.#pollInterval = options.pollInterval ?? POLL_INTERVAL;
  }

  async start(): Promise<void> {
    if (this.#following !== undefined) return;
    await installFastKeccak();
    await this.#checkChain();
    await this.#load();
    await this.#checkCursor();
    this.#begun = { block: this.#cursor.block, time: this.#clock.now() };
    if (this.#cursor.block < 0 && (this.#head ?? 0) >= LONG_CHAIN) await deferIndexes(this.#db);
    this.#deferred = true;
    this.#stopping = new AbortController();
    this.#error = null;
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    this.#following = undefined;
    await this.#rebuilding?.stop();
    this.#rebuilding = undefined;
    this.#waiters.fail(new BropError("service.unavailable", { reason: "the indexer was stopped" }));
  }

  caughtUp(block: number): Promise<void> {
    if (this.#cursor.block >= block) return Promise.resolve();
    if (this.#following === undefined) {
      const reason = this.#error ?? new BropError("service.unavailable", { reason: "the indexer does not run" });
      return Promise.reject(reason);
    }
    return this.#waiters.until(block);
  }

  status(): IndexerStatus {
    return {
      chainId: this.#chainId,
      head: this.#head,
      indexed: this.#cursor.block,
      running: this.#following !== undefined,
      error: this.#error,
      secondsLeft: this.#secondsLeft(),
      rebuilt: this.#rebuilding?.indexed ?? null,
    };
  }

  #secondsLeft(): number | null {
    const left = (this.#head ?? 0) - this.#cursor.block;
    const done = this.#cursor.block - this.#begun.block;
    if (left < FAR_BEHIND || done <= 0) return null;
    return Math.ceil((left / done) * ((this.#clock.now() - this.#begun.time) / 1000));
  }

  /** The node's chain must be the one that the database was made from. */
  async #checkChain(): Promise<void> {
    const chainId = Number(await this.#rpc.call<string>("eth_chainId"));
    const genesisHash = await readHash(this.#rpc, 0);
    if (genesisHash === undefined)
      throw new BropError("service.unavailable", { reason: "the node has no block 0 yet" });
    await createChain(this.#db, chainId, genesisHash);
    const stored = await readChain(this.#db);
    if (stored?.chainId !== chainId) {
      throw new BropError("chain.wrong", { chainId, expectedChainId: stored?.chainId });
    }
    if (stored.genesisHash !== genesisHash) {
      throw new BropError("chain.wrong", { genesisHash, expectedGenesisHash: stored.genesisHash });
    }
    this.#chainId = chainId;
  }

  /**
   * Begins a new index where one is needed, and puts it in the place of this one when it has come as far. This one answers
   * meanwhile, and goes on being followed.
   */
  async #rebuild(): Promise<void> {
    if (this.#options.announceExpired !== undefined) return;
    if (this.#rebuilding === undefined) {
      const now = this.#clock.now();
      if (now < this.#lookForRebuild) return;
      this.#lookForRebuild = now + LOOK_FOR_REBUILD;
      if (!(await needsRebuild(this.#db))) return;
      this.#logger.info({ indexed: this.#cursor.block }, "a new index is made beside this one");
      this.#rebuilding = await Rebuilding.begin(this.#options, createIndexer, () => this.#cursor.block);
      return;
    }
    if (this.#rebuilding.failed) {
      await this.#rebuilding.stop();
      this.#rebuilding = undefined;
    } else if (this.#rebuilding.indexed === this.#cursor.block && (await this.#rebuilding.finish())) {
      this.#rebuilding = undefined;
      await this.#load();
      this.#logger.info({ indexed: this.#cursor.block }, "the new index has taken the place of the old one");
    }
  }

  async #load(): Promise<void> {
    this.#ready = undefined;
    const stored = await readChain(this.#db);
    if (stored !== undefined) this.#cursor = { block: stored.block, hash: stored.hash };
    this.#registry = await Registry.load(this.#db);
    this.#waiters.reached(this.#cursor.block);
  }

  /** The last indexed block must still be on the chain; a node that is merely behind is waited for. */
  async #checkCursor(): Promise<void> {
    this.#head = await readHead(this.#rpc);
    if (this.#cursor.block < 0) return;
    const block = Math.min(this.#head, this.#cursor.block);
    const onChain = await readHash(this.#rpc, block);
    const same = onChain === (await indexedHash(this.#db, block));
    if (same && (block === this.#cursor.block || !this.#development)) return;
    await this.#divergence();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        // What was noted down for a range that failed is forgotten: the database knows.
        if (failures > 0) {
          this.#ahead.forget();
          await this.#load();
        }
        const moved = await this.#advance();
        if (!moved) await this.#rebuild();
        if (failures > 0) this.#logger.info({ block: this.#cursor.block }, "indexing again");
        this.#error = null;
        failures = 0;
        if (!moved) await this.#clock.sleep(this.#pollInterval, signal);
      } catch (thrown) {
        this.#error = BropError.from(thrown);
        if (failures === 0) this.#logger.warn({ err: thrown, block: this.#cursor.block }, "indexing failed");
        if (FINAL.has(this.#error.code)) return this.#end(this.#error);
        await this.#clock.sleep(Math.min(LONGEST_WAIT, this.#pollInterval * 2 ** failures++), signal);
      }
    }
  }

  #end(error: BropError): void {
    this.#following = undefined;
    this.#logger.error({ err: error }, "indexing has ended");
    this.#waiters.fail(error);
  }

  /** Indexes one range; false when there is nothing new. */
  async #advance(): Promise<boolean> {
    this.#head = await readHead(this.#rpc);
    if (this.#head < this.#cursor.block) {
      await this.#checkCursor();
      return false;
    }
    if (this.#head === this.#cursor.block) {
      if (this.#deferred) await buildDeferredIndexes(this.#db);
      this.#deferred = false;
      return false;
    }
    const range = this.#ready ?? (await this.#makeReady(this.#cursor, this.#head, Promise.resolve()));
    this.#ready = undefined;
    if (range === undefined) {
      await this.#divergence();
      return true;
    }
    // While the database writes a range, the next one is decoded.
    const writing = this.#write(range);
    const [written, next] = await Promise.allSettled([writing, this.#makeNextReady(range.end, this.#head, writing)]);
    for (const one of [written, next]) if (one.status === "rejected") throw one.reason;
    if (next.status === "fulfilled") this.#ready = next.value;
    return true;
  }

  async #write({ changes, end }: ReadyRange): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await moveCursor(tx, this.#cursor.block, end);
      await changes.write(tx);
      await (this.#options.announceExpired ?? announceExpired)(tx, this.#cursor.block + 1, end.block);
    });
    this.#cursor = end;
    this.#waiters.reached(this.#cursor.block);
    this.#onIndexed(this.#cursor.block);
  }

  /** The range after one that is being written; undefined where there is none yet, or none that fits. */
  async #makeNextReady(end: Cursor, head: number, writing: Promise<void>): Promise<ReadyRange | undefined> {
    return end.block < head ? this.#makeReady(end, head, writing) : undefined;
  }

  /**
   * Reads the range after a block, and collects what it changes.
   *
   * @param written resolves when the blocks up to `after` are in the database: what has to be asked there waits for it
   * @returns undefined when the chain does not continue that block
   */
  async #makeReady(after: Cursor, head: number, written: Promise<void>): Promise<ReadyRange | undefined> {
    const range = await this.#ahead.next(after.block + 1, head);
    let end = after;
    for (const { block } of range) {
      if (end.block >= 0 && block.parentHash !== end.hash) {
        this.#ahead.forget();
        return undefined;
      }
      end = { block: Number(block.number), hash: block.hash };
    }
    const stored: DatabaseReader = {
      query: async (text, params) => {
        await written;
        return this.#db.query(text, params);
      },
    };
    return { changes: await collect(this.#rpc, stored, this.#registry, range), end };
  }

  /** The chain is no longer the indexed one above some block. */
  async #divergence(): Promise<void> {
    const indexed = this.#cursor.block;
    const common = await this.#commonBlock();
    // Read while the node was between two answers: to be read again.
    if (common === indexed)
      throw new BropError("service.unavailable", { reason: "the chain changed while it was read" });
    if (!this.#development) {
      const hash = await readHash(this.#rpc, common + 1);
      throw new BropError("chain.mismatch", {
        block: common + 1,
        hash,
        indexedHash: await indexedHash(this.#db, common + 1),
      });
    }
    // A contract that is listed is indexed from its own beginning: with its listing, all it said goes. All begins anew.
    const keep = (await hasListings(this.#db, common)) ? -1 : common;
    await this.#db.transaction(async (tx) => {
      await moveCursor(tx, indexed, { block: keep, hash: (await indexedHash(tx, keep)) ?? ZERO_HASH });
      await rewind(tx, keep);
    });
    await this.#load();
    this.#logger.warn(
      { block: common, lost: indexed - common },
      "the development chain went back; rows above were removed",
    );
    this.#onRewind(common);
  }

  /** Newest block that is the same here and there: hashes chain, so below it all are and above it none is. */
  async #commonBlock(): Promise<number> {
    let same = -1;
    let different = Math.min(this.#cursor.block, await readHead(this.#rpc)) + 1;
    while (different - same > 1) {
      const middle = Math.floor((same + different) / 2);
      const equal = (await readHash(this.#rpc, middle)) === (await indexedHash(this.#db, middle));
      if (equal) same = middle;
      else different = middle;
    }
    if (same < 0 && this.#cursor.block >= 0) {
      throw new BropError("chain.wrong", { reason: "block 0 is another one" });
    }
    return same;
  }
}
