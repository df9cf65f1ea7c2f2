import type { Database } from "../../database.ts";

/**
 * Notes which bundle carries open operations.
 * @param transactionHash of the bundle; undefined when it failed and they wait for another
 */
export async function setPoolBundle(
  db: Database,
  relay: string,
  hashes: readonly string[],
  transactionHash: string | undefined,
): Promise<void> {
  if (hashes.length === 0) return;
  await db.query(
    `update operation_pool
     set state = case when $3::text is null then 'received' else 'submitted' end, transaction_hash = decode($3, 'hex')
     where hash in (select decode(hash, 'hex') from unnest($2::text[]) as row (hash)) and relay = decode($1, 'hex')
       and state in ('received', 'submitted')`,
    [relay.slice(2), hashes.map((hash) => hash.slice(2)), transactionHash?.slice(2) ?? null],
  );
}
