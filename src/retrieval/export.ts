import type { Database } from "../store/database.ts";
import type { Source } from "./catalog.ts";
import { csvLine, plainText } from "./csv.ts";
import type { DataRow } from "./data-row.ts";
import { parseFilter } from "./filter.ts";
import { lastRow, readInOrder } from "./query.ts";

/** Rows that are read at a time: what a slow reader makes wait is this in memory, and no transaction. */
const ROWS_A_STATEMENT = 200;

export interface ExportQuery {
  where?: unknown;
}

/** Rows of the moment in which it began, in the order in which they came; each piece is read when the one before was taken. */
export async function* exportedRows(
  db: Database,
  source: Source,
  { where }: ExportQuery,
): AsyncGenerator<(DataRow & { keys: (string | null)[] })[]> {
  const filter = parseFilter(source.fields, where);
  const until = await lastRow(db, source);
  for (let after = 0; ; ) {
    const rows = await readInOrder(db, source, filter, { after, until, limit: ROWS_A_STATEMENT });
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_A_STATEMENT) return;
    after = (rows.at(-1) as DataRow).id;
  }
}

const STATUSES = ["", "valid", "revoked", "superseded"] as const;
const VALID = 1;

/** What becomes of a record, in a word; null: there is none. */
export function statusOf({ record, status }: Pick<DataRow, "record" | "status">): string | null {
  return record === null ? null : (STATUSES[status ?? VALID] as string);
}

/** Columns of the record that stands for a row. */
const CHAIN_COLUMNS = ["digest", "owner", "state", "record", "block", "transaction", "recorded_at", "status"];

/** The header, then a line a row: its fields, then its record. */
export async function* csv(source: Source, pages: AsyncIterable<(DataRow & { keys: (string | null)[] })[]>) {
  yield csvLine([...source.fields.map(({ name }) => name), ...CHAIN_COLUMNS]);
  for await (const rows of pages) {
    yield rows
      .map((row) => csvLine([...row.keys.map((key, place) => fieldCell(source, place, key)), ...chainCells(row)]))
      .join("");
  }
}

function fieldCell({ fields }: Source, place: number, key: string | null): string | null {
  return key === null || fields[place]?.type !== "text" ? key : plainText(key);
}

function chainCells(row: DataRow): (string | null)[] {
  const hex = (digits: string | null) => (digits === null ? null : `0x${digits}`);
  const recordedAt = row.recorded_at === null ? null : new Date(row.recorded_at * 1_000).toISOString();
  return [
    ...[hex(row.digest), hex(row.owner), row.record === null ? "unrecorded" : "recorded", hex(row.record)],
    ...[row.block_number?.toString() ?? null, hex(row.transaction_hash), recordedAt, statusOf(row)],
  ];
}

/** A row a line. */
export async function* ndjson(pages: AsyncIterable<DataRow[]>, show: (row: DataRow) => string) {
  for await (const rows of pages) yield `${rows.map((row) => show(row)).join("\n")}\n`;
}
