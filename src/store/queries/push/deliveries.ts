import type { Database } from "../../database.ts";

export interface NewDelivery {
  subscription: string;
  block: number;
  log: number;
}

export interface DeliveryRow extends NewDelivery {
  state: "pending" | "delivered" | "dead";
  attempts: number;
  /** Milliseconds, as the others. */
  createdAt: number;
  dueAt: number;
  endedAt: number | null;
  responseStatus: number | null;
  failure: string | null;
}

/** What an attempt came to. */
export interface Attempt {
  state: "pending" | "delivered" | "dead";
  dueAt: number;
  endedAt: number | null;
  responseStatus: number | null;
  failure: string | null;
}

export type FinishedAttempt = NewDelivery & Attempt;

const COLUMNS = `subscription, block_number as block, log_index as log, state, attempts, created_at as "createdAt",
  due_at as "dueAt", ended_at as "endedAt", response_status as "responseStatus", failure`;

/** Writes deliveries that are due at once; one that ended before is delivered again. */
export async function insertDeliveries(db: Database, deliveries: readonly NewDelivery[], now: number): Promise<void> {
  if (deliveries.length === 0) return;
  await db.query(
    `insert into deliveries (subscription, block_number, log_index, state, attempts, created_at, due_at)
     select given.subscription, given.block_number, given.log_index, 'pending', 0, $4::int8, $4::int8
     from unnest($1::text[], $2::int8[], $3::int8[]) as given (subscription, block_number, log_index)
     join subscriptions on subscriptions.id = given.subscription
     on conflict (subscription, block_number, log_index) do update
       set state = 'pending', attempts = 0, created_at = $4::int8, due_at = $4::int8, ended_at = null`,
    [
      deliveries.map(({ subscription }) => subscription),
      deliveries.map(({ block }) => block),
      deliveries.map(({ log }) => log),
      now,
    ],
  );
}

/**
 * The next deliveries of each subscription in the order of their events, none of blocks that it has still to catch up
 * with.
 *
 * @param limit most of one subscription
 */
export function pendingDeliveries(
  db: Database,
  subscriptions: readonly { id: string; catchUpBlock: number | null }[],
  limit: number,
): Promise<DeliveryRow[]> {
  if (subscriptions.length === 0) return Promise.resolve([]);
  return db.query<DeliveryRow>(
    `select next.* from unnest($1::text[], $2::int8[]) as given (id, before)
     cross join lateral (
       select ${COLUMNS} from deliveries
       where subscription = given.id and state = 'pending' and (given.before is null or block_number < given.before)
       order by block_number, log_index limit $3::int8
     ) as next
     order by next.subscription, next.block, next.log`,
    [subscriptions.map(({ id }) => id), subscriptions.map(({ catchUpBlock }) => catchUpBlock), limit],
  );
}

/** Subscriptions that have something to be told, or events of earlier blocks to look through. */
export async function subscriptionsWithWork(db: Database): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from subscriptions where status = 'active' and (catch_up_block is not null
       or exists (select 1 from deliveries where subscription = subscriptions.id and state = 'pending'))`,
    [],
  );
  return rows.map(({ id }) => id);
}

/** Notes what attempts came to; each delivery at most once. */
export async function finishAttempts(db: Database, attempts: readonly FinishedAttempt[]): Promise<void> {
  const all = <Name extends keyof FinishedAttempt>(name: Name) => attempts.map((attempt) => attempt[name]);
  await db.query(
    `update deliveries set state = given.state, attempts = attempts + 1, due_at = given.due_at,
       ended_at = given.ended_at, response_status = given.response_status, failure = given.failure
     from unnest($1::text[], $2::int8[], $3::int8[], $4::text[], $5::int8[], $6::int8[], $7::int8[], $8::text[])
       as given (subscription, block, log, state, due_at, ended_at, response_status, failure)
     where deliveries.subscription = given.subscription and block_number = given.block and log_index = given.log`,
    [
      ...[all("subscription"), all("block"), all("log"), all("state"), all("dueAt"), all("endedAt")],
      ...[all("responseStatus"), all("failure")],
    ],
  );
}

/** Deliveries of a subscription, newest event first. */
export function listDeliveries(
  db: Database,
  subscription: string,
  state: DeliveryRow["state"] | undefined,
  before: { block: number; log: number } | undefined,
  limit: number,
): Promise<DeliveryRow[]> {
  return db.query<DeliveryRow>(
    `select ${COLUMNS} from deliveries where subscription = $1 and ($2::text is null or state = $2)
       and ($3::int8 is null or (block_number, log_index) < ($3::int8, $4::int8))
     order by block_number desc, log_index desc limit $5::int8`,
    [subscription, state ?? null, before?.block ?? null, before?.log ?? null, limit],
  );
}

/** Makes deliveries pending again: one of them, or every dead one. @returns how many */
export async function redeliver(
  db: Database,
  subscription: string,
  which: { block: number; log: number } | "dead",
  now: number,
): Promise<number> {
  const condition = which === "dead" ? "state = 'dead'" : "block_number = $3::int8 and log_index = $4::int8";
  const rows = await db.query(
    `update deliveries set state = 'pending', attempts = 0, created_at = $2::int8, due_at = $2::int8, ended_at = null
     where subscription = $1 and ${condition} returning 1`,
    [subscription, now, ...(which === "dead" ? [] : [which.block, which.log])],
  );
  return rows.length;
}

/** Forgets what ended before a time. */
export async function forgetDeliveries(db: Database, endedBefore: number): Promise<void> {
  await db.query("delete from deliveries where state <> 'pending' and ended_at < $1", [endedBefore]);
}

/** Forgets deliveries of events above a block, which a development chain lost. */
export async function rewindDeliveries(tx: Database, block: number): Promise<void> {
  await tx.query("delete from deliveries where block_number > $1", [block]);
  await tx.query("update push_position set block_number = $1 where block_number > $1", [block]);
}
