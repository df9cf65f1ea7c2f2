import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";
import type { Clock } from "../../core/clock.ts";
import { BropError, type ErrorCode } from "../../core/errors.ts";
import { MicroBatch } from "../../core/micro-batch.ts";
import { ENTRY_POINT, toRpc, type UserOperation, userOperationHash } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { insertPoolRows } from "../../store/queries/operation-pool/insert.ts";
import { checkForm, checkGas, checkSerial } from "./checks.ts";
import { newEntry, type OperationPool, type PoolEntry } from "./operation-pool.ts";
import type { PointsLedger } from "./points-ledger.ts";
import type { Outcome, Simulated, Simulator } from "./simulator.ts";

export interface IntakeOptions {
  rpc: NodeRpc;
  db: Database;
  relay: string;
  chainId: bigint;
  pool: OperationPool;
  simulator: Simulator;
  ledger: PointsLedger;
  /** Height whose inclusions the pool knows. */
  followed: () => number;
  clock: Clock;
  /** Whether an operation that is not in the pool was accepted or included before. */
  isKnown: (hash: string) => Promise<boolean>;
  /** Told of each accepted operation. */
  onAccepted: (entry: PoolEntry) => void;
  /** Most operations that wait at once, of all accounts and of one. */
  poolLimit?: number;
  senderLimit?: number;
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
  #closed = false;

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
    const { pool, chainId } = this.#options;
    if (this.#closed) throw new BropError("service.unavailable", { reason: "the access node is stopping" });
    checkForm(operation);
    checkGas(operation);
    const hash = userOperationHash(operation, ENTRY_POINT, chainId);
    if (pool.get(hash)?.accepted === true) return hash;
    const arriving = this.#arriving.get(hash);
    if (arriving !== undefined) return arriving;
    const accepted = this.#accept(hash, operation).finally(() => this.#arriving.delete(hash));
    this.#arriving.set(hash, accepted);
    return accepted;
  }

  /** Takes no more operations and finishes those that are being taken in. */
  async close(): Promise<void> {
    this.#closed = true;
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
    const { pool, clock, followed, poolLimit = 50_000, senderLimit = 20_000 } = this.#options;
    if (pool.size >= poolLimit) throw new BropError("service.unavailable", { waitingOperations: pool.size });
    const ofSender = pool.ofSender(operation.sender).size;
    if (ofSender >= senderLimit) throw new BropError("request.rate-limited", { waitingOperations: ofSender });
    const entry = newEntry(hash, operation, clock.now(), followed());
    if (pool.add(entry)) return entry;
    const waiting = pool.at(operation.sender, operation.nonce)?.hash;
    const code = entry.deadline === undefined ? "operation.nonce-out-of-order" : "operation.serial-used";
    throw new BropError(code, { reason: "another operation of this nonce waits", waiting });
  }

  async #take(entries: PoolEntry[]): Promise<Outcome[]> {
    const { db, relay, pool, simulator, ledger, followed, onAccepted } = this.#options;
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
    await insertPoolRows(
      db,
      relay,
      accepted.map(({ hash, operation, deadline, receivedAt, receivedBlock }) => {
        const { sender, nonce } = operation;
        return { hash, sender, nonce, deadline, operation: toRpc(operation), receivedAt, receivedBlock };
      }),
    );
    for (const entry of accepted) {
      entry.accepted = true;
      entry.validAt = block;
      onAccepted(entry);
    }
    return entries.map((entry) => outcomes.get(entry));
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
