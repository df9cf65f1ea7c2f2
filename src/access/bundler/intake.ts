import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";
import type { Clock } from "../../core/clock.ts";
import { BropError, type ErrorCode } from "../../core/errors.ts";
import { MicroBatch } from "../../core/micro-batch.ts";
import { ENTRY_POINT, toRpc, type UserOperation, userOperationHash } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { insertPoolRows } from "../../store/queries/operation-pool/insert.ts";
import type { BackPressure } from "./back-pressure.ts";
import { checkForm, checkGas, checkLength, checkSerial } from "./checks.ts";
import { newEntry, type OperationPool, type PoolEntry } from "./operation-pool.ts";
import type { PointsLedger } from "./points-ledger.ts";
import type { RelayKey } from "./relay-key.ts";
import type { Outcome, Simulated, Simulator } from "./simulator.ts";

export interface IntakeOptions {
  rpc: NodeRpc;
  db: Database;
  /** The key under whose address operations are kept. */
  home: RelayKey;
  chainId: bigint;
  pool: OperationPool;
  pressure: BackPressure;
  simulator: Simulator;
  ledger: PointsLedger;
  /** Height whose inclusions the pool knows. */
  followed: () => number;
  clock: Clock;
  /** Whether an operation that is not in the pool was accepted or included before. */
  isKnown: (hash: string) => Promise<boolean>;
  /** Told of each accepted operation. */
  onAccepted: (entry: PoolEntry) => void;
  /** Told when operations may be stored though their senders were told otherwise. */
  onUnsure: () => void;
  /** Gas for the operations of one bundle. */
  bundleGas: number;
}

/** Milliseconds that a first operation waits for company before it is validated. */
const GATHER = 3;
const BATCH = 200;
// An operation that was sent again after it was included fails with one of these: the answer is its hash all the same.
const MAY_BE_KNOWN: ReadonlySet<ErrorCode> = new Set([
  "operation.deadline-passed",
  "operation.serial-used",
  "operation.nonce-out-of-order",
]);
/** Code of an EIP-7702 delegation begins with this. */
const DELEGATION = "0xef0100";

/**
 * Takes operations in: checks, validates and stores them, many at a time, before their senders get an answer. What was
 * answered with a hash is in the database and will be followed to its end.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #batch: MicroBatch<PoolEntry, Outcome>;
  readonly #arriving = new Map<string, Promise<string>>();
  readonly #seenSenders = new Set<string>();
  #closed: string | undefined = "the access node is starting";

  constructor(options: IntakeOptions) {
    this.#options = options;
    // Two at a time: while the database stores one batch, the node validates the next.
    this.#batch = new MicroBatch((entries) => this.#take(entries), {
      ...{ wait: GATHER, most: BATCH, parallel: 2 },
      clock: options.clock,
    });
  }

  /**
   * Accepts an operation. Sent again, it is answered with its hash again.
   * @returns its hash, once it is stored
   * @throws BropError why it can not be included
   */
  async accept(operation: UserOperation): Promise<string> {
    const { pool, chainId, bundleGas } = this.#options;
    checkForm(operation);
    checkLength(operation);
    checkGas(operation, bundleGas);
    if (this.#closed !== undefined) throw new BropError("service.unavailable", { reason: this.#closed, retryAfter: 3 });
    const hash = userOperationHash(operation, ENTRY_POINT, chainId);
    if (pool.get(hash)?.accepted === true) return hash;
    const arriving = this.#arriving.get(hash);
    if (arriving !== undefined) return arriving;
    const accepted = this.#accept(hash, operation).finally(() => this.#arriving.delete(hash));
    this.#arriving.set(hash, accepted);
    return accepted;
  }

  open(): void {
    this.#closed = undefined;
  }

  /** Takes no more operations and finishes those that are being taken in. @param reason said to who sends more */
  async close(reason: string): Promise<void> {
    this.#closed = reason;
    await this.#batch.drain();
  }

  async #accept(hash: string, operation: UserOperation): Promise<string> {
    try {
      checkSerial(operation, this.#options.followed());
      const entry = this.#reserve(hash, operation);
      const refusal = await this.#batch.add(entry).catch((error: unknown) => error as Error);
      if (refusal === undefined) return hash;
      this.#options.pool.remove(entry);
      throw refusal;
    } catch (error) {
      const retried = error instanceof BropError && MAY_BE_KNOWN.has(error.code);
      if (retried && (await this.#options.isKnown(hash))) return hash;
      throw error;
    }
  }

  /** Gives the operation its place in the pool, so that two of one nonce can not both come in. */
  #reserve(hash: string, operation: UserOperation): PoolEntry {
    const { pool, clock, followed, pressure } = this.#options;
    const entry = newEntry(hash, operation, clock.now(), followed());
    pressure.check(operation.sender, entry.deadline);
    if (pool.add(entry)) return entry;
    const waiting = pool.at(operation.sender, operation.nonce)?.hash;
    const code = entry.deadline === undefined ? "operation.nonce-out-of-order" : "operation.serial-used";
    throw new BropError(code, { reason: "another operation of this nonce waits", waiting });
  }

  async #take(entries: PoolEntry[]): Promise<Outcome[]> {
    const { pool, simulator, ledger, followed, onAccepted } = this.#options;
    const block = followed();
    const [invalid, delegated] = await Promise.all([
      simulator.validate(entries, (entry) => pool.before((entry as PoolEntry).operation)),
      this.#delegated(entries),
    ]);
    const outcomes = new Map<Simulated, Outcome>(entries.map((entry, at) => [entry, delegated[at] ?? invalid[at]]));
    const valid = entries.filter((entry) => outcomes.get(entry) === undefined);
    for (const [at, shortage] of (await ledger.check(valid, block)).entries()) {
      outcomes.set(valid[at] as PoolEntry, shortage);
    }
    const accepted = valid.filter((entry) => outcomes.get(entry) === undefined);
    await this.#store(accepted);
    for (const entry of accepted) {
      entry.accepted = true;
      entry.validAt = block;
      onAccepted(entry);
    }
    return entries.map((entry) => outcomes.get(entry));
  }

  /** Only who holds the node's own key may accept: another process would not know what is stored behind its back. */
  async #store(accepted: readonly PoolEntry[]): Promise<void> {
    const { db, home } = this.#options;
    if (accepted.length === 0) return;
    const rows = accepted.map(({ hash, operation, deadline, receivedAt, receivedBlock }) => {
      const { sender, nonce } = operation;
      return { hash, sender, nonce, deadline, operation: toRpc(operation), receivedAt, receivedBlock };
    });
    try {
      await db.transaction(async (tx) => {
        await home.lease.confirm(tx);
        await insertPoolRows(tx, home.address, rows);
      });
    } catch (error) {
      if (error instanceof BropError && error.code === "key.in-use") {
        throw new BropError("service.unavailable", { reason: "another process took this node's key", retryAfter: 3 });
      }
      // A commit whose answer was lost: what it stored is followed to its end.
      this.#options.onUnsure();
      throw error;
    }
  }

  /** EIP-7702 accounts by their code, looked at once for each sender. */
  async #delegated(entries: PoolEntry[]): Promise<Outcome[]> {
    const senders = [...new Set(entries.map(({ operation }) => operation.sender))];
    const unseen = senders.filter((sender) => !this.#seenSenders.has(sender));
    if (unseen.length === 0) return [];
    const codes = await this.#options.rpc.batch(
      unseen.map((sender) => ({ method: "eth_getCode", params: [sender, "latest"] })),
    );
    const refused = new Set<string>();
    for (const [index, sender] of unseen.entries()) {
      const code = codes[index];
      if (code instanceof NodeRpcError) throw code;
      if (String(code).startsWith(DELEGATION)) refused.add(sender);
      // No code yet: the account may be created later. Code never changes.
      else if (code !== "0x") this.#seenSenders.add(sender);
    }
    return entries.map(({ operation: { sender } }) =>
      refused.has(sender) ? new BropError("operation.delegation-refused", { sender }) : undefined,
    );
  }
}
