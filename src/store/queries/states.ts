import type { Database } from "../database.ts";
import { APPENDED, type AppendedName, VERSIONED, type VersionedName } from "../tables.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

/** A row of any of the indexer's tables, with the block from which it holds or in which it happened. */
export type StateRow = Record<string, unknown> & { since_block: number };

export interface StateFilter {
  /** Columns that have to be so. */
  equal?: Readonly<Record<string, unknown>>;
  /** A column of text that has to begin so, whatever its case. */
  prefix?: { column: string; text: string } | undefined;
  /** Columns that have to hold something. */
  present?: readonly string[];
  at?: number | undefined;
}

/** Current states, or as of a block, or what happened up to it. The table's alias in the order is `s`. */
export function findStates(
  db: Database,
  table: VersionedName | AppendedName,
  { equal = {}, prefix, present = [], at }: StateFilter,
  page: PageRequest,
  order: Order,
) {
  const versioned = table in VERSIONED;
  const conditions = new Conditions();
  if (versioned) conditions.version("s", at);
  else conditions.happened("s", at);
  for (const [column, value] of Object.entries(equal)) conditions.equal(`s.${column}`, value);
  for (const column of present) conditions.add(`s.${column} is not null`);
  if (prefix !== undefined) conditions.add(`starts_with(lower(s.${prefix.column}), lower(?))`, prefix.text);
  const since = versioned ? "s.from_block" : "s.block_number";
  const select = `${columnsOf(table)
    .map((column) => `s.${column}`)
    .join(", ")}, ${since} as since_block`;
  return readPage<StateRow>(db, { select, from: `${table} s`, conditions, order, page });
}

function columnsOf(table: VersionedName | AppendedName): string[] {
  if (table in VERSIONED) {
    const { key, state } = VERSIONED[table as VersionedName];
    return [...Object.keys(key), ...Object.keys(state)];
  }
  return Object.keys(APPENDED[table as AppendedName].columns);
}
