import type { Database } from "../store/database.ts";
import { Conditions } from "../store/queries/conditions.ts";
import type { Source } from "./catalog.ts";
import { type DataRow, dataRow, ROW_COLUMNS, ROW_RECORD, type SelectedRow } from "./data-row.ts";
import type { Field } from "./field.ts";
import { convert, fromText, toText } from "./field-values.ts";
import { type Condition, parseFilter } from "./filter.ts";
import { addConditions, wantDocuments } from "./filter-sql.ts";
import { documentsTable, indexTable, typedColumn } from "./index-table.ts";
import type { LookUps } from "./look-ups.ts";
import { cursorOf, fingerprint, type Place, parseCursor, parseSort } from "./sort.ts";
import { guarded } from "./statement.ts";

export interface Query {
  where?: unknown;
  sort?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** With its value of the field that it is sorted by; left out: it is sorted by none. */
type KeyedRow = DataRow & { key?: string | null };

export interface Page {
  rows: DataRow[];
  next: string | null;
}

/**
 * One page of a schema's rows.
 *
 * @throws BropError `query.field-unknown`, `query.too-slow`, `request.invalid`
 */
export async function queryRows(db: Database, lookUps: LookUps, source: Source, query: Query): Promise<Page> {
  const { fields } = source;
  const filter = parseFilter(fields, query.where);
  const { column, descending } = parseSort(fields, query.sort);
  const field = column === undefined ? undefined : (fields[column] as Field);
  const question = () => fingerprint(source.schema, field, descending, query.where);
  const after =
    query.cursor === undefined ? undefined : parseCursor(query.cursor, question(), (value) => accepts(field, value));
  const [only] = filter;
  if (filter.length === 1 && only?.kind === "equal" && column === undefined && descending && after === undefined) {
    return pageOf(await lookUps.byValue(source, only.column, only.value, query.limit + 1), query.limit, question);
  }
  const part = { source, filter, column, descending };
  const rows: KeyedRow[] = [];
  for (const nulls of parts(column, descending)) {
    // A page that began behind the last value goes on among the rows that have none, and the other way round.
    if (after !== undefined && nulls !== (after.value === null) && nulls === descending) continue;
    const from = after !== undefined && nulls === (after.value === null) ? after : undefined;
    const missing = query.limit + 1 - rows.length;
    if (missing > 0) rows.push(...(await readPart(db, { ...part, nulls, from, limit: missing })));
  }
  return pageOf(rows, query.limit, question);
}

/** @param rows one more than the page has, where there are more */
function pageOf(rows: KeyedRow[], limit: number, question: () => string): Page {
  if (rows.length <= limit) return { rows, next: null };
  rows.length = limit;
  const { id, key = null } = rows[limit - 1] as KeyedRow;
  return { rows, next: cursorOf({ id, value: key }, question()) };
}

/** Rows without the value come last, or first when the order is turned round: as PostgreSQL's indexes have them. */
function parts(column: number | undefined, descending: boolean): boolean[] {
  if (column === undefined) return [true];
  return descending ? [true, false] : [false, true];
}

interface Part {
  source: Source;
  filter: readonly Condition[];
  column: number | undefined;
  descending: boolean;
  /** Whether these are the rows that do not have the value. */
  nulls: boolean;
  from: Place | undefined;
  limit: number;
}

async function readPart(db: Database, part: Part): Promise<KeyedRow[]> {
  const { source, filter, column, descending, nulls, from, limit } = part;
  const conditions = new Conditions();
  const direction = descending ? "desc" : "asc";
  const beyond = descending ? "<" : ">";
  const type = column === undefined ? "text" : (source.fields[column] as Field).type;
  const sorted = column === undefined || nulls ? undefined : `i.${typedColumn(column)}`;
  addConditions(conditions, source.fields, filter);
  if (column !== undefined) conditions.add(`i.${typedColumn(column)} is ${nulls ? "" : "not "}null`);
  if (from !== undefined && sorted !== undefined) {
    conditions.add(`(${sorted}, i.id) ${beyond} (${fromText(type, "?")}, ?::bigint)`, from.value, from.id);
  } else if (from !== undefined) {
    conditions.add(`i.id ${beyond} ?::bigint`, from.id);
  }
  const documents = documentsTable(source.schema);
  const tables = `${indexTable(source.index)} i${wantDocuments(filter) ? ` join ${documents} d on d.id = i.id` : ""}`;
  const order = sorted === undefined ? `i.id ${direction}` : `${sorted} ${direction}, i.id ${direction}`;
  const again = sorted === undefined ? `page.id ${direction}` : `page.value ${direction}, page.id ${direction}`;
  const key = sorted === undefined ? "null::text" : toText(type, "page.value");
  const selected = await guarded(() =>
    db.query<SelectedRow & { key: string | null }>(
      `select ${ROW_COLUMNS}, ${key} as key from (
         select i.id${sorted === undefined ? "" : `, ${sorted} as value`} from ${tables}${conditions}
         order by ${order} limit ${literal(limit)}
       ) page
       join ${documents} d on d.id = page.id
       ${ROW_RECORD} order by ${again}`,
      conditions.parameters,
    ),
  );
  return selected.map((row) => Object.assign(dataRow(row), { key: row.key }));
}

/** Rows in the order in which they came, from behind one up to another. */
export async function readInOrder(
  db: Database,
  source: Source,
  filter: readonly Condition[],
  { after, until, limit }: { after: number; until: number; limit: number },
): Promise<(DataRow & { keys: (string | null)[] })[]> {
  const conditions = new Conditions();
  addConditions(conditions, source.fields, filter);
  conditions.add("i.id > ?::bigint", after).add("i.id <= ?::bigint", until);
  const keys = source.fields.map(({ type }, place) => `${toText(type, `i.${typedColumn(place)}`)}`);
  const selected = await guarded(() =>
    db.query<SelectedRow & { keys: (string | null)[] }>(
      `select ${ROW_COLUMNS}, array[${keys.join(", ")}]::text[] as keys from ${indexTable(source.index)} i
       join ${documentsTable(source.schema)} d on d.id = i.id ${ROW_RECORD}${conditions}
       order by i.id limit ${literal(limit)}`,
      conditions.parameters,
    ),
  );
  return selected.map((row) => Object.assign(dataRow(row), { keys: row.keys }));
}

/** The number of the last row. */
export async function lastRow(db: Database, source: Source): Promise<number> {
  const rows = await db.query<{ last: number }>(
    `select coalesce(max(id), 0) as last from ${indexTable(source.index)}`,
    [],
  );
  return (rows[0] as { last: number }).last;
}

function accepts(field: Field | undefined, value: string): boolean {
  if (field === undefined) return false;
  if (field.type === "text") return "text" in convert(field, value) && value.isWellFormed() && !value.includes("\0");
  if (field.type === "integer") return /^-?\d{1,16}$/.test(value);
  if (field.type === "number" || field.type === "decimal") return /^-?\d{1,400}(\.\d{1,400})?$/.test(value);
  if (field.type === "boolean") return value === "true" || value === "false";
  const converted = convert(field, value);
  return "text" in converted && converted.text === value;
}

/** A number written into a statement: with a parameter in its place every execution would be planned anew. */
function literal(number: number): string {
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${number} is no limit`);
  return String(number);
}
