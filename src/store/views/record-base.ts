import type { Database } from "../database.ts";
import { quoted } from "./quoted.ts";

const SCHEMA = "brop_internal";
/** View of records with what became of them, as the index keeps them: what the views of business data stand on. */
export const RECORD_BASE = `${SCHEMA}.records`;

/**
 * Makes the view that those of business data stand on, or points it to other tables of the index. Its columns are always
 * these, so that what stands on it stays.
 */
export async function createRecordBase(tx: Database, schema: string): Promise<void> {
  await tx.query(`create schema if not exists ${SCHEMA}`, []);
  await tx.query(
    `create or replace view ${RECORD_BASE} as
     select r.id, r.owner, r.digest, r.block_number, r.log_index, r.transaction_hash, r.recorded_at, s.status
     from ${quoted(schema)}.records r
     left join ${quoted(schema)}.record_statuses s on s.record = r.id and s.to_block is null`,
    [],
  );
}

/** Makes it over the tables that are there, unless it is there. */
export async function ensureRecordBase(tx: Database): Promise<void> {
  const [row] = await tx.query<{ there: boolean }>("select to_regclass($1) is not null as there", [RECORD_BASE]);
  if (row?.there !== true) await createRecordBase(tx, "public");
}
