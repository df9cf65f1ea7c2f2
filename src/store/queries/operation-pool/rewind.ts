import type { Database } from "../../database.ts";

/**
 * Opens what was included or displaced above a block again: a development chain lost those blocks. What expired stays
 * expired: callers were told that it can never be included.
 */
export async function rewindPoolRows(db: Database, relay: string, block: number): Promise<void> {
  await db.query(
    `update operation_pool
     set state = 'received', transaction_hash = null, block_number = null, success = null, reason = null
     where relay = decode($1, 'hex') and state in ('included', 'displaced') and block_number > $2`,
    [relay.slice(2), block],
  );
}
