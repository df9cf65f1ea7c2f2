import type { Database } from "../../database.ts";
import { readSubmission, type StoredReason, SUBMISSION_COLUMNS, type SubmissionRow } from "./submissions.ts";

// What the uplink's worker reads and writes. Each change says from which state it leads: a submission that ended
// meanwhile, by another process or another look, stays as it ended.

/** Signed submissions whose time to be sent has come, and whose deadline has not. */
export async function dueSubmissions(db: Database, now: number, head: number, limit: number): Promise<SubmissionRow[]> {
  const rows = await db.query<Parameters<typeof readSubmission>[0]>(
    `select ${SUBMISSION_COLUMNS} from submissions s
     where s.due_at <= $1 and s.deadline > $2 order by s.due_at, s.id limit $3::int8`,
    [now, head, limit],
  );
  return rows.map(readSubmission);
}

/** What is needed to ask for ends. */
export type OpenSubmission = Pick<
  SubmissionRow,
  "id" | "state" | "hash" | "sender" | "nonce" | "deadline" | "createdBlock"
>;

/** Submissions without an end, in the order of their ids, behind one of them. */
export async function openSubmissions(db: Database, after: string, limit: number): Promise<OpenSubmission[]> {
  const rows = await db.query<Parameters<typeof readSubmission>[0]>(
    `select s.id, s.state, s.hash, s.sender, s.nonce, s.deadline, s.created_block as "createdBlock",
       null as "transactionHash"
     from submissions s where s.ended_at is null and s.id > $1 order by s.id limit $2::int8`,
    [after, limit],
  );
  return rows.map(readSubmission);
}

/**
 * Submissions without an end whose turn came within a time, and which may have ended before it: they were offered already,
 * or came too late.
 */
export async function lateSubmissions(
  db: Database,
  { after, until, head, limit }: { after: number; until: number; head: number; limit: number },
): Promise<OpenSubmission[]> {
  const rows = await db.query<Parameters<typeof readSubmission>[0]>(
    `select s.id, s.state, s.hash, s.sender, s.nonce, s.deadline, s.created_block as "createdBlock",
       null as "transactionHash"
     from submissions s
     where s.due_at >= $1 and s.due_at <= $2 and (s.attempts > 0 or s.deadline <= $3) order by s.due_at limit $4::int8`,
    [after, until, head, limit],
  );
  return rows.map(readSubmission);
}

/** How an attempt to send one went. */
export interface Attempt {
  id: string;
  /** The relay that took it; undefined: none did. */
  relay?: string | undefined;
  dueAt: number;
  /** Why it was refused; undefined: it was not. */
  reason?: StoredReason | undefined;
}

/** Notes attempts of those that have no end meanwhile. A refusal takes nothing back: who took it before may have it. */
export async function noteAttempts(db: Database, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(({ id, relay, dueAt, reason }) => ({ id, relay, due_at: dueAt, reason }));
  await db.query(
    `update submissions s set attempts = s.attempts + 1, due_at = given.due_at,
       state = case when given.relay is null then s.state else 'submitted' end,
       relay = coalesce(given.relay, s.relay), reason = given.reason
     from json_to_recordset($1::json) as given (id text, relay text, due_at bigint, reason jsonb)
     where s.id = given.id and s.state in ('signed', 'submitted')`,
    [JSON.stringify(rows)],
  );
}

/** A definite end. */
export interface SubmissionEnd {
  id: string;
  state: "included" | "expired" | "rejected";
  block: number;
  transactionHash?: string | undefined;
  success?: boolean | undefined;
  gasUsed?: number | undefined;
  /** Undefined: what is known of it already stays. */
  reason?: StoredReason | undefined;
}

/** Writes ends of open submissions. @returns ids of those that were open */
export async function finishSubmissions(db: Database, ends: readonly SubmissionEnd[], now: number): Promise<string[]> {
  if (ends.length === 0) return [];
  const rows = ends.map(({ id, state, block, transactionHash, success, gasUsed, reason }) => ({
    ...{ id, state, block_number: block, transaction_hash: transactionHash?.slice(2), success },
    ...{ gas_used: gasUsed, reason },
  }));
  const ended = await db.query<{ id: string }>(
    `update submissions s set state = given.state, due_at = null, ended_at = $2::int8, block_number = given.block_number,
       transaction_hash = decode(given.transaction_hash, 'hex'), success = given.success, gas_used = given.gas_used,
       reason = case when given.state = 'included' then given.reason else coalesce(given.reason, s.reason) end
     from json_to_recordset($1::json) as given (id text, state text, block_number bigint, transaction_hash text,
       success boolean, gas_used bigint, reason jsonb)
     where s.id = given.id and s.ended_at is null returning s.id`,
    [JSON.stringify(rows), now],
  );
  return ended.map(({ id }) => id);
}

/**
 * Opens what was included or rejected above a block again: a development chain lost those blocks. What expired stays
 * expired: callers were told that it can never be included.
 */
export async function rewindSubmissions(tx: Database, block: number): Promise<void> {
  await tx.query(
    `update submissions set ended_at = null, block_number = null, transaction_hash = null, success = null, gas_used = null,
       reason = null, state = case when operation->>'signature' = '0x' then 'received' else 'signed' end,
       due_at = case when operation->>'signature' = '0x' then null else 0 end
     where state in ('included', 'rejected') and block_number > $1`,
    [block],
  );
}

/** How many submissions stand in each state. */
export async function countSubmissionsByState(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ state: string; count: number }>(
    "select state, count(*) as count from submissions group by state",
    [],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** When the oldest signed submission without an end came, milliseconds; undefined: there is none. */
export async function oldestOpenSubmission(db: Database): Promise<number | undefined> {
  const [row] = await db.query<{ oldest: number | null }>(
    "select min(created_at) as oldest from submissions where ended_at is null and due_at is not null",
    [],
  );
  return row?.oldest ?? undefined;
}
