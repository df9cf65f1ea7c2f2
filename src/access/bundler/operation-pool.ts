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
  /**
   * Stored operations that have no place here, by hash. Of two of one nonce both can be stored: one although its sender was
   * told otherwise, or under another key that became this node's. No bundle takes them, but each needs its end.
   */
  readonly #rivals = new Map<string, PoolEntry>();

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

  /** Takes up an operation that the database has. */
  addStored(entry: PoolEntry): void {
    entry.accepted = true;
    if (this.#byHash.get(entry.hash)?.accepted === true) return;
    if (!this.add(entry)) this.#rivals.set(entry.hash, entry);
  }

  /** Everything that is stored and has no end yet. */
  *stored(): Iterable<PoolEntry> {
    for (const entry of this.#byHash.values()) if (entry.accepted) yield entry;
    for (const entry of this.#rivals.values()) if (this.#byHash.get(entry.hash)?.accepted !== true) yield entry;
  }

  /** What is stored of an account's nonce. */
  storedAt(sender: string, nonce: bigint): PoolEntry[] {
    const place = placeOf(sender, nonce);
    const entry = this.#byPlace.get(place);
    const rivals = [...this.#rivals.values()].filter(
      ({ hash, operation }) => hash !== entry?.hash && placeOf(operation.sender, operation.nonce) === place,
    );
    return entry?.accepted === true ? [entry, ...rivals] : rivals;
  }

  /** Forgets what has its end. */
  end(hash: string): void {
    this.#rivals.delete(hash);
    const entry = this.#byHash.get(hash);
    if (entry !== undefined) this.remove(entry);
  }

  /** Forgets what is stored, to be read again. Those that are coming in just now stay. */
  forgetStored(): void {
    this.#rivals.clear();
    for (const entry of [...this.#byHash.values()]) if (entry.accepted) this.remove(entry);
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
