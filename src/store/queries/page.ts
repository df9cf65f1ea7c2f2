import type { Database } from "../database.ts";
import type { Conditions } from "./conditions.ts";

/** Value of an ordering column: whole number, numeric in decimal digits, text, or bytes. */
export type KeyValue = number | string | Uint8Array;
export type KeyKind = "integer" | "numeric" | "text" | "bytes";

/** A definite order: no two rows have the same key, so that a page begins exactly where the one before ended. */
export interface Order {
  /** Columns with their table, and the kind of their values. */
  readonly columns: Readonly<Record<string, KeyKind>>;
  readonly direction: "asc" | "desc";
}

export interface PageRequest {
  limit: number;
  /** Key of the last row of the page before. */
  after?: readonly KeyValue[] | undefined;
}

export interface PageOf<Row> {
  rows: Row[];
  /** Key of the last row, when more rows follow. */
  next: KeyValue[] | null;
}

export interface PageQuery {
  select: string;
  from: string;
  conditions: Conditions;
  order: Order;
  page: PageRequest;
}

/** Reads one page by its place in the order (keyset paging): the hundredth page costs no more than the first. */
export async function readPage<Row>(
  db: Database,
  { select, from, conditions, order, page }: PageQuery,
): Promise<PageOf<Row>> {
  const columns = Object.keys(order.columns);
  if (page.after !== undefined) {
    const marks = page.after.map((value) => conditions.parameter(value));
    conditions.add(`(${columns.join(", ")}) ${order.direction === "asc" ? ">" : "<"} (${marks.join(", ")})`);
  }
  const keys = columns.map((column, index) => `${column} as key_${index}`).join(", ");
  const sorted = columns.map((column) => `${column} ${order.direction}`).join(", ");
  const limit = conditions.parameter(page.limit + 1);
  // The limit is the last parameter, after those of the conditions.
  const rows = await db.query<Row>(
    `select ${select}, ${keys} from ${from}${conditions} order by ${sorted} limit ${limit}`,
    conditions.parameters,
  );
  if (rows.length <= page.limit) return { rows, next: null };
  rows.length = page.limit;
  const last = rows[page.limit - 1] as Record<string, KeyValue>;
  return { rows, next: columns.map((_, index) => last[`key_${index}`] as KeyValue) };
}

/** Newest event first. */
export function newestFirst(table: string): Order {
  return { columns: { [`${table}.block_number`]: "integer", [`${table}.log_index`]: "integer" }, direction: "desc" };
}
