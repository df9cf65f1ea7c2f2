import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { newestFirst, type PageRequest, readPage } from "./page.ts";

export interface OperationRow {
  hash: Uint8Array;
  sender: Uint8Array;
  nonce: string;
  success: boolean;
  gas_used: number;
  revert_reason: Uint8Array | null;
  relay: Uint8Array;
  transaction_hash: Uint8Array;
  block_number: number;
  timestamp: number;
}

export interface PooledOperationRow {
  hash: Uint8Array;
  sender: Uint8Array;
  nonce: string;
  deadline: number | null;
  state: "received" | "submitted" | "included" | "expired" | "displaced";
  transaction_hash: Uint8Array | null;
  block_number: number | null;
  success: boolean | null;
  reason: { code?: string; message?: string } | null;
}

const COLUMNS = `o.hash, o.sender, o.nonce, o.success, o.gas_used, o.transaction_hash, o.block_number, r.reason as revert_reason,
  t.sender as relay, b.timestamp`;
const FROM = `operations o join blocks b on b.number = o.block_number join transactions t on t.hash = o.transaction_hash
  left join operation_reverts r on r.operation = o.hash`;

export const OPERATION_ORDER = newestFirst("o");

/** Included operations, newest first. */
export function findOperations(db: Database, filter: { account?: Uint8Array | undefined }, page: PageRequest) {
  const conditions = new Conditions().equal("o.sender", filter.account);
  return readPage<OperationRow>(db, { select: COLUMNS, from: FROM, conditions, order: OPERATION_ORDER, page });
}

export async function findOperation(db: Database, hash: Uint8Array): Promise<OperationRow | undefined> {
  return (await db.query<OperationRow>(`select ${COLUMNS} from ${FROM} where o.hash = $1`, [hash]))[0];
}

/**
 * What the access nodes of this database know of an operation; the one that got furthest, where several have it. One
 * that a bundle carries to the chain is submitted.
 */
export async function findPooledOperation(db: Database, hash: Uint8Array): Promise<PooledOperationRow | undefined> {
  const rows = await db.query<PooledOperationRow>(
    `select * from (
       select hash, sender, nonce, deadline, transaction_hash, block_number, success, reason,
         case when state = 'received' and exists (
           select 1 from relay_bundles b where position($1 in b.operations) % 32 = 1
         ) then 'submitted' else state end as state
       from operation_pool p where hash = $1
     ) pooled
     order by array_position(array['included', 'submitted', 'received', 'displaced', 'expired'], state) limit 1`,
    [hash],
  );
  return rows[0];
}
