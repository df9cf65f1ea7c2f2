import type { Database } from "../database.ts";

/** A table as a backup describes it. */
export interface TableText {
  table: string;
  /** Name, type, and whether it is an identity column. */
  columns: { name: string; type: string; notNull: boolean; identity: boolean }[];
  /** For tables that no migration makes. */
  constraints: string[];
  indexes: string[];
}

/** Every table of the database but the list of migrations; those that others refer to come first. */
export async function describeTables(db: Database): Promise<TableText[]> {
  const columns = await db.query<{ table: string; name: string; type: string; not_null: boolean; identity: boolean }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as not_null, a.attidentity <> '' as identity
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and c.relname <> 'schema_migrations'
     order by c.relname, a.attnum`,
    [],
  );
  const constraints = await db.query<{ table: string; definition: string; refers: string | null }>(
    `select c.relname as table, pg_get_constraintdef(k.oid) as definition, other.relname as refers
     from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class other on other.oid = k.confrelid
     where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'c', 'f')
     order by c.relname, k.contype desc, k.conname`,
    [],
  );
  const indexes = await db.query<{ table: string; definition: string }>(
    `select i.tablename as table, i.indexdef as definition from pg_indexes i
     where i.schemaname = 'public' and not exists (select 1 from pg_constraint k where k.conindid = (format('public.%I', i.indexname))::regclass)
     order by i.indexname`,
    [],
  );
  const tables = new Map<string, TableText>();
  for (const { table, name, type, not_null, identity } of columns) {
    const known = tables.get(table) ?? { table, columns: [], constraints: [], indexes: [] };
    known.columns.push({ name, type, notNull: not_null, identity });
    tables.set(table, known);
  }
  for (const { table, definition } of constraints) tables.get(table)?.constraints.push(definition);
  for (const { table, definition } of indexes) tables.get(table)?.indexes.push(definition);
  return inOrder(tables, constraints);
}

function inOrder(tables: Map<string, TableText>, references: { table: string; refers: string | null }[]): TableText[] {
  const ordered = new Map<string, TableText>();
  const add = (name: string) => {
    const table = tables.get(name);
    if (table === undefined || ordered.has(name)) return;
    for (const { table: from, refers } of references)
      if (from === name && refers !== null && refers !== name) add(refers);
    ordered.set(name, table);
  };
  for (const name of tables.keys()) add(name);
  return [...ordered.values()];
}

/** SQL that makes a table as it was described, without its constraints and indexes. */
export function createTable({ table, columns }: TableText): string {
  const lines = columns.map(
    ({ name, type, notNull, identity }) =>
      `${quote(name)} ${type}${identity ? " generated always as identity" : ""}${notNull ? " not null" : ""}`,
  );
  return `create table public.${quote(table)} (${lines.join(", ")})`;
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
