import { copyText } from "./copy-text.ts";
import type { Database } from "./database.ts";
import { type ColumnKind, type Columns, kindOf } from "./tables/columns.ts";

/** One statement takes this many rows: more would only make the parameters bigger. */
const ROWS_A_STATEMENT = 5_000;
/** From this many rows on they are copied where the database can: below it, a statement that is prepared is as fast. */
const ROWS_WORTH_A_COPY = 200;
/** JSON escapes control characters, so these two stand nowhere in it: between values, and for none. */
const SEPARATOR = "\u001e";
const NONE = "\u001d";

export type Row = Record<string, unknown>;

/**
 * How the values of a column travel as one parameter. The text of an array is made here, knowing what the values are: a
 * driver would look at each of them, and escape JSON character by character.
 */
interface Carrier {
  /** Code that makes an array of the column's type out of the parameter `$n`. */
  readonly array: (place: number) => string;
  /** The parameter. */
  readonly text: (values: readonly unknown[]) => string;
}

const CARRIERS: Record<ColumnKind, Carrier> = {
  bytes: { array: (n) => `$${n}::bytea[]`, text: (values) => literal(values, (digits) => `"\\\\x${digits}"`) },
  integer: { array: (n) => `$${n}::int8[]`, text: (values) => literal(values, String) },
  numeric: { array: (n) => `$${n}::numeric[]`, text: (values) => literal(values, String) },
  boolean: { array: (n) => `$${n}::bool[]`, text: (values) => literal(values, String) },
  text: { array: (n) => `$${n}::text[]`, text: (values) => literal(values, quoted) },
  json: {
    array: jsonArray,
    text: (values) => values.map((value) => (value === null ? NONE : JSON.stringify(value))).join(SEPARATOR),
  },
  jsonText: { array: jsonArray, text: (values) => values.map((value) => value ?? NONE).join(SEPARATOR) },
};

/**
 * Inserts many rows: few, or into a database that has no `copy`, with one array parameter a column (`unnest`), the fastest
 * way that is plain SQL; many as a copy, which takes a server half of the time.
 */
export async function insertRows(tx: Database, table: string, columns: Columns, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(columns);
  if (tx.copy !== undefined && rows.length >= ROWS_WORTH_A_COPY) {
    return tx.copy(`${table} (${names.join(", ")})`, copyText(columns, rows));
  }
  const text = `insert into ${table} (${names.join(", ")}) select ${names.join(", ")} from ${unnest(columns)}`;
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    await tx.query(text, arrays(columns, rows.slice(start, start + ROWS_A_STATEMENT)));
  }
}

/** `unnest($1::bytea[], ...) as given(a, b)`, a row for each position of the arrays. */
export function unnest(columns: Columns): string {
  const names = Object.keys(columns);
  const parameters = names.map((name, index) => CARRIERS[kindOf(columns, name)].array(index + 1));
  return `unnest(${parameters.join(", ")}) as given(${names.join(", ")})`;
}

/** `table.a = given.a and ...` */
export function sameKey(table: string, key: Columns): string {
  return Object.keys(key)
    .map((name) => `${table}.${name} = given.${name}`)
    .join(" and ");
}

/** The parameters of `unnest(columns)`. */
export function arrays(columns: Columns, rows: readonly Row[]): string[] {
  return Object.keys(columns).map((name) => CARRIERS[kindOf(columns, name)].text(rows.map((row) => row[name])));
}

/** Select list that gives a table's columns back in the form that rows are written in. */
export function selectList(table: string, columns: Columns): string {
  const select = (name: string) => {
    const kind = kindOf(columns, name);
    if (kind === "bytes") return `encode(${table}.${name}, 'hex') as ${name}`;
    return `${table}.${name}`;
  };
  return Object.keys(columns).map(select).join(", ");
}

function jsonArray(place: number): string {
  return `string_to_array($${place}::text, chr(30), chr(29))::jsonb[]`;
}

/** The text of an array. */
function literal(values: readonly unknown[], write: (value: unknown) => string): string {
  let text = "{";
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (index > 0) text += ",";
    text += value === null ? "NULL" : write(value);
  }
  return `${text}}`;
}

function quoted(value: unknown): string {
  return `"${String(value).replace(/["\\]/g, "\\$&")}"`;
}
