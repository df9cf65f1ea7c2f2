import type { Database } from "../../database.ts";
import { Conditions } from "../conditions.ts";
import { type Order, type PageRequest, readPage } from "../page.ts";

export const ACT_STATES = ["received", "sent", "done", "failed", "refused"] as const;
export type ActState = (typeof ACT_STATES)[number];

export interface ActRow {
  id: number;
  act: string;
  input: Record<string, unknown>;
  state: ActState;
  requested_by: string;
  role: string;
  account: Uint8Array | null;
  request_id: string;
  requested_at: number;
  request_digest: Uint8Array;
  needs_confirmation: boolean;
  confirmed_by: string | null;
  confirmed_at: number | null;
  planned: number | null;
  result: Record<string, unknown> | null;
  error: Record<string, unknown> | null;
  trouble: Record<string, unknown> | null;
  ended_at: number | null;
}

const COLUMNS = `a.id, a.act, a.input, a.state, a.requested_by, a.role, a.account, a.request_id, a.requested_at,
  a.request_digest, a.needs_confirmation, a.confirmed_by, a.confirmed_at, a.planned, a.result, a.error, a.trouble, a.ended_at`;

export interface NewAct {
  act: string;
  input: Record<string, unknown>;
  requestedBy: string;
  role: string;
  account: Uint8Array | null;
  requestId: string;
  requestedAt: number;
  tenant: string;
  idempotencyKey: string | undefined;
  digest: Uint8Array;
  needsConfirmation: boolean;
}

/** @returns undefined where the tenant has used the idempotency key before */
export async function insertAct(db: Database, act: NewAct): Promise<ActRow | undefined> {
  const rows = await db.query<ActRow>(
    `insert into operator_acts as a (act, input, requested_by, role, account, request_id, requested_at, tenant,
       idempotency_key, request_digest, needs_confirmation)
     values ($1, $2::jsonb, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict do nothing returning ${COLUMNS}`,
    [
      ...[act.act, JSON.stringify(act.input), act.requestedBy, act.role, act.account, act.requestId, act.requestedAt],
      ...[act.tenant, act.idempotencyKey ?? null, act.digest, act.needsConfirmation],
    ],
  );
  return rows[0];
}

export async function findAct(db: Database, id: number): Promise<ActRow | undefined> {
  return (await db.query<ActRow>(`select ${COLUMNS} from operator_acts a where a.id = $1`, [id]))[0];
}

export async function findActByKey(db: Database, tenant: string, key: string): Promise<ActRow | undefined> {
  const text = `select ${COLUMNS} from operator_acts a where a.tenant = $1 and a.idempotency_key = $2`;
  return (await db.query<ActRow>(text, [tenant, key]))[0];
}

export const ACT_ORDER: Order = { columns: { "a.id": "integer" }, direction: "desc" };

export interface ActFilter {
  act?: string | undefined;
  state?: ActState | undefined;
  requestedBy?: string | undefined;
  /** Whether they wait for another person. */
  unconfirmed?: boolean | undefined;
}

/** Newest first. */
export function listActs(db: Database, filter: ActFilter, page: PageRequest) {
  const conditions = new Conditions()
    .equal("a.act", filter.act)
    .equal("a.state", filter.state)
    .equal("a.requested_by", filter.requestedBy);
  if (filter.unconfirmed === true) {
    conditions.add("a.needs_confirmation and a.confirmed_by is null and a.state = 'received'");
  }
  return readPage<ActRow>(db, { select: COLUMNS, from: "operator_acts a", conditions, order: ACT_ORDER, page });
}

/**
 * Acts that may go on now, oldest first: confirmed where that is needed, and without a transaction whose end is not
 * known.
 */
export function actsToAdvance(db: Database): Promise<ActRow[]> {
  return db.query<ActRow>(
    `select ${COLUMNS} from operator_acts a
     where a.state in ('received', 'sent') and (not a.needs_confirmation or a.confirmed_by is not null)
       and not exists (select 1 from operator_transactions t where t.act_id = a.id and t.state = 'signed')
     order by a.id`,
    [],
  );
}

/** @returns whether the act waited for it */
export async function confirmAct(db: Database, id: number, by: string, now: number): Promise<boolean> {
  const rows = await db.query(
    `update operator_acts set confirmed_by = $2, confirmed_at = $3
     where id = $1 and state = 'received' and needs_confirmation and confirmed_by is null returning 1`,
    [id, by, now],
  );
  return rows.length > 0;
}

/** Notes that a transaction of the act is going to be sent. @returns false for an act that has ended */
export async function markActSent(db: Database, id: number): Promise<boolean> {
  const rows = await db.query(
    "update operator_acts set state = 'sent', trouble = null where id = $1 and state in ('received', 'sent') returning 1",
    [id],
  );
  return rows.length > 0;
}

export async function planAct(db: Database, id: number, planned: number): Promise<void> {
  await db.query("update operator_acts set planned = $2 where id = $1 and planned is distinct from $2", [id, planned]);
}

/** Notes what an act waits for. */
export async function troubleAct(db: Database, id: number, trouble: Record<string, unknown>): Promise<void> {
  await db.query("update operator_acts set trouble = $2::jsonb where id = $1 and ended_at is null", [
    id,
    JSON.stringify(trouble),
  ]);
}

export interface ActEnd {
  state: "done" | "failed" | "refused";
  result?: Record<string, unknown>;
  error?: Record<string, unknown>;
}

/**
 * Ends an act.
 * @param from states in which it may be
 * @returns false when it was in none of them
 */
export async function endAct(
  db: Database,
  id: number,
  { state, result, error }: ActEnd,
  now: number,
  from: readonly ActState[] = ["received", "sent"],
): Promise<boolean> {
  const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
  const rows = await db.query(
    `update operator_acts set state = $2, result = $3::jsonb, error = $4::jsonb, trouble = null, ended_at = $5
     where id = $1 and state = any($6::text[]) returning 1`,
    [id, state, json(result), json(error), now, from],
  );
  return rows.length > 0;
}

/** Takes an end back, of an act whose block a development chain has lost. */
export async function reopenAct(db: Database, id: number): Promise<void> {
  await db.query(
    "update operator_acts set state = 'sent', result = null, error = null, ended_at = null where id = $1",
    [id],
  );
}

/** How many acts are in each state. */
export function countActs(db: Database): Promise<{ state: ActState; count: number }[]> {
  return db.query("select state, count(*)::bigint as count from operator_acts group by state", []);
}
