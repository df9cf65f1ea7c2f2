import type { BropError } from "../../core/errors.ts";
import { decodeSerial } from "../../core/serial.ts";
import { type PackedUserOperation, pack, type UserOperation } from "../../core/user-operation.ts";
import { operationGas } from "./gas.ts";

/** An operation without a definite end. */
export interface PoolEntry {
  readonly hash: string;
  readonly operation: UserOperation;
  readonly packed: PackedUserOperation;
  /** Last block in which it can be included; undefined: an ordinary nonce. */
  readonly deadline: number | undefined;
  /** Gas that it takes of a bundle. */
  readonly gas: number;
  readonly receivedAt: number;
  readonly receivedBlock: number;
  /** False while it is still being checked: it holds its place, and no bundle takes it. */
  accepted: boolean;
  /** Hash of the bundle that carries it; undefined while it waits for one. */
  bundle: string | undefined;
  /** Block at whose state it was valid last; -1: not since it was taken up. */
  validAt: number;
  /** Not tried again before the chain has this height. */
  notBefore: number;
  /** Times in a row that it was left out. */
  failures: number;
  /** Why it was left out last. */
  reason: BropError | undefined;
}

/** Makes the pool's entry of an operation that was just received. */
export function newEntry(hash: string, operation: UserOperation, receivedAt: number, receivedBlock: number): PoolEntry {
  const serial = decodeSerial(operation.nonce);
  return {
    hash,
    operation,
    packed: pack(operation),
    deadline: serial.tagged ? serial.deadlineBlock : undefined,
    gas: operationGas(operation),
    receivedAt,
    receivedBlock,
    accepted: false,
    bundle: undefined,
    validAt: -1,
    notBefore: 0,
    failures: 0,
    reason: undefined,
  };
}

/** Operations without a definite end, in memory; the database has them too and outlives this process. */
export class OperationPool {
  readonly #byHash = new Map<string, PoolEntry>();
  /** By sender and nonce: only one operation can take a place. */
  readonly #byPlace = new Map<string, PoolEntry>();
  readonly #bySender = new Map<string, Set<PoolEntry>>();

  get size(): number {
    return this.#byHash.size;
  }

  /** Accounts that have an operation here. */
  get senders(): number {
    return this.#bySender.size;
  }

  get(hash: string): PoolEntry | undefined {
    return this.#byHash.get(hash);
  }

  /** The entry that has an account's nonce. */
  at(sender: string, nonce: bigint): PoolEntry | undefined {
    return this.#byPlace.get(placeOf(sender, nonce));
  }

  ofSender(sender: string): ReadonlySet<PoolEntry> {
    return this.#bySender.get(sender.toLowerCase()) ?? NONE;
  }

  /** All entries in the order in which they came. */
  entries(): Iterable<PoolEntry> {
    return this.#byHash.values();
  }

  /** @returns false if its place is taken by another operation */
  add(entry: PoolEntry): boolean {
    const { sender, nonce } = entry.operation;
    const place = placeOf(sender, nonce);
    if (this.#byPlace.has(place)) return false;
    this.#byHash.set(entry.hash, entry);
    this.#byPlace.set(place, entry);
    const key = sender.toLowerCase();
    const siblings = this.#bySender.get(key);
    if (siblings === undefined) this.#bySender.set(key, new Set([entry]));
    else siblings.add(entry);
    return true;
  }

  remove(entry: PoolEntry): void {
    const { sender, nonce } = entry.operation;
    if (!this.#byHash.delete(entry.hash)) return;
    this.#byPlace.delete(placeOf(sender, nonce));
    const key = sender.toLowerCase();
    const siblings = this.#bySender.get(key);
    siblings?.delete(entry);
    if (siblings?.size === 0) this.#bySender.delete(key);
  }

  /**
   * Entries that must come before an operation with an ordinary nonce: those of its key with lower sequences that are
   * not included yet, in order. None for a random serial.
   */
  before({ sender, nonce }: UserOperation): PoolEntry[] {
    const serial = decodeSerial(nonce);
    if (serial.tagged || serial.sequence === 0n) return [];
    const found: PoolEntry[] = [];
    for (let distance = 1n; distance <= serial.sequence; distance++) {
      const entry = this.at(sender, nonce - distance);
      if (entry === undefined) break;
      found.unshift(entry);
    }
    return found;
  }
}

const NONE: ReadonlySet<PoolEntry> = new Set();

function placeOf(sender: string, nonce: bigint): string {
  return `${sender.toLowerCase()}:${nonce.toString(16)}`;
}
