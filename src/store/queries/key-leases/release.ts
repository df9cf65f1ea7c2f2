import type { Database } from "../../database.ts";
import type { HeldLease } from "./renew.ts";

/** Gives a lease back: the next process need not wait until it runs out. The row stays, so that fences go on rising. */
export async function releaseLease(db: Database, { key, owner, fence }: HeldLease): Promise<void> {
  await db.query("update key_leases set expires_at = 0 where key = decode($1, 'hex') and owner = $2 and fence = $3", [
    key.slice(2),
    owner,
    fence,
  ]);
}
