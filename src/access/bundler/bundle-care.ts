import type { NodeRpc } from "../../chain/rpc-client.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import type { Database } from "../../store/database.ts";
import { type BundleRow, deleteBundleRows, findBundleRows } from "../../store/queries/operation-pool/bundles.ts";
import { broadcast } from "./broadcast.ts";
import type { Bundle } from "./bundle.ts";
import type { OperationPool, PoolEntry } from "./operation-pool.ts";
import type { RelayKey } from "./relay-key.ts";
import type { RelayKeys } from "./relay-keys.ts";

export interface BundleCareOptions {
  rpc: NodeRpc;
  db: Database;
  pool: OperationPool;
  keys: RelayKeys;
  /** Height whose inclusions the pool knows. */
  followed: () => number;
  logger?: Logger;
}

/** Blocks after which a bundle that is in none is looked for. */
const LOST_AFTER = 3;

/**
 * Takes care of stored bundles until their nonces are used: sends them, sends what the node lost again as the same bytes,
 * and gives a nonce to another bundle only after the node refused the former one. What a bundle carried and did not
 * bring into a block waits for the next one.
 */
export class BundleCare {
  /** Bundles that were sent again, and those that a node refused. */
  readonly counts = { resent: 0, refused: 0 };
  readonly #options: BundleCareOptions;
  readonly #logger: Logger;
  #loading: Promise<void> | undefined;

  constructor(options: BundleCareOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Bundles that are in no followed block. */
  get outstanding(): number {
    return this.#options.keys.all.reduce((sum, key) => sum + key.outstanding, 0);
  }

  /** Gas limits of these bundles together. */
  get gasUnderWay(): number {
    return this.#all().reduce((sum, { gas }) => sum + gas, 0);
  }

  /** The bundle that carries an operation. */
  bundleOf({ bundle }: PoolEntry): Bundle | undefined {
    return bundle === undefined ? undefined : this.#all().find(({ hash }) => hash === bundle);
  }

  /** Reads what is stored under keys that this process got or is not sure about, and sees to it. One run at a time. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { db, keys } = this.#options;
    for (const key of keys.all) {
      if (key.loaded || !key.lease.held) continue;
      const rows = await findBundleRows(db, key.address);
      for (const row of rows) key.add(this.#fromRow(row));
      key.loaded = true;
      await this.#lookFor(key, key.bundles);
    }
  }

  /** Sends stored bundles of one key in the order of their nonces, as long as the key is this process's. */
  async send(key: RelayKey, bundles: readonly Bundle[]): Promise<void> {
    for (const bundle of bundles) {
      const refused = key.has(bundle) && key.lease.held && !(await this.#broadcast(key, bundle));
      bundle.sending = false;
      // What comes behind is looked for with the next block.
      if (refused) break;
    }
    for (const bundle of bundles) bundle.sending = false;
  }

  /**
   * After a followed block: bundles whose nonce is used are done with. What is still in the pool of one was in a bundle
   * that reverted, and is tried anew.
   * @param counts transactions of each relay that the chain has
   */
  async onBlock(counts: ReadonlyMap<string, number>): Promise<void> {
    const { keys, followed, db } = this.#options;
    await this.load();
    for (const key of keys.all) {
      const count = counts.get(key.address);
      const done = key.bundles.filter(({ nonce }) => count !== undefined && nonce < count);
      const hashes = done.map(({ hash }) => hash);
      await deleteBundleRows(db, hashes);
      for (const bundle of done) {
        const left = this.#drop(key, bundle);
        const words = "A bundle reverted; it is built again";
        if (left > 0) this.#logger.warn({ bundle: bundle.hash, operations: left }, words);
      }
      if (done.length > 0) key.accepted();
      const old = key.bundles.filter(({ knownAt, sending }) => !sending && knownAt + LOST_AFTER <= followed());
      if (key.lease.held && old.length > 0) await this.#lookFor(key, old);
    }
    this.#releaseStuck();
  }

  /** The key is another process's now, or it is not sure what is stored under it. */
  forget(key: RelayKey): void {
    for (const entry of key.clear()) this.#free(entry);
  }

  /** Forgets every bundle, when the chain forgot blocks: nonces begin anew. */
  async forgetAll(): Promise<void> {
    const { keys, db } = this.#options;
    for (const key of keys.all) {
      if (!key.lease.held) continue;
      const stored = await findBundleRows(db, key.address);
      await deleteBundleRows(
        db,
        stored.map(({ hash }) => hash),
      );
      this.forget(key);
      key.loaded = true;
    }
  }

  #all(): Bundle[] {
    return this.#options.keys.all.flatMap((key) => key.bundles);
  }

  #fromRow({ hash, relay, nonce, operations, raw }: BundleRow): Bundle {
    const { pool, followed } = this.#options;
    const entries = operations.map((operation) => pool.get(operation)).filter((entry) => entry !== undefined);
    const state = { since: followed(), knownAt: -1, sending: false, released: false };
    return { hash, relay, nonce, raw, entries, gas: 0, ...state };
  }

  /** Asks the node for bundles by their hashes and sends again what it does not have. */
  async #lookFor(key: RelayKey, bundles: readonly Bundle[]): Promise<void> {
    const { rpc, followed } = this.#options;
    const found = await rpc.all(bundles.map(({ hash }) => ({ method: "eth_getTransactionByHash", params: [hash] })));
    for (const [index, bundle] of bundles.entries()) {
      if (!key.has(bundle) || !key.lease.held) continue;
      if (found[index] !== null) bundle.knownAt = followed();
      else if (bundle.raw === undefined) await this.#giveUp(key, bundle, "it was stored without its bytes");
      else {
        this.counts.resent++;
        this.#logger.warn({ bundle: bundle.hash, nonce: bundle.nonce }, "The node lost a bundle; it is sent again");
        await this.#broadcast(key, bundle);
      }
    }
  }

  /** @returns false if the node refused it */
  async #broadcast(key: RelayKey, bundle: Bundle): Promise<boolean> {
    const { rpc, followed } = this.#options;
    const answer = await broadcast(rpc, bundle.raw as string, bundle.hash);
    switch (answer.outcome) {
      case "taken":
        bundle.knownAt = followed();
        this.#logger.debug({ bundle: bundle.hash, nonce: bundle.nonce }, "Bundle sent");
        return true;
      case "refused":
        this.counts.refused++;
        key.pause(followed());
        await this.#giveUp(key, bundle, answer.reason);
        return false;
      default:
        // It may have got there, or its nonce is used, by itself or by another: the next blocks tell.
        return true;
    }
  }

  /** The node certainly does not have it: its nonce is free again. */
  async #giveUp(key: RelayKey, bundle: Bundle, reason: string): Promise<void> {
    await deleteBundleRows(this.#options.db, [bundle.hash]);
    const operations = this.#drop(key, bundle);
    this.#logger.warn(
      { relay: key.address, bundle: bundle.hash, nonce: bundle.nonce, operations, reason },
      "The node refused a bundle; it is built again",
    );
  }

  /** A key that does not get on leaves its operations to the others. EntryPoint takes each at most once. */
  #releaseStuck(): void {
    const { keys, followed } = this.#options;
    const head = followed();
    if (!keys.all.some((key) => key.isUsable(head))) return;
    for (const key of keys.all) {
      if (!key.isStuck(head)) continue;
      for (const bundle of key.bundles) {
        if (bundle.released) continue;
        bundle.released = true;
        const entries = bundle.entries.filter((entry) => entry.bundle === bundle.hash);
        for (const entry of entries) this.#free(entry);
        const { relay, hash, nonce } = bundle;
        const words = "A relay's key does not get on; others take its operations";
        this.#logger.warn({ relay, bundle: hash, nonce, operations: entries.length }, words);
      }
    }
  }

  /** Takes a bundle off; what is still in the pool waits for another. @returns how many operations that are */
  #drop(key: RelayKey, bundle: Bundle): number {
    key.remove(bundle);
    const left = bundle.entries.filter(
      (entry) => this.#options.pool.get(entry.hash) === entry && entry.bundle === bundle.hash,
    );
    for (const entry of left) this.#free(entry);
    return left.length;
  }

  #free(entry: PoolEntry): void {
    entry.bundle = undefined;
    entry.validAt = -1;
  }
}
