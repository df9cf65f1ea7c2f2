import type { TransactionSigner } from "../../chain/signing/transaction-signer.ts";
import type { KeyLease } from "../../store/key-lease.ts";
import type { Allowance } from "../admission.ts";
import type { Bundle } from "./bundle.ts";
import type { PoolEntry } from "./operation-pool.ts";

/** Blocks without getting on after which a key gets no more to send. */
const STUCK_AFTER = 10;
/** Most blocks between two tries of a key that was refused. */
const LONGEST_PAUSE = 16;

/** One key of the relay: its bundles, which occupy its nonces, and what it may still send. */
export class RelayKey {
  readonly signer: TransactionSigner;
  readonly lease: KeyLease;
  /** Whether the bundles that are stored under it are known here. */
  loaded = false;
  readonly #bundles = new Map<number, Bundle>();
  #allowance: Allowance | undefined;
  #learntAt = -1;
  #pausedUntil = 0;
  #refusals = 0;

  constructor(signer: TransactionSigner, lease: KeyLease) {
    this.signer = signer;
    this.lease = lease;
  }

  get address(): string {
    return this.signer.address;
  }

  /** What Admission left it when it was asked last; undefined before. */
  get allowance(): Allowance | undefined {
    return this.#allowance;
  }

  learn(allowance: Allowance, head: number): void {
    this.#allowance = allowance;
    this.#learntAt = head;
  }

  /** The height of its next period, if it has used up its allowance. */
  exhaustedUntil(head: number): number | undefined {
    if (this.#allowance === undefined || this.#allowance.transactions > 0) return undefined;
    const until = this.#learntAt + this.#allowance.blocks + 1;
    return until > head ? until : undefined;
  }

  /** Bundles in the order of their nonces. */
  get bundles(): Bundle[] {
    return [...this.#bundles.values()].sort((a, b) => a.nonce - b.nonce);
  }

  get outstanding(): number {
    return this.#bundles.size;
  }

  /** Whether it may be given something to send at a height. */
  isUsable(head: number): boolean {
    return this.lease.held && this.loaded && this.#pausedUntil <= head && !this.isStuck(head);
  }

  /** Whether a bundle of it has not got into a block for long: what comes behind it would not either. */
  isStuck(head: number): boolean {
    return [...this.#bundles.values()].some(({ since }) => since + STUCK_AFTER <= head);
  }

  /** Transactions that it may send at a height: its allowance, spread over the period. */
  room(head: number): number {
    if (this.#allowance === undefined || !this.isUsable(head)) return 0;
    const { transactions, blocks } = this.#allowance;
    const sent = [...this.#bundles.values()].filter(({ since }) => since >= head).length;
    return Math.max(0, Math.ceil(transactions / blocks) - sent);
  }

  /**
   * The lowest nonce that nothing of ours occupies: nonces that a bundle has are never given to another one. Transactions
   * of others with this key, which the node counts, keep theirs too.
   * @param also nonces that are about to be occupied
   */
  freeNonce(also: ReadonlySet<number>): number {
    let nonce = this.#allowance?.pending ?? 0;
    while (this.#bundles.has(nonce) || also.has(nonce)) nonce++;
    return nonce;
  }

  add(bundle: Bundle): void {
    this.#bundles.set(bundle.nonce, bundle);
    for (const entry of bundle.entries) entry.bundle = bundle.hash;
  }

  has(bundle: Bundle): boolean {
    return this.#bundles.get(bundle.nonce) === bundle;
  }

  remove(bundle: Bundle): void {
    if (this.has(bundle)) this.#bundles.delete(bundle.nonce);
  }

  /** The node refused a transaction: the next one waits, longer each time. */
  pause(head: number): void {
    this.#pausedUntil = head + Math.min(LONGEST_PAUSE, 2 ** this.#refusals);
    this.#refusals++;
  }

  accepted(): void {
    this.#refusals = 0;
  }

  /** Forgets everything: another process may have the key. @returns what its bundles carried */
  clear(): PoolEntry[] {
    const entries = [...this.#bundles.values()].flatMap((bundle) =>
      bundle.entries.filter((entry) => entry.bundle === bundle.hash),
    );
    this.#bundles.clear();
    this.loaded = false;
    this.#allowance = undefined;
    return entries;
  }
}
