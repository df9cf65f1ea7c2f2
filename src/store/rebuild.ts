import type { Database } from "./database.ts";
import { INDEX_SHAPE, INDEX_TABLES } from "./tables.ts";
import { createViews } from "./views/create-views.ts";

/** PostgreSQL schema in which the index's tables are made anew while the old ones answer. */
export const REBUILD = "index_rebuild";
const FORMER = "index_former";
const TABLES = ["chain", ...INDEX_TABLES];

/** Whether the index has to be made anew: tables were added that are filled from the chain's beginning, or it was asked for. */
export async function needsRebuild(db: Database): Promise<boolean> {
  const rows = await db.query<{ shape: number }>("select shape from public.chain", []);
  return rows[0] !== undefined && rows[0].shape < INDEX_SHAPE;
}

/** Asks for a new index; whoever indexes begins it. What an earlier one left unfinished goes. */
export async function requestRebuild(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx.query("update public.chain set shape = 0 returning 1", []);
    await tx.query(`drop schema if exists ${REBUILD} cascade`, []);
    return rows.length > 0;
  });
}

/**
 * Makes the new tables, empty and without the indexes that only readers need; one that was begun by the same version goes
 * on where it was cut off.
 */
export function prepareRebuild(db: Database): Promise<void> {
  return prepareTables(db, REBUILD);
}

/** The same in any schema. */
export async function prepareTables(db: Database, schema: string): Promise<void> {
  await db.transaction(async (tx) => {
    const made = await tx.query<{ version: string }>(
      "select md5(string_agg(checksum, ' ' order by number)) as version from public.schema_migrations",
      [],
    );
    const version = `${INDEX_SHAPE} ${made[0]?.version}`;
    const there = await tx.query<{ version: string | null }>(
      "select obj_description(oid, 'pg_namespace') as version from pg_namespace where nspname = $1",
      [schema],
    );
    if (there[0]?.version === version) return;
    await tx.query(`drop schema if exists ${schema} cascade`, []);
    await tx.query(`create schema ${schema}`, []);
    for (const table of [...TABLES, "deferred_indexes"]) {
      await tx.query(
        `create table ${schema}.${table} (like public.${table} including defaults including constraints)`,
        [],
      );
    }
    await addKeys(tx, schema);
    await tx.query(`comment on schema ${schema} is '${version}'`, []);
  });
}

async function addKeys(tx: Database, schema: string): Promise<void> {
  const keys = await tx.query<{ table: string; name: string; definition: string }>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u') and c.relname = any ($1::text[])`,
    [[...TABLES, "deferred_indexes"]],
  );
  for (const { table, name, definition } of keys)
    await tx.query(`alter table ${schema}.${table} add constraint ${name} ${definition}`, []);
  const indexes = await tx.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'public' and tablename = any ($1::text[]) and not (indexname = any ($2::text[]))
     union all select name, definition from public.deferred_indexes`,
    [TABLES, keys.map(({ name }) => name)],
  );
  for (const { name, definition } of indexes) {
    const moved = definition.replace(" ON public.", ` ON ${schema}.`);
    if (definition.startsWith("CREATE UNIQUE")) await tx.query(moved, []);
    else await tx.query(`insert into ${schema}.deferred_indexes (name, definition) values ($1, $2)`, [name, moved]);
  }
}

/**
 * Puts the new tables in the place of the old ones, with the views over them, in one transaction.
 * @returns false, with nothing changed, when the two do not end with the same block
 */
export async function switchTables(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const same = await tx.query(
      `select 1 from public.chain o join ${REBUILD}.chain n
         on n.block_number = o.block_number and n.block_hash = o.block_hash
       where not exists (select 1 from ${REBUILD}.deferred_indexes) for update of o`,
      [],
    );
    if (same.length === 0) return false;
    await tx.query(`create schema ${FORMER}`, []);
    for (const table of TABLES) {
      await tx.query(`alter table public.${table} set schema ${FORMER}`, []);
      await tx.query(`alter table ${REBUILD}.${table} set schema public`, []);
    }
    // Those that the old tables still waited for.
    await tx.query("delete from public.deferred_indexes", []);
    await createViews(tx);
    // Not with all that hangs on them: somebody else's view over the tables is not ours to drop.
    for (const table of TABLES) await tx.query(`drop table ${FORMER}.${table}`, []);
    await tx.query(`drop schema ${FORMER}`, []);
    await tx.query(`drop schema ${REBUILD} cascade`, []);
    return true;
  });
}

/**
 * Copies what the old index tells of operations that expired in a range: which they were was known in that moment, and
 * what subscribers were told stays as it is. In place of `announceExpired`.
 */
export async function copyExpired(tx: Database, first: number, last: number): Promise<void> {
  await tx.query(
    `insert into events (block_number, log_index, type, contract, transaction_hash, data)
     select block_number, log_index, type, contract, transaction_hash, data from public.events
     where type = 'operation.expired' and block_number between $1 and $2`,
    [first, last],
  );
}
