import type { NodeRpc } from "../../chain/rpc-client.ts";
import { after, type Clock, systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { encodeHandleOps } from "../../core/handle-ops.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { ENTRY_POINT } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { insertBundleRows } from "../../store/queries/operation-pool/bundles.ts";
import type { Bundle } from "./bundle.ts";
import type { BundleCare } from "./bundle-care.ts";
import { BundleCounts } from "./bundle-counts.ts";
import { blockGasRoom, bundleGasBudget, bundleGasLimit } from "./gas.ts";
import type { OperationPool, PoolEntry } from "./operation-pool.ts";
import { type Draft, packBundles, predecessorOf } from "./packer.ts";
import type { RelayKey } from "./relay-key.ts";
import type { RelayKeys } from "./relay-keys.ts";
import type { Simulator } from "./simulator.ts";

export interface BundlerOptions {
  rpc: NodeRpc;
  db: Database;
  chainId: bigint;
  pool: OperationPool;
  simulator: Simulator;
  keys: RelayKeys;
  care: BundleCare;
  /** Height whose inclusions the pool knows. */
  followed: () => number;
  /** Gas of a block. */
  blockGasLimit: number;
  /** Milliseconds that operations gather before a bundle is built. */
  gather?: number;
  logger?: Logger;
  clock?: Clock;
}

/** Most bundles that are built at once. */
const MOST_BUNDLES = 128;
/** Most blocks between two tries of an operation that is left out. */
const LONGEST_PAUSE = 16;

/**
 * Packs accepted operations into bundles, stores them signed, and sends them. An operation that does not validate is left
 * out, tried again later and ends by its deadline. It is normal that another relay has the same operations.
 */
export class Bundler {
  readonly counts = new BundleCounts();
  readonly #options: BundlerOptions;
  readonly #logger: Logger;
  #callOff: (() => void) | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #onDuty = false;

  constructor(options: BundlerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Begins building. */
  start(): void {
    this.#onDuty = true;
    void this.flush();
  }

  /** Stops building; a run that has begun is finished. */
  async stop(): Promise<void> {
    this.#onDuty = false;
    this.#callOff?.();
    this.#callOff = undefined;
    await this.#working;
  }

  /** Builds bundles when the gathering time is over. */
  schedule(): void {
    if (!this.#onDuty) return;
    const { clock = systemClock, gather = 120 } = this.#options;
    this.#callOff ??= after(clock, gather, () => {
      this.#callOff = undefined;
      void this.flush();
    });
  }

  /** Builds and sends bundles of everything that is due. One run at a time. */
  async flush(): Promise<void> {
    this.#again = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  /**
   * After a followed block: takes care of the bundles under way, and builds new ones.
   * @param counts transactions of each relay that the chain has
   */
  async onBlock(counts: ReadonlyMap<string, number>): Promise<void> {
    await this.#options.care.onBlock(counts);
    if (this.#options.pool.size > 0) void this.flush();
  }

  /** Forgets every bundle, when the chain forgot blocks. */
  async reset(): Promise<void> {
    await this.#working;
    await this.#options.care.forgetAll();
  }

  async #work(): Promise<void> {
    while (this.#again && this.#onDuty) {
      this.#again = false;
      try {
        await this.#buildAndSend();
      } catch (error) {
        // Nothing is lost: the next block or operation tries again.
        this.#logger.error({ err: BropError.from(error) }, "Bundles could not be sent");
      }
    }
  }

  async #buildAndSend(): Promise<void> {
    const { keys, care, followed } = this.#options;
    await care.load();
    const head = followed();
    const due = this.#due(head);
    if (due.length === 0) return;
    const room = await keys.refresh(head);
    const drafts = this.#pack(due, room);
    const valid = new Set(await this.#stillValid(drafts.flatMap(({ entries }) => entries)));
    const bundles = await this.#sign(drafts.map((draft) => this.#without(draft, valid)));
    if (bundles.length === 0) return;
    await this.#store(bundles);
    await Promise.all(
      keys.all.map((key) =>
        care.send(
          key,
          bundles.filter(({ relay }) => relay === key.address),
        ),
      ),
    );
  }

  /** Accepted entries that wait for a bundle, in the order in which they came. */
  #due(head: number): PoolEntry[] {
    const due: PoolEntry[] = [];
    for (const entry of this.#options.pool.entries()) {
      const waits = entry.accepted && entry.bundle === undefined && entry.notBefore <= head;
      // In its deadline block it would be too late for the next one.
      if (waits && (entry.deadline === undefined || entry.deadline > head)) due.push(entry);
    }
    return due;
  }

  #pack(due: readonly PoolEntry[], room: number): Draft[] {
    const { pool, blockGasLimit, care } = this.#options;
    // More than a block holds would only grow stale in the node's pool.
    const totalGas = blockGasRoom(blockGasLimit, care.gasUnderWay);
    if (room === 0 || totalGas === 0) return [];
    return packBundles(due, {
      ...{ pool, totalGas, bundleGas: bundleGasBudget(blockGasLimit), most: Math.min(room, MOST_BUNDLES) },
      relayOf: (entry) => care.bundleOf(entry)?.relay,
    });
  }

  /**
   * Validates again what was validated longer ago than the last block. What a block included is out of the pool by
   * then, and quota is counted ahead; an operation that is spoiled otherwise, say by a new signer in this very block,
   * makes its bundle revert just as it could within a block, and is found out then.
   */
  async #stillValid(entries: PoolEntry[]): Promise<PoolEntry[]> {
    const { simulator, pool, followed } = this.#options;
    const head = followed();
    const old = entries.filter((entry) => entry.validAt < head - 1);
    const outcomes = await simulator.validate(old, (entry) => pool.before((entry as PoolEntry).operation));
    for (const [index, entry] of old.entries()) {
      const reason = outcomes[index];
      entry.reason = reason;
      entry.failures = reason === undefined ? 0 : entry.failures + 1;
      if (reason === undefined) entry.validAt = head;
      else entry.notBefore = head + Math.min(LONGEST_PAUSE, 2 ** (entry.failures - 1));
    }
    return entries.filter((entry) => entry.reason === undefined && pool.get(entry.hash) === entry);
  }

  /** A draft without what is not valid, and without what would have had to come behind it. */
  #without(draft: Draft, valid: ReadonlySet<PoolEntry>): Draft {
    const kept = new Set<PoolEntry>();
    for (const entry of draft.entries) {
      const predecessor = predecessorOf(entry, this.#options.pool);
      const follows = predecessor === undefined || predecessor.bundle !== undefined || kept.has(predecessor);
      if (valid.has(entry) && follows) kept.add(entry);
    }
    return { ...draft, entries: [...kept], gas: [...kept].reduce((sum, { gas }) => sum + gas, 0) };
  }

  /** Gives each draft a key and a nonce, and signs. A key that can not sign keeps the others from nothing. */
  async #sign(drafts: readonly Draft[]): Promise<(Bundle & { raw: string })[]> {
    const { keys, followed } = this.#options;
    const given = new Map<RelayKey, number>();
    const work = new Map<RelayKey, Draft[]>();
    for (const draft of drafts) {
      if (draft.entries.length === 0) continue;
      const key = keys.choose(followed(), given, draft.relay);
      if (key === undefined) continue;
      given.set(key, (given.get(key) ?? 0) + 1);
      work.set(key, [...(work.get(key) ?? []), draft]);
    }
    const signed = await Promise.all([...work].map(([key, own]) => this.#signWith(key, own)));
    return signed.flat();
  }

  async #signWith(key: RelayKey, drafts: readonly Draft[]): Promise<(Bundle & { raw: string })[]> {
    const { chainId, followed } = this.#options;
    const since = followed();
    const signed: (Bundle & { raw: string })[] = [];
    const taken = new Set<number>();
    try {
      for (const { entries, gas } of drafts) {
        const nonce = key.freeNonce(taken);
        const operations = entries.map(({ packed }) => packed);
        const data = encodeHandleOps(operations, key.address);
        const gasLimit = bundleGasLimit(gas);
        const { raw, hash } = await key.signer.sign({ chainId, nonce, to: ENTRY_POINT, data, gasLimit });
        taken.add(nonce);
        const state = { since, knownAt: -1, sending: true, released: false };
        signed.push({ hash, relay: key.address, nonce, raw, entries, gas: gasLimit, ...state });
      }
    } catch (error) {
      key.pause(since);
      this.#logger.error({ relay: key.address, err: BropError.from(error) }, "A relay's key does not sign");
    }
    return signed;
  }

  /** From here on the bundles occupy their nonces, whatever becomes of this process. */
  async #store(bundles: readonly (Bundle & { raw: string })[]): Promise<void> {
    const { db, keys } = this.#options;
    const involved = keys.all.filter((key) => bundles.some(({ relay }) => relay === key.address));
    try {
      await db.transaction(async (tx) => {
        for (const key of involved) await key.lease.confirm(tx);
        await insertBundleRows(
          tx,
          bundles.map(({ entries, ...bundle }) => ({ ...bundle, operations: entries.map(({ hash }) => hash) })),
        );
      });
    } catch (error) {
      // The database may have them all the same: it is asked before these keys are used again.
      for (const key of involved) this.#options.care.forget(key);
      throw error;
    }
    for (const key of involved) {
      // Lost meanwhile: who has the key next finds the bundles and sends them, be it this process.
      if (!key.lease.held) {
        this.#options.care.forget(key);
        continue;
      }
      for (const bundle of bundles) {
        if (bundle.relay !== key.address) continue;
        key.add(bundle);
        this.counts.add(bundle.entries.length);
      }
    }
  }
}
