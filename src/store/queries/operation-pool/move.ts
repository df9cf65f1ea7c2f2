import type { Database } from "../../database.ts";

/**
 * Gives a relay's open operations to another one, which the same access node has now. What the other has already is not
 * kept twice.
 */
export async function movePoolRows(tx: Database, from: string, to: string): Promise<void> {
  const relays = [from.slice(2), to.slice(2)];
  await tx.query(
    `delete from operation_pool as former using operation_pool as kept
     where former.relay = decode($1, 'hex') and former.state = 'received'
       and kept.hash = former.hash and kept.relay = decode($2, 'hex')`,
    relays,
  );
  await tx.query(
    "update operation_pool set relay = decode($2, 'hex') where relay = decode($1, 'hex') and state = 'received'",
    relays,
  );
}
