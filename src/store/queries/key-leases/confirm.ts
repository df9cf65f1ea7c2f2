import type { Database } from "../../database.ts";
import type { HeldLease } from "./renew.ts";

/** Whether a lease is still this owner's. In a transaction: then nobody can take it before that has ended. */
export async function confirmLease(tx: Database, { key, owner, fence }: HeldLease): Promise<boolean> {
  const rows = await tx.query(
    "select 1 from key_leases where key = decode($1, 'hex') and owner = $2 and fence = $3 for share",
    [key.slice(2), owner, fence],
  );
  return rows.length > 0;
}
