import type { Database } from "../../../src/store/database.ts";
import { APPENDED, VERSIONED } from "../../../src/store/tables.ts";
import type { Row } from "./expected-tables.ts";

/** Differences that are shown of one table. */
const SHOWN = 3;

/** Rows of a table, bytes as 0x text. */
export async function readRows(db: Database, table: string): Promise<Row[]> {
  const rows = await db.query<Row>(`select * from ${table}`, []);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readable(value)])));
}

function readable(value: unknown): unknown {
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString("hex")}` : value;
}

/** What differs between the tables that the indexer writes and those that it should have written. */
export async function compareTables(db: Database, expected: ReadonlyMap<string, readonly Row[]>): Promise<string[]> {
  const differences: string[] = [];
  const names = new Set(["blocks", ...Object.keys(APPENDED), ...Object.keys(VERSIONED), ...expected.keys()]);
  names.delete("events");
  for (const table of names) {
    differences.push(...compareRows(table, expected.get(table) ?? [], await readRows(db, table)));
  }
  return differences;
}

/** Rows that only one side has. */
export function compareRows(table: string, expected: readonly Row[], actual: readonly Row[]): string[] {
  const wanted = countOf(expected);
  const found = countOf(actual);
  const missing = [...wanted].filter(([row, count]) => (found.get(row) ?? 0) < count).map(([row]) => row);
  const surplus = [...found].filter(([row, count]) => (wanted.get(row) ?? 0) < count).map(([row]) => row);
  return [
    ...missing.slice(0, SHOWN).map((row) => `${table}: missing ${row}`),
    ...surplus.slice(0, SHOWN).map((row) => `${table}: should not be there ${row}`),
  ];
}

function countOf(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = canonical(row);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** JSON with members in a definite order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
