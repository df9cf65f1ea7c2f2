import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import { Conditions } from "../store/queries/conditions.ts";
import type { Source } from "./catalog.ts";
import type { Field } from "./field.ts";
import { offsetOf, toText } from "./field-values.ts";
import { columnOf, parseFilter } from "./filter.ts";
import { addConditions, wantDocuments } from "./filter-sql.ts";
import { documentsTable, indexTable, typedColumn } from "./index-table.ts";
import { LIMITS } from "./limits.ts";
import { guarded } from "./statement.ts";

export const FUNCTIONS = ["count", "sum", "min", "max", "avg"] as const;
export type AggregateFunction = (typeof FUNCTIONS)[number];

export interface Measure {
  function: AggregateFunction;
  /** Left out: `count` counts rows, and not only those that have the field. */
  field?: string | undefined;
}

export interface AggregateQuery {
  where?: unknown;
  measures: readonly Measure[];
  /** A group for each value of a field, or for each day of one that holds times. */
  groupBy?: { field: string; unit?: "day" | undefined; offset?: string | undefined } | undefined;
  limit: number;
}

/** Values in the order of the measures: counts, and all that is added up, exact. */
export interface Group {
  group: string | number | boolean | null;
  values: (string | number | boolean | null)[];
}

const NUMERIC: readonly Field["type"][] = ["integer", "number", "decimal"];

/**
 * Counts, sums, least, greatest and mean values; groups in the order of their value, the one without a value last.
 *
 * @throws BropError `query.field-unknown`, `query.too-slow`, `request.invalid`
 */
export async function aggregate(
  db: Database,
  source: Source,
  { where, measures, groupBy, limit }: AggregateQuery,
): Promise<{ items: Group[]; more: boolean }> {
  if (measures.length === 0 || measures.length > LIMITS.measures) {
    throw invalid("measures", `must be 1 to ${LIMITS.measures}`);
  }
  const filter = parseFilter(source.fields, where);
  const conditions = new Conditions();
  const group = groupBy === undefined ? undefined : groupOf(source.fields, groupBy, conditions);
  const computed = measures.map((measure) => measureOf(source.fields, measure));
  addConditions(conditions, source.fields, filter);
  const documents = wantDocuments(filter) ? ` join ${documentsTable(source.schema)} d on d.id = i.id` : "";
  const values = computed.map(({ sql }, place) => `${sql} as v${place}`).join(", ");
  const from = `from ${indexTable(source.index)} i${documents}${conditions}`;
  const most = conditions.parameter(limit + 1);
  const text =
    group === undefined
      ? `select null::text as key, ${values} ${from} limit ${most}::bigint`
      : `select ${toText(group.type, "grouped.key")} as key, ${computed.map((_, place) => `grouped.v${place}`).join(", ")}
         from (select ${group.sql} as key, ${values} ${from} group by 1 order by 1 limit ${most}::bigint) grouped
         order by grouped.key`;
  const rows = await guarded(() => db.query<Record<string, string | null>>(text, conditions.parameters));
  const shown = rows.slice(0, limit).map((row) => ({
    group: group === undefined ? null : shownValue(group.type, row.key as string | null),
    values: computed.map(({ show }, place) => show(row[`v${place}`] as string | null)),
  }));
  return { items: shown, more: rows.length > limit };
}

interface Grouping {
  sql: string;
  type: Field["type"];
}

function groupOf(
  fields: readonly Field[],
  { field: name, unit, offset }: NonNullable<AggregateQuery["groupBy"]>,
  conditions: Conditions,
): Grouping {
  const place = columnOf(fields, name);
  const { type } = fields[place] as Field;
  const column = `i.${typedColumn(place)}`;
  if (unit === undefined) {
    if (offset !== undefined) throw invalid("groupBy", "an offset is for days only");
    return { sql: column, type };
  }
  if (type !== "time" && type !== "date") throw invalid("groupBy", "only times and dates have days");
  if (type === "date") return { sql: column, type };
  const minutes = offsetOf(offset ?? "Z");
  if (minutes === undefined) throw invalid("groupBy", "the offset must be as +08:00");
  const shift = conditions.parameter(minutes);
  return { sql: `((${column} at time zone 'UTC') + make_interval(mins => ${shift}::int))::date`, type: "date" };
}

interface Computed {
  sql: string;
  show: (text: string | null) => string | number | boolean | null;
}

function measureOf(fields: readonly Field[], { function: name, field }: Measure): Computed {
  if (field === undefined) {
    if (name !== "count") throw invalid("measures", `${name} wants a field`);
    return { sql: "count(*)::text", show: Number };
  }
  const place = columnOf(fields, field);
  const { type } = fields[place] as Field;
  const column = `i.${typedColumn(place)}`;
  if (name === "count") return { sql: `count(${column})::text`, show: Number };
  if (name === "sum" || name === "avg") {
    if (!NUMERIC.includes(type)) throw invalid(field, `${name} wants numbers`);
    return { sql: `${name}(${column})::text`, show: (text) => text };
  }
  if (type === "boolean") throw invalid(field, "true and false have no order");
  return { sql: toText(type, `${name}(${column})`), show: (text) => shownValue(type, text) };
}

/** A value as documents have it. */
function shownValue(type: Field["type"], text: string | null): string | number | boolean | null {
  if (text === null) return null;
  if (type === "integer" || type === "number") return Number(text);
  return type === "boolean" ? text === "true" : text;
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}
