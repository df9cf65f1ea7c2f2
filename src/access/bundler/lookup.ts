import {
  type EventLog,
  readOperationEvents,
  USER_OPERATION_EVENT,
  USER_OPERATION_REVERT_REASON,
} from "../../chain/operation-events.ts";
import type { NodeRpc } from "../../chain/rpc-client.ts";
import { decodeHandleOps } from "../../core/handle-ops.ts";
import { ENTRY_POINT, toRpc, unpack, userOperationHash } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { findPoolRow, type PoolState } from "../../store/queries/operation-pool/find.ts";
import { findIndexedOperation } from "../../store/queries/operation-pool/find-indexed.ts";
import type { OperationPool } from "./operation-pool.ts";

export interface LookupOptions {
  rpc: NodeRpc;
  db: Database;
  relay: string;
  chainId: bigint;
  pool: OperationPool;
  /** Height of the chain. */
  head: () => number;
  /** Blocks back from the height in which operations of other relays are looked for. */
  range?: number;
}

/** What became of an operation. Included, expired and displaced are final. */
export interface OperationStatus {
  state: PoolState | "submitted";
  /** Last block in which it can be included; absent for an ordinary nonce. */
  deadline?: number | undefined;
  /** Block of its inclusion, or in which its other end was certain. */
  block?: number | undefined;
  /** Transaction that included it, or the bundle that carries it. */
  transaction?: string | undefined;
  /** Once included: whether its execution succeeded. */
  success?: boolean | undefined;
  /** Why it is left out, ended without inclusion, or failed. */
  reason?: Record<string, unknown> | undefined;
}

export interface Receipt {
  logs: EventLog[];
  blockHash: string;
  blockNumber: string;
  transactionHash: string;
  [member: string]: unknown;
}

interface Inclusion {
  transactionHash: string;
  blockNumber: number;
  success: boolean;
}

/** Blocks of one day: no random serial is older. */
const DAY = 28_800;
const KEPT_RECEIPTS = 64;

/** Finds operations: in the pool, among those that ended, and on the chain for those of other relays. */
export class Lookup {
  readonly #options: LookupOptions;
  /** Receipts of bundles, which many operations share; latest last. */
  readonly #receipts = new Map<string, Promise<Receipt | null>>();

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** Forgets receipts, when the chain forgot blocks. */
  forget(): void {
    this.#receipts.clear();
  }

  /** What became of an operation; null if neither this node nor the chain has seen it. */
  async status(hash: string): Promise<OperationStatus | null> {
    const { pool, db, relay } = this.#options;
    const entry = pool.get(hash);
    if (entry?.accepted === true) {
      const { deadline, bundle, reason } = entry;
      const shown = reason === undefined ? undefined : { ...reason.toRpcError().data, message: reason.message };
      return { state: bundle === undefined ? "received" : "submitted", deadline, transaction: bundle, reason: shown };
    }
    const row = await findPoolRow(db, relay, hash);
    // The database may still call it open: its end is being written.
    if (row !== undefined) {
      const { state, deadline, blockNumber, transactionHash, success, reason } = row;
      return { state, deadline, block: blockNumber, transaction: transactionHash, success, reason };
    }
    const event = await this.#onChain(hash);
    if (event === undefined) return null;
    const { blockNumber, transactionHash, success } = event;
    return { state: "included", block: blockNumber, transaction: transactionHash, success };
  }

  /** Whether this node has accepted the operation before, or the chain has included it. */
  async isKnown(hash: string): Promise<boolean> {
    return (await this.status(hash)) !== null;
  }

  /** The transaction that included an operation. */
  async transactionOf(hash: string): Promise<string | undefined> {
    const { db, relay } = this.#options;
    const row = await findPoolRow(db, relay, hash);
    if (row?.state === "included") return row.transactionHash;
    if (row?.state === "expired") return undefined;
    return (await this.#onChain(hash))?.transactionHash;
  }

  /** A bundle's receipt. Receipts are final, so they are kept for its other operations. */
  receipt(transaction: string): Promise<Receipt | null> {
    const known = this.#receipts.get(transaction);
    if (known !== undefined) return known;
    const receipt = this.#options.rpc.call<Receipt | null>("eth_getTransactionReceipt", [transaction]);
    this.#receipts.set(transaction, receipt);
    const forget = () => this.#receipts.delete(transaction);
    receipt.then((found) => (found === null ? forget() : undefined), forget);
    const oldest = this.#receipts.keys().next().value;
    if (this.#receipts.size > KEPT_RECEIPTS && oldest !== undefined) this.#receipts.delete(oldest);
    return receipt;
  }

  /** The operation as it was sent, from the pool or from the call data of its bundle. */
  async operation(hash: string, transaction: string | undefined): Promise<Record<string, unknown> | undefined> {
    const { pool, db, relay, rpc, chainId } = this.#options;
    const entry = pool.get(hash);
    if (entry?.accepted === true) return toRpc(entry.operation);
    const row = await findPoolRow(db, relay, hash);
    if (row !== undefined) return row.operation;
    if (transaction === undefined) return undefined;
    const found = await rpc.call<{ input: string } | null>("eth_getTransactionByHash", [transaction]);
    const operations = decodeHandleOps(found?.input ?? "0x")?.operations.map(unpack) ?? [];
    const match = operations.find((operation) => userOperationHash(operation, ENTRY_POINT, chainId) === hash);
    return match === undefined ? undefined : toRpc(match);
  }

  /** An operation that any relay has included: by the indexer, or by its hash among the logs of the latest blocks. */
  async #onChain(hash: string): Promise<Inclusion | undefined> {
    const { rpc, db, head, range = DAY } = this.#options;
    const indexed = await findIndexedOperation(db, hash);
    if (indexed !== undefined) return indexed;
    const fromBlock = `0x${Math.max(0, head() - range).toString(16)}`;
    const topics = [[USER_OPERATION_EVENT, USER_OPERATION_REVERT_REASON], hash];
    const filter = { fromBlock, toBlock: "latest", address: ENTRY_POINT, topics };
    return readOperationEvents(await rpc.call<EventLog[]>("eth_getLogs", [filter]))[0];
  }
}
