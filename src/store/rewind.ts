import type { Database } from "./database.ts";
import { rewindSealedBatches } from "./queries/batch/sealed.ts";
import { rewindDeliveries } from "./queries/push/deliveries.ts";
import { rewindSubmissions } from "./queries/uplink/open.ts";
import { APPENDED, VERSIONED } from "./tables.ts";

/** Takes every table back to what it was at the end of `block`. In the caller's transaction. */
export async function rewind(tx: Database, block: number): Promise<void> {
  await rewindDeliveries(tx, block);
  await rewindSealedBatches(tx, block);
  await rewindSubmissions(tx, block);
  await tx.query("delete from blocks where number > $1", [block]);
  for (const table of Object.keys(APPENDED)) await tx.query(`delete from ${table} where block_number > $1`, [block]);
  for (const table of Object.keys(VERSIONED)) {
    await tx.query(`delete from ${table} where from_block > $1`, [block]);
    await tx.query(`update ${table} set to_block = null where to_block > $1`, [block]);
  }
}
