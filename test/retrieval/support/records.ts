import { insertRows } from "../../../src/store/bulk.ts";
import type { Database } from "../../../src/store/database.ts";
import { APPENDED } from "../../../src/store/tables.ts";

/** What the indexer writes when it sees that an account recorded a digest. */
export async function recordOnChain(
  db: Database,
  { owner, digest, block, kind = 0 }: { owner: string; digest: string; block: number; kind?: number },
): Promise<string> {
  const id = `${block.toString(16).padStart(4, "0")}${digest.slice(6)}`;
  await insertRows(db, "records", APPENDED.records.columns, [
    {
      ...{
        id,
        owner: owner.slice(2),
        digest: digest.slice(2),
        algorithm: 0x12,
        kind,
        recorded_at: 1_800_000_000 + block,
      },
      ...{ subject: null, responsible: null, business_key: null, refers_to: null },
      ...{ transaction_hash: "cd".repeat(32), block_number: block, log_index: 3 },
    },
  ]);
  return `0x${id}`;
}

/** The owner takes a record back. */
export async function revokeOnChain(db: Database, record: string, block: number): Promise<void> {
  await db.query(
    `insert into record_statuses (record, status, superseded_by, reason, transaction_hash, from_block, from_log)
     values (decode($1, 'hex'), 2, null, decode($2, 'hex'), decode($2, 'hex'), $3, 0)`,
    [record.slice(2), "ef".repeat(32), block],
  );
}
