import type { NodeRpc } from "../../chain/rpc-client.ts";
import { after, type Clock, systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { encodeHandleOps } from "../../core/handle-ops.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { ENTRY_POINT } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { deleteBundleRows, insertBundleRows } from "../../store/queries/operation-pool/bundles.ts";
import { BUNDLE_GAS_BUDGET, bundleGasLimit, TRANSACTION_GAS_CAP } from "./gas.ts";
import type { OperationPool, PoolEntry } from "./operation-pool.ts";
import type { RelaySigner } from "./relay-signer.ts";
import type { Simulator } from "./simulator.ts";

export interface BundlerOptions {
  rpc: NodeRpc;
  db: Database;
  pool: OperationPool;
  simulator: Simulator;
  signer: RelaySigner;
  /** Height whose inclusions the pool knows. */
  followed: () => number;
  /** Direct transactions that the relay may still send, and the blocks until its allowance begins anew. */
  allowanceLeft: () => Promise<{ transactions: number; blocks: number }>;
  /** Gas of a block. */
  blockGasLimit: number;
  /** Milliseconds that operations gather before a bundle is built. */
  gather?: number;
  logger?: Logger;
  clock?: Clock;
}

/** A transaction of this relay's that is not in a followed block yet. */
interface Bundle {
  hash: string;
  nonce: number;
  entries: PoolEntry[];
  /** Height when it was sent. */
  sentAt: number;
}

/** Largest call data of a bundle; nodes refuse transactions over 128 KiB. */
const BUNDLE_BYTES = 120_000;
/** Blocks after which a bundle that is in none is looked for. */
const LOST_AFTER = 3;
/** Most blocks between two tries of an operation that is left out. */
const LONGEST_PAUSE = 16;

/**
 * Packs accepted operations into bundles and sends them. An operation that does not validate is left out, tried again
 * later and ends by its deadline; a bundle that reverted is built again at once without what spoiled it. It is normal
 * that another relay has the same operations.
 */
export class Bundler {
  readonly #options: BundlerOptions;
  readonly #logger: Logger;
  readonly #bundles = new Map<string, Bundle>();
  #callOff: (() => void) | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #silenced = false;
  #stopped = false;

  constructor(options: BundlerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Bundles that are sent and in no followed block. */
  get outstanding(): number {
    return this.#bundles.size;
  }

  /** Builds bundles when the gathering time is over. */
  schedule(): void {
    if (this.#stopped) return;
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

  /** Stops building; a run that has begun is finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    await this.#working;
  }

  /** Takes up a bundle that an earlier run of this process sent. */
  adopt(hash: string, nonce: number, entries: PoolEntry[]): void {
    for (const entry of entries) entry.bundle = hash;
    this.#bundles.set(hash, { hash, nonce, entries, sentAt: this.#options.followed() });
  }

  /**
   * After a followed block: bundles that are in it are done with. What is still in the pool of one whose nonce is used
   * was in a bundle that reverted, and is tried anew.
   * @param transactions of this relay that the chain has
   */
  async onBlock(transactions: number): Promise<void> {
    const done = [...this.#bundles.values()].filter(({ nonce }) => nonce < transactions);
    for (const bundle of done) {
      const left = this.#drop([bundle]);
      if (left > 0)
        this.#logger.warn({ bundle: bundle.hash, operations: left }, "A bundle reverted; it is built again");
    }
    await deleteBundleRows(
      this.#options.db,
      done.map(({ hash }) => hash),
    );
    await this.#lookForLost();
    if (this.#options.pool.size > 0) void this.flush();
  }

  /** Forgets every bundle, when the chain forgot blocks. */
  async reset(): Promise<void> {
    await this.#working;
    await this.#lose([...this.#bundles.values()]);
  }

  async #lookForLost(): Promise<void> {
    const { rpc, followed } = this.#options;
    const old = [...this.#bundles.values()].filter(({ sentAt }) => sentAt + LOST_AFTER <= followed());
    const found = await rpc.all(old.map(({ hash }) => ({ method: "eth_getTransactionByHash", params: [hash] })));
    const lost = old.filter((_, index) => found[index] === null);
    for (const bundle of old) bundle.sentAt = followed();
    if (lost.length === 0) return;
    this.#logger.warn({ bundles: lost.map(({ hash }) => hash) }, "The node lost bundles; they are built again");
    await this.#lose(lost);
  }

  async #lose(bundles: Bundle[]): Promise<void> {
    this.#options.signer.forgetNonce();
    this.#drop(bundles);
    await deleteBundleRows(
      this.#options.db,
      bundles.map(({ hash }) => hash),
    );
  }

  /** Takes bundles off; what is still in the pool waits for another. @returns how many operations that are */
  #drop(bundles: readonly Bundle[]): number {
    let left = 0;
    for (const { hash, entries } of bundles) {
      this.#bundles.delete(hash);
      for (const entry of entries) {
        if (this.#options.pool.get(entry.hash) !== entry || entry.bundle !== hash) continue;
        entry.bundle = undefined;
        entry.validAt = -1;
        left++;
      }
    }
    return left;
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopped) {
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
    const due = this.#due(this.#options.followed());
    if (due.length === 0) return;
    const bundles = pack(due).slice(0, await this.#room());
    const valid = new Set(await this.#stillValid(bundles.flat()));
    const sent: Bundle[] = [];
    try {
      for (const bundle of bundles) {
        const entries = bundle.filter((entry) => valid.has(entry));
        if (entries.length > 0) sent.push(await this.#send(entries));
      }
    } finally {
      const rows = sent.map(({ hash, nonce, entries }) => ({ hash, nonce, operations: entries.map((e) => e.hash) }));
      await insertBundleRows(this.#options.db, this.#options.signer.address, rows);
    }
  }

  /** Bundles that can be sent now: what the block and the relay's allowance leave, spread over its period. */
  async #room(): Promise<number> {
    const { followed, blockGasLimit, allowanceLeft } = this.#options;
    // More than a block holds would only grow stale in the node's pool.
    const inBlock = Math.max(1, Math.floor(blockGasLimit / TRANSACTION_GAS_CAP) - 1) - this.#bundles.size;
    const { transactions, blocks } = await allowanceLeft();
    const silenced = transactions === 0;
    if (silenced && !this.#silenced) {
      const relay = this.#options.signer.address;
      this.#logger.warn({ relay, blocks }, "The relay may not send: it is not admitted, or its allowance is used up");
    }
    this.#silenced = silenced;
    const sent = [...this.#bundles.values()].filter(({ sentAt }) => sentAt >= followed()).length;
    return Math.max(0, Math.min(inBlock, Math.ceil(transactions / blocks) - sent));
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

  async #send(entries: PoolEntry[]): Promise<Bundle> {
    const { signer, followed } = this.#options;
    const operations = entries.map(({ packed }) => packed);
    const gas = entries.reduce((sum, entry) => sum + entry.gas, 0);
    const data = encodeHandleOps(operations, signer.address);
    const { hash, nonce } = await signer.send(ENTRY_POINT, data, bundleGasLimit(gas));
    for (const entry of entries) entry.bundle = hash;
    const bundle = { hash, nonce, entries, sentAt: followed() };
    this.#bundles.set(hash, bundle);
    this.#logger.debug({ bundle: hash, nonce, operations: entries.length }, "Bundle sent");
    return bundle;
  }
}

/** Fills bundles one after another up to gas and size; operations of an ordinary nonce key stay in order. */
export function pack(entries: readonly PoolEntry[]): PoolEntry[][] {
  const bundles: PoolEntry[][] = [];
  let gas = 0;
  let bytes = 0;
  for (const entry of inNonceOrder(entries)) {
    const size = (entry.operation.callData.length + entry.operation.signature.length) / 2 + 512;
    const last = bundles.at(-1);
    if (last === undefined || gas + entry.gas > BUNDLE_GAS_BUDGET || bytes + size > BUNDLE_BYTES) {
      bundles.push([entry]);
      [gas, bytes] = [entry.gas, size];
    } else {
      last.push(entry);
      gas += entry.gas;
      bytes += size;
    }
  }
  return bundles;
}

/** Puts each ordinary nonce behind its predecessor; all else keeps its place. */
function inNonceOrder(entries: readonly PoolEntry[]): PoolEntry[] {
  const ordered = entries.filter(({ deadline }) => deadline === undefined);
  ordered.sort((a, b) => (a.operation.nonce < b.operation.nonce ? -1 : 1));
  let next = 0;
  return entries.map((entry) => (entry.deadline === undefined ? (ordered[next++] as PoolEntry) : entry));
}
