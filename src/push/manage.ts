import { randomBytes } from "node:crypto";
import { type EventFilter, parseEventFilter } from "../core/event-filter.ts";
import type { EventPosition } from "../core/event-position.ts";
import type { Database } from "../store/database.ts";
import { redeliver } from "../store/queries/push/deliveries.ts";
import { bumpRevision, lockPushPosition } from "../store/queries/push/position.ts";
import {
  deleteSubscription,
  findSubscription,
  insertSubscription,
  type SubscriptionChanges,
  type SubscriptionRow,
  updateSubscription,
} from "../store/queries/push/subscriptions.ts";
import { checkReceiver } from "./receiver-address.ts";
import { newSecret } from "./webhook-signature.ts";

/** How long the former secret signs beside a new one, so that a receiver can change over. */
const BOTH_SECRETS_FOR = 24 * 3_600_000;
const ID_BYTES = 12;

/** What somebody asks for. */
export interface SubscriptionRequest {
  url: string;
  description?: string;
  /** Checked here. */
  filter?: unknown;
  /** Tell of events from this block on, which may lie in the past or still be to come. Without it: from now on. */
  fromBlock?: number;
}

export interface Rules {
  /** Whether receivers may be inside private networks, and without TLS. */
  allowPrivate: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Makes a subscription.
 *
 * @throws BropError `request.invalid`
 */
export async function subscribe(
  db: Database,
  owner: string,
  { url, description = "", filter, fromBlock }: SubscriptionRequest,
  { allowPrivate, now }: Rules,
): Promise<SubscriptionRow> {
  const receiver = checkReceiver(url, allowPrivate);
  const checked = parseEventFilter(filter);
  const id = `sub_${randomBytes(ID_BYTES).toString("hex")}`;
  return db.transaction(async (tx) => {
    const { block: position } = await lockPushPosition(tx);
    const past = fromBlock !== undefined && fromBlock <= position;
    await bumpRevision(tx);
    await insertSubscription(tx, {
      ...{ id, owner, url: receiver.href, description, filter: checked, secret: newSecret() },
      ...{ status: "active", createdAt: now },
      ...{ catchUpBlock: past ? fromBlock : null, catchUpUntil: past ? position : null },
      firstBlock: past ? null : (fromBlock ?? null),
    });
    return (await findSubscription(tx, id)) as SubscriptionRow;
  });
}

/** What an owner may change. */
export interface SubscriptionChange {
  url?: string;
  description?: string;
  filter?: unknown;
  status?: "active" | "paused";
}

/** @throws BropError `request.invalid` */
export async function change(
  db: Database,
  id: string,
  { url, description, filter, status }: SubscriptionChange,
  { allowPrivate }: Rules,
): Promise<void> {
  const checked: { url?: string; description?: string; filter?: EventFilter; status?: "active" | "paused" } = {};
  if (url !== undefined) checked.url = checkReceiver(url, allowPrivate).href;
  if (description !== undefined) checked.description = description;
  if (filter !== undefined) checked.filter = parseEventFilter(filter);
  if (status !== undefined) checked.status = status;
  await update(db, id, checked);
}

/** Gives a subscription a new secret; both sign for a day. */
export async function rotateSecret(db: Database, subscription: SubscriptionRow, now: number): Promise<Uint8Array> {
  const secret = newSecret();
  await update(db, subscription.id, {
    secret,
    formerSecret: subscription.secret,
    formerSecretUntil: now + BOTH_SECRETS_FOR,
  });
  return secret;
}

/** Tells every event from a block on once more, with the ids that they had; what is still to be told follows in order. */
export async function replay(db: Database, id: string, fromBlock: number): Promise<void> {
  await db.transaction(async (tx) => {
    const { block: position } = await lockPushPosition(tx);
    const subscription = await findSubscription(tx, id);
    if (subscription === undefined || fromBlock > position) return;
    await bumpRevision(tx);
    await updateSubscription(tx, id, {
      catchUpBlock: Math.min(fromBlock, subscription.catchUpBlock ?? fromBlock),
      catchUpUntil: position,
    });
  });
}

/** Sends one event again, or all that were given up. @returns how many */
export async function sendAgain(db: Database, id: string, which: EventPosition | "dead", now: number): Promise<number> {
  return db.transaction(async (tx) => {
    const count = await redeliver(tx, id, which, now);
    const subscription = await findSubscription(tx, id);
    if (count === 0 || subscription === undefined) return count;
    // Also makes the sender look again at once, instead of waiting for its next attempt.
    await update(tx, id, { status: subscription.status === "disabled" ? "active" : subscription.status });
    return count;
  });
}

/** Ends a subscription; what it was still to be told is forgotten. @returns whether it was there */
export function unsubscribe(db: Database, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockPushPosition(tx);
    await bumpRevision(tx);
    return deleteSubscription(tx, id);
  });
}

async function update(db: Database, id: string, changes: SubscriptionChanges): Promise<void> {
  await db.transaction(async (tx) => {
    await lockPushPosition(tx);
    await bumpRevision(tx);
    await updateSubscription(tx, id, changes);
  });
}
