import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { newestFirst, type PageRequest, readPage } from "./page.ts";

export interface RecordRow {
  id: Uint8Array;
  owner: Uint8Array;
  digest: Uint8Array;
  subject: Uint8Array | null;
  algorithm: number;
  kind: number;
  responsible: Uint8Array | null;
  business_key: Uint8Array | null;
  refers_to: Uint8Array | null;
  recorded_at: number;
  transaction_hash: Uint8Array;
  block_number: number;
  log_index: number;
  /** Null: valid. */
  status: number | null;
  superseded_by: Uint8Array | null;
  reason: Uint8Array | null;
  status_block: number | null;
}

export interface RecordFilter {
  digest?: Uint8Array | undefined;
  owner?: Uint8Array | undefined;
  object?: Uint8Array | undefined;
  subject?: Uint8Array | undefined;
  businessKey?: Uint8Array | undefined;
  refersTo?: Uint8Array | undefined;
  kind?: number | undefined;
  /** Seconds, both included. */
  from?: number | undefined;
  to?: number | undefined;
  at?: number | undefined;
}

export const RECORD_COLUMNS = `r.id, r.owner, r.digest, r.subject, r.algorithm, r.kind, r.responsible, r.business_key,
  r.refers_to, r.recorded_at, r.transaction_hash, r.block_number, r.log_index,
  rs.status, rs.superseded_by, rs.reason, rs.from_block as status_block`;
export const RECORD_ORDER = newestFirst("r");

/** `left join` that adds a record's status to it, as of block `at`. */
export function joinStatus(conditions: Conditions, at: number | undefined): string {
  return `left join record_statuses rs on rs.record = r.id and ${conditions.versionOf("rs", at)}`;
}

/** Newest first. */
export function findRecords(db: Database, filter: RecordFilter, page: PageRequest) {
  const conditions = new Conditions();
  const from = `records r ${joinStatus(conditions, filter.at)}`;
  conditions
    .equal("r.digest", filter.digest)
    .equal("r.owner", filter.owner)
    .equal("r.subject", filter.subject)
    .equal("r.business_key", filter.businessKey)
    .equal("r.refers_to", filter.refersTo)
    .equal("r.kind", filter.kind)
    .happened("r", filter.at);
  if (filter.object !== undefined) {
    conditions.add("r.id in (select o.record from object_links o where o.object = ?)", filter.object);
  }
  // Block time rises with the block number, by which records are ordered: the times become bounds of the same index.
  if (filter.from !== undefined) {
    conditions.add(
      "r.block_number >= coalesce((select min(number) from blocks where timestamp >= ?), 9223372036854775807)",
      filter.from,
    );
  }
  if (filter.to !== undefined) {
    conditions.add("r.block_number <= coalesce((select max(number) from blocks where timestamp <= ?), -1)", filter.to);
  }
  return readPage<RecordRow>(db, { select: RECORD_COLUMNS, from, conditions, order: RECORD_ORDER, page });
}

export async function findRecord(db: Database, id: Uint8Array, at?: number): Promise<RecordRow | undefined> {
  const conditions = new Conditions();
  const from = `records r ${joinStatus(conditions, at)}`;
  conditions.add("r.id = ?", id).happened("r", at);
  const rows = await db.query<RecordRow>(`select ${RECORD_COLUMNS} from ${from}${conditions}`, conditions.parameters);
  return rows[0];
}

/**
 * The user operation that caused a log: the first one to end behind it in the same transaction. Undefined for what a
 * transaction did without an account.
 */
export async function operationOfLog(
  db: Database,
  place: { transaction_hash: Uint8Array; block_number: number; log_index: number },
) {
  const rows = await db.query<{ hash: Uint8Array }>(
    `select hash from operations where block_number = $1 and log_index > $2 and transaction_hash = $3
     order by log_index limit 1`,
    [place.block_number, place.log_index, place.transaction_hash],
  );
  return rows[0]?.hash;
}
