import type { Database } from "../../database.ts";
import type { LogRow } from "../bundle-sources.ts";

/** Where the chain says that a batch was anchored, and which partner answers for an anonymous owner. */
export async function findAnchor(
  db: Database,
  anchor: Uint8Array,
): Promise<(LogRow & { responsible: Uint8Array | null }) | undefined> {
  const rows = await db.query<LogRow & { responsible: Uint8Array | null }>(
    "select block_number, log_index, responsible from batches where id = $1",
    [anchor],
  );
  return rows[0];
}
