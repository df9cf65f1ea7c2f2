import type { Database } from "../../database.ts";
import { VERSIONED } from "../../tables.ts";

type Json = Record<string, unknown>;

/** A row that differs; null: there is none. */
export interface RowDifference {
  key: Json;
  is: Json | null;
  should: Json | null;
}

/** Rows that are read at a time. */
const PORTION = 500;

/** Columns of a table's primary key, in their order. */
export async function primaryKey(db: Database, table: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select a.attname as name from pg_constraint k
       cross join lateral unnest(k.conkey) with ordinality as c (number, place)
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.number
     where k.conrelid = ('public.' || $1::text)::regclass and k.contype = 'p' order by c.place`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/**
 * Rows of an index table that differ from those of the same table in another schema, as of the end of a block.
 * @param schema with what should be
 * @param key columns by which a row is known
 */
export async function* compareTable(
  db: Database,
  schema: string,
  table: string,
  key: readonly string[],
  block: number,
): AsyncIterable<RowDifference> {
  const side = (from: string) => `(select ${rowText(table)} as row, ${key.join(", ")} from ${from}.${table} t
    where ${withinText(table)})`;
  const same = key.map((column) => `s.${column} = i.${column}`).join(" and ");
  const keyText = key.map((column) => `'${column}', coalesce(s.row->'${column}', i.row->'${column}')`).join(", ");
  for (let offset = 0; ; offset += PORTION) {
    const rows = await db.query<RowDifference>(
      `select jsonb_build_object(${keyText}) as key, i.row as is, s.row as should
       from ${side(schema)} s full join ${side("public")} i on ${same}
       where s.row is distinct from i.row
       order by ${key.map((column) => `coalesce(s.${column}, i.${column})`).join(", ")}
       limit $2::int8 offset $3::int8`,
      [block, PORTION, offset],
    );
    yield* rows;
    if (rows.length < PORTION) return;
  }
}

/** A row as JSON; a version that ended after the block has not ended. */
function rowText(table: string): string {
  if (!Object.hasOwn(VERSIONED, table)) return "to_jsonb(t)";
  return "to_jsonb(t) || jsonb_build_object('to_block', case when t.to_block > $1::int8 then null else t.to_block end)";
}

function withinText(table: string): string {
  if (table === "blocks") return "t.number <= $1::int8";
  if (Object.hasOwn(VERSIONED, table)) return "t.from_block <= $1::int8";
  // What expired was told in its moment, and is on no chain.
  return `t.block_number <= $1::int8${table === "events" ? " and t.type <> 'operation.expired'" : ""}`;
}
