import type { Database } from "../../database.ts";

export interface PoolEnd {
  hash: string;
  state: "included" | "expired" | "displaced";
  transactionHash?: string | undefined;
  blockNumber?: number | undefined;
  success?: boolean | undefined;
  reason?: Record<string, unknown> | undefined;
}

/**
 * Writes the definite ends of open operations. What ended already stays as it is. The hashes stand in the condition once
 * more as a list, so that the rows are found by their key however large the table is.
 */
export async function finishPoolRows(db: Database, relay: string, ends: readonly PoolEnd[]): Promise<void> {
  if (ends.length === 0) return;
  await db.query(
    `update operation_pool as pool
     set state = row.state, transaction_hash = decode(row.transaction_hash, 'hex'), block_number = row.block_number,
       success = row.success, reason = row.reason::jsonb
     from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::boolean[], $7::text[])
       as row (hash, state, transaction_hash, block_number, success, reason)
     where pool.hash = any (array(select decode(hash, 'hex') from unnest($2::text[]) as listed (hash)))
       and pool.hash = decode(row.hash, 'hex') and pool.relay = decode($1, 'hex') and pool.state = 'received'`,
    [
      relay.slice(2),
      ends.map(({ hash }) => hash.slice(2)),
      ends.map(({ state }) => state),
      ends.map(({ transactionHash }) => transactionHash?.slice(2) ?? null),
      ends.map(({ blockNumber }) => blockNumber ?? null),
      ends.map(({ success }) => success ?? null),
      ends.map(({ reason }) => (reason === undefined ? null : JSON.stringify(reason))),
    ],
  );
}
