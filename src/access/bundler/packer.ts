import { decodeSerial } from "../../core/serial.ts";
import type { OperationPool, PoolEntry } from "./operation-pool.ts";

/** What goes into one transaction. */
export interface Draft {
  entries: PoolEntry[];
  gas: number;
  bytes: number;
  /** The relay that must carry it, since it carries what has to come before; undefined: any. */
  relay: string | undefined;
}

export interface PackingOptions {
  pool: OperationPool;
  /** Gas for the operations of one bundle. */
  bundleGas: number;
  /** Gas for the operations of all bundles together. */
  totalGas: number;
  /** Most bundles. */
  most: number;
  /** Relay of the bundle that carries an operation; undefined if none does. */
  relayOf: (entry: PoolEntry) => string | undefined;
}

/** Largest call data of a bundle; nodes refuse transactions over 128 KiB. */
export const BUNDLE_BYTES = 120_000;
/** Gas that each account gets in a round: a few small operations, or a part of a large one that it saves up for. */
const ROUND = 500_000;
/** Operations of one account that find no place before the account is passed over. */
const MISSES = 8;

interface Queue {
  waiting: PoolEntry[];
  next: number;
  credit: number;
  misses: number;
}

/**
 * Fills bundles with waiting operations, up to gas and size. Accounts take turns by gas (deficit round robin), so that a
 * flood of one does not keep the others waiting. Operations of an ordinary nonce key stay in order: behind one another in
 * one bundle, or in bundles of one relay, whose transactions are ordered by their nonces.
 * @param entries in the order in which they came
 * @returns bundles; what is in none waits for the next time
 */
export function packBundles(entries: readonly PoolEntry[], options: PackingOptions): Draft[] {
  const packing = new Packing(options);
  let queues = queuesOf(entries);
  while (queues.length > 0) {
    for (const queue of queues) {
      queue.credit += ROUND;
      for (; queue.next < queue.waiting.length && queue.misses < MISSES; queue.next++) {
        const entry = queue.waiting[queue.next] as PoolEntry;
        if (entry.gas > queue.credit) break;
        if (packing.place(entry)) queue.credit -= entry.gas;
        else queue.misses++;
      }
    }
    queues = queues.filter(({ next, waiting, misses }) => next < waiting.length && misses < MISSES);
  }
  return packing.drafts;
}

/** Bytes that an operation takes in a bundle's call data. */
export function bytesOf({ operation: { callData, signature } }: Pick<PoolEntry, "operation">): number {
  return (callData.length + signature.length) / 2 + 512;
}

class Packing {
  readonly drafts: Draft[] = [];
  readonly #options: PackingOptions;
  readonly #placed = new Map<PoolEntry, Draft>();
  #gas = 0;

  constructor(options: PackingOptions) {
    this.#options = options;
  }

  place(entry: PoolEntry): boolean {
    const { totalGas, most } = this.#options;
    if (this.#gas + entry.gas > totalGas) return false;
    const where = this.#behind(entry);
    if (where === "nowhere") return false;
    let draft = this.drafts.find((one) => this.#fits(entry, one, where));
    if (draft === undefined) {
      if (this.drafts.length >= most || where.draft !== undefined) return false;
      draft = { entries: [], gas: 0, bytes: 0, relay: undefined };
      this.drafts.push(draft);
    }
    draft.entries.push(entry);
    draft.gas += entry.gas;
    draft.bytes += bytesOf(entry);
    draft.relay ??= where.relay;
    this.#gas += entry.gas;
    this.#placed.set(entry, draft);
    return true;
  }

  #fits(entry: PoolEntry, draft: Draft, where: { draft?: Draft; relay?: string }): boolean {
    if (where.draft !== undefined && where.draft !== draft) return false;
    if (where.relay !== undefined && draft.relay !== undefined && draft.relay !== where.relay) return false;
    return draft.gas + entry.gas <= this.#options.bundleGas && draft.bytes + bytesOf(entry) <= BUNDLE_BYTES;
  }

  /** Where an operation may stand, by where its predecessor stands. */
  #behind(entry: PoolEntry): { draft?: Draft; relay?: string } | "nowhere" {
    const predecessor = predecessorOf(entry, this.#options.pool);
    if (predecessor === undefined) return {};
    const draft = this.#placed.get(predecessor);
    if (draft !== undefined) return { draft };
    const relay = this.#options.relayOf(predecessor);
    return relay === undefined ? "nowhere" : { relay };
  }
}

/** The operation of the same ordinary nonce key that must come just before; undefined if none waits. */
export function predecessorOf({ operation, deadline }: PoolEntry, pool: OperationPool): PoolEntry | undefined {
  if (deadline !== undefined || decodeSerial(operation.nonce).sequence === 0n) return undefined;
  const predecessor = pool.at(operation.sender, operation.nonce - 1n);
  return predecessor?.accepted === true ? predecessor : undefined;
}

/** One queue an account, ordinary nonces in order; who waits longest has the first turn. */
function queuesOf(entries: readonly PoolEntry[]): Queue[] {
  const queues = new Map<string, Queue>();
  for (const entry of entries) {
    const { sender } = entry.operation;
    const queue = queues.get(sender);
    if (queue === undefined) queues.set(sender, { waiting: [entry], next: 0, credit: 0, misses: 0 });
    else queue.waiting.push(entry);
  }
  for (const queue of queues.values()) queue.waiting = inNonceOrder(queue.waiting);
  return [...queues.values()];
}

/** Puts each ordinary nonce behind its predecessor; all else keeps its place. */
function inNonceOrder(entries: PoolEntry[]): PoolEntry[] {
  const ordered = entries.filter(({ deadline }) => deadline === undefined);
  if (ordered.length < 2) return entries;
  ordered.sort((a, b) => (a.operation.nonce < b.operation.nonce ? -1 : 1));
  let next = 0;
  return entries.map((entry) => (entry.deadline === undefined ? (ordered[next++] as PoolEntry) : entry));
}
