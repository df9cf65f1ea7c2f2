import { bytesToHex } from "../../src/core/hex.ts";
import type { Database } from "../../src/store/database.ts";
import { APPENDED, VERSIONED } from "../../src/store/tables.ts";

export type Tables = Record<string, Record<string, unknown>[]>;

/** Every row of the indexer's tables, bytes as 0x text, in a definite order. */
export async function readTables(db: Database): Promise<Tables> {
  const tables: Tables = {};
  for (const name of ["chain", "blocks", ...Object.keys(APPENDED), ...Object.keys(VERSIONED)]) {
    const rows = await db.query<Record<string, unknown>>(`select * from ${name}`, []);
    tables[name] = rows.map(readable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return tables;
}

/** A row with its bytes as 0x text. */
export function readable(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Uint8Array ? bytesToHex(value) : value]),
  );
}
