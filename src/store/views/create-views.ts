import { createHash } from "node:crypto";
import type { Database } from "../database.ts";
import { viewDefinitions } from "./definitions.ts";
import { grantToReaders } from "./grants.ts";
import { quoted } from "./quoted.ts";
import { createRecordBase } from "./record-base.ts";

/**
 * PostgreSQL schema of the views over the index. Not `brop`: a user of that name would find the views where it means the
 * tables, since a schema of the user's name is looked into first.
 */
export const VIEWS = "brop_views";
// Any fixed number, the same in every process.
const ADVISORY_LOCK = 8421;

/** Only one makes views at a time. Until the transaction ends. */
export async function lockViews(tx: Database): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
}

/**
 * Makes every view of the schema `brop_views`, and what the views of business data stand on, over the index's tables, in the caller's transaction; to be called again when
 * these are others than before. Who could read the views still can.
 *
 * @param schema PostgreSQL schema of the index's tables
 */
export async function createViews(tx: Database, schema = "public"): Promise<void> {
  await lockViews(tx);
  await createRecordBase(tx, schema);
  await tx.query(`create schema if not exists ${VIEWS}`, []);
  const definitions = viewDefinitions();
  const known = new Set(definitions.map(({ name }) => name));
  const there = await tx.query<{ name: string }>("select viewname as name from pg_views where schemaname = $1", [
    VIEWS,
  ]);
  for (const { name } of there) if (!known.has(name)) await tx.query(`drop view ${VIEWS}.${quoted(name)}`, []);
  for (const { name, columns, from } of definitions) {
    const list = columns.map((column) => `${column.sql} as ${quoted(column.name)}`).join(", ");
    await replaceView(tx, `${VIEWS}.${quoted(name)}`, `select ${list} ${from.replaceAll("$schema", quoted(schema))}`);
  }
  await grantToReaders(tx, VIEWS);
  await tx.query(`comment on schema ${VIEWS} is '${checksum(schema)}'`, []);
}

/** As `createViews`, unless the views of this version are there. */
export async function ensureViews(db: Database): Promise<void> {
  const rows = await db.query<{ comment: string | null }>(
    "select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = $1",
    [VIEWS],
  );
  if (rows[0]?.comment !== checksum("public")) await db.transaction((tx) => createViews(tx));
}

/** A view that has other columns than before can not be replaced: it is made anew. */
async function replaceView(tx: Database, name: string, select: string): Promise<void> {
  try {
    await tx.transaction((nested) => nested.query(`create or replace view ${name} as ${select}`, []));
  } catch {
    await tx.query(`drop view if exists ${name}`, []);
    await tx.query(`create view ${name} as ${select}`, []);
  }
}

function checksum(schema: string): string {
  return createHash("sha256")
    .update(JSON.stringify([schema, viewDefinitions()]))
    .digest("hex");
}
