import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** Those of the identifiers that are on record already. */
export async function existingRecords(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ id: Uint8Array }>(
    "select id from records where id = any (array(select decode(id, 'hex') from unnest($1::text[]) as given (id)))",
    [ids.map((id) => id.slice(2))],
  );
  return new Set(rows.map(({ id }) => bytesToHex(id)));
}
