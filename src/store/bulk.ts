import type { Database } from "./database.ts";
import type { ColumnKind, Columns } from "./tables.ts";

/** One statement takes this many rows: more would only make the parameters bigger. */
const ROWS_A_STATEMENT = 5_000;

// How a column's values travel as one array parameter, and how one of them becomes the column's value.
const ARRAY_TYPES: Record<ColumnKind, string> = {
  bytes: "text[]",
  integer: "int8[]",
  numeric: "text[]",
  text: "text[]",
  boolean: "bool[]",
  json: "text[]",
};

export type Row = Record<string, unknown>;

/** Inserts many rows with one array parameter a column (`unnest`): the fastest way that is plain SQL on both databases. */
export async function insertRows(tx: Database, table: string, columns: Columns, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(columns);
  const values = names.map((name) => fromArray(`given.${name}`, kindOf(columns, name))).join(", ");
  const text = `insert into ${table} (${names.join(", ")}) select ${values} from ${unnest(columns)}`;
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    await tx.query(text, arrays(columns, rows.slice(start, start + ROWS_A_STATEMENT)));
  }
}

/** `unnest($1::text[], ...) as given(a, b)`, a row for each position of the arrays. */
export function unnest(columns: Columns): string {
  const names = Object.keys(columns);
  const parameters = names.map((name, index) => `$${index + 1}::${ARRAY_TYPES[kindOf(columns, name)]}`);
  return `unnest(${parameters.join(", ")}) as given(${names.join(", ")})`;
}

/** `table.a = given.a and ...` with each given value turned into its column's type. */
export function sameKey(table: string, key: Columns): string {
  const equal = (name: string) => `${table}.${name} = ${fromArray(`given.${name}`, kindOf(key, name))}`;
  return Object.keys(key).map(equal).join(" and ");
}

/** The parameters of `unnest(columns)`. */
export function arrays(columns: Columns, rows: readonly Row[]): unknown[][] {
  return Object.keys(columns).map((name) => {
    if (kindOf(columns, name) !== "json") return rows.map((row) => row[name]);
    return rows.map((row) => (row[name] === null ? null : JSON.stringify(row[name])));
  });
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

function kindOf(columns: Columns, name: string): ColumnKind {
  return columns[name]?.replace("?", "") as ColumnKind;
}

function fromArray(value: string, kind: ColumnKind): string {
  if (kind === "bytes") return `decode(${value}, 'hex')`;
  if (kind === "numeric") return `${value}::numeric`;
  return kind === "json" ? `${value}::jsonb` : value;
}
