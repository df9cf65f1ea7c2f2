import type { EventFilter } from "../../../core/event-filter.ts";
import type { Database } from "../../database.ts";

export type SubscriptionStatus = "active" | "paused" | "disabled";

export interface SubscriptionRow {
  id: string;
  owner: string;
  url: string;
  description: string;
  filter: EventFilter;
  secret: Uint8Array;
  formerSecret: Uint8Array | null;
  /** Milliseconds. */
  formerSecretUntil: number | null;
  status: SubscriptionStatus;
  createdAt: number;
  revision: number;
  catchUpBlock: number | null;
  catchUpUntil: number | null;
  /** It is told of nothing before this block. */
  firstBlock: number | null;
}

export type NewSubscription = Omit<SubscriptionRow, "formerSecret" | "formerSecretUntil" | "revision">;

/** What changes; the others stay. */
export type SubscriptionChanges = Partial<Omit<SubscriptionRow, "id" | "owner" | "createdAt" | "revision">>;

const COLUMNS = `id, owner, url, description, filter, secret, former_secret as "formerSecret",
  former_secret_until as "formerSecretUntil", status, created_at as "createdAt", revision, catch_up_block as "catchUpBlock",
  catch_up_until as "catchUpUntil", first_block as "firstBlock"`;

export async function insertSubscription(db: Database, row: NewSubscription): Promise<void> {
  await db.query(
    `insert into subscriptions (id, owner, url, description, filter, secret, status, created_at, catch_up_block,
       catch_up_until, first_block) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11)`,
    [
      ...[row.id, row.owner, row.url, row.description, JSON.stringify(row.filter), row.secret, row.status],
      ...[row.createdAt, row.catchUpBlock, row.catchUpUntil, row.firstBlock],
    ],
  );
}

export async function findSubscription(db: Database, id: string): Promise<SubscriptionRow | undefined> {
  return (await db.query<SubscriptionRow>(`select ${COLUMNS} from subscriptions where id = $1`, [id]))[0];
}

export function listSubscriptions(db: Database, owner: string): Promise<SubscriptionRow[]> {
  return db.query<SubscriptionRow>(`select ${COLUMNS} from subscriptions where owner = $1 order by created_at, id`, [
    owner,
  ]);
}

export function findSubscriptions(db: Database, ids: readonly string[]): Promise<SubscriptionRow[]> {
  return db.query<SubscriptionRow>(`select ${COLUMNS} from subscriptions where id = any($1::text[])`, [ids]);
}

/** Changes some members. */
export async function updateSubscription(db: Database, id: string, changes: SubscriptionChanges): Promise<void> {
  const columns: Readonly<Record<string, string>> = {
    url: "url",
    description: "description",
    filter: "filter",
    secret: "secret",
    formerSecret: "former_secret",
    formerSecretUntil: "former_secret_until",
    status: "status",
    catchUpBlock: "catch_up_block",
    catchUpUntil: "catch_up_until",
    firstBlock: "first_block",
  };
  const names = Object.keys(changes);
  if (names.length === 0) return;
  const sets = names.map((name, index) => `${columns[name]} = $${index + 2}${name === "filter" ? "::jsonb" : ""}`);
  const values = Object.entries(changes).map(([name, value]) => (name === "filter" ? JSON.stringify(value) : value));
  await db.query(`update subscriptions set ${sets.join(", ")}, revision = revision + 1 where id = $1`, [id, ...values]);
}

/** Notes from which block on a subscription still has to look through earlier events; null: it is done. */
export async function moveCatchUp(tx: Database, id: string, block: number | null): Promise<void> {
  await tx.query(
    `update subscriptions set catch_up_block = $2::int8,
       catch_up_until = case when $2::int8 is null then null else catch_up_until end where id = $1`,
    [id, block],
  );
}

/** Revisions of those that events are matched with: all that are not disabled. A paused one still collects. */
export async function subscriptionRevisions(db: Database): Promise<Map<string, number>> {
  const rows = await db.query<{ id: string; revision: number }>(
    "select id, revision from subscriptions where status <> 'disabled'",
    [],
  );
  return new Map(rows.map(({ id, revision }) => [id, revision]));
}

/** @returns whether it was there */
export async function deleteSubscription(db: Database, id: string): Promise<boolean> {
  return (await db.query("delete from subscriptions where id = $1 returning 1", [id])).length > 0;
}
