import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

export type PoolState = "received" | "included" | "expired" | "displaced";

export interface PoolRow {
  hash: string;
  /** JSON-RPC form. */
  operation: Record<string, unknown>;
  state: PoolState;
  deadline: number | undefined;
  receivedAt: number;
  receivedBlock: number;
  transactionHash: string | undefined;
  blockNumber: number | undefined;
  success: boolean | undefined;
  reason: Record<string, unknown> | undefined;
}

interface Stored {
  hash: Uint8Array;
  operation: Record<string, unknown>;
  state: PoolState;
  deadline: number | null;
  received_at: number;
  received_block: number;
  transaction_hash: Uint8Array | null;
  block_number: number | null;
  success: boolean | null;
  reason: Record<string, unknown> | null;
}

const COLUMNS =
  "hash, operation, state, deadline, received_at, received_block, transaction_hash, block_number, success, reason";

/** An operation that this relay accepted, whatever became of it. */
export async function findPoolRow(db: Database, relay: string, hash: string): Promise<PoolRow | undefined> {
  const rows = await db.query<Stored>(
    `select ${COLUMNS} from operation_pool where hash = decode($1, 'hex') and relay = decode($2, 'hex')`,
    [hash.slice(2), relay.slice(2)],
  );
  return rows.map(read)[0];
}

/**
 * A relay's operations without a definite end, in the order in which they came.
 * @param since milliseconds; none was received before
 */
export async function findOpenPoolRows(db: Database, relay: string, since: number): Promise<PoolRow[]> {
  const rows = await db.query<Stored>(
    `select ${COLUMNS} from operation_pool
     where received_at >= $2 and relay = decode($1, 'hex') and state = 'received' order by received_at, hash`,
    [relay.slice(2), since],
  );
  return rows.map(read);
}

function read(row: Stored): PoolRow {
  return {
    hash: bytesToHex(row.hash),
    operation: row.operation,
    state: row.state,
    deadline: row.deadline ?? undefined,
    receivedAt: row.received_at,
    receivedBlock: row.received_block,
    transactionHash: row.transaction_hash === null ? undefined : bytesToHex(row.transaction_hash),
    blockNumber: row.block_number ?? undefined,
    success: row.success ?? undefined,
    reason: row.reason ?? undefined,
  };
}
