import type { Database } from "../../database.ts";
import { Conditions } from "../conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "../page.ts";
import type { StoredReason, SubmissionState } from "./submissions.ts";

export interface BatchRow {
  id: string;
  kind: string;
  createdAt: number;
}

/** One thing of a batch: what was handed over, and what became of it. */
export interface BatchItemRow {
  position: number;
  /** Null: it was refused. */
  submission: string | null;
  content: Record<string, unknown>;
  /** Why it was refused. */
  problem: Record<string, unknown> | null;
  /** Of its submission, as the others. */
  state: SubmissionState | null;
  success: boolean | null;
  reason: StoredReason | null;
  blockNumber: number | null;
}

export type NewBatchItem = Pick<BatchItemRow, "position" | "submission" | "content" | "problem">;

export const ITEM_ORDER: Order = { columns: { "i.position": "integer" }, direction: "asc" };

const COLUMNS = `i.position, i.submission, i.content, i.problem, s.state, s.success, s.reason,
  s.block_number as "blockNumber"`;

/** Stores a batch and its items, whose submissions are stored already. */
export async function insertBatch(
  tx: Database,
  batch: BatchRow & { tenant: string },
  items: readonly NewBatchItem[],
): Promise<void> {
  await tx.query("insert into submission_batches (id, tenant, kind, created_at) values ($1, $2, $3, $4)", [
    ...[batch.id, batch.tenant, batch.kind, batch.createdAt],
  ]);
  await tx.query(
    `insert into submission_items (batch, position, submission, content, problem)
     select $1, position, submission, content, problem
     from json_to_recordset($2::json) as row (position bigint, submission text, content jsonb, problem jsonb)`,
    [batch.id, JSON.stringify(items)],
  );
}

/** One of a tenant's; undefined also for one of another tenant. */
export async function findBatch(db: Database, tenant: string, id: string): Promise<BatchRow | undefined> {
  const rows = await db.query<BatchRow>(
    `select id, kind, created_at as "createdAt" from submission_batches where id = $1 and tenant = $2`,
    [id, tenant],
  );
  return rows[0];
}

/** How many items of a batch stand in each state; refused ones count as `refused`. */
export async function countItems(db: Database, batch: string): Promise<Record<string, number>> {
  const rows = await db.query<{ state: string; count: number }>(
    `select coalesce(s.state, 'refused') as state, count(*) as count
     from submission_items i left join submissions s on s.id = i.submission where i.batch = $1 group by 1`,
    [batch],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** A batch's items in their order; only those that were refused or did not succeed, when asked for. */
export function listItems(
  db: Database,
  batch: string,
  failedOnly: boolean,
  page: PageRequest,
): Promise<PageOf<BatchItemRow>> {
  const conditions = new Conditions().equal("i.batch", batch);
  if (failedOnly) conditions.add("(i.submission is null or s.state in ('expired', 'rejected') or s.success is false)");
  const from = "submission_items i left join submissions s on s.id = i.submission";
  return readPage<BatchItemRow>(db, { select: COLUMNS, from, conditions, order: ITEM_ORDER, page });
}
