import type { Clock } from "../core/clock.ts";
import type { StoredEvent } from "../core/cloud-event.ts";
import { MicroBatch } from "../core/micro-batch.ts";
import type { Database } from "../store/database.ts";
import {
  type DeliveryRow,
  type FinishedAttempt,
  finishAttempts,
  pendingDeliveries,
} from "../store/queries/push/deliveries.ts";
import { eventsAt } from "../store/queries/push/events.ts";
import { findSubscriptions, type SubscriptionRow } from "../store/queries/push/subscriptions.ts";

/** What a sender needs to know to go on. */
export interface Work {
  /** Undefined: it is gone. */
  readonly subscription: SubscriptionRow | undefined;
  /** Its next deliveries in order, each with its event. */
  readonly deliveries: readonly Due[];
}

export interface Due {
  readonly row: DeliveryRow;
  /** Undefined where a development chain lost the block between two looks. */
  readonly event: StoredEvent | undefined;
}

/** Deliveries of one subscription that are read at a time. */
const DELIVERIES_A_SUBSCRIPTION = 20;
const SUBSCRIPTIONS_A_QUERY = 1_000;
const ATTEMPTS_A_QUERY = 1_000;

/**
 * Reads and notes for many senders at once. One event may concern hundreds of subscriptions; asked one by one, the
 * database would be most of a webhook's way.
 */
export class DeliveryDesk {
  readonly #work: MicroBatch<string, Work>;
  readonly #notes: MicroBatch<FinishedAttempt, undefined>;
  /** Attempts since the start by what they came to; one that is tried again has failed. */
  readonly attempts = { delivered: 0, failed: 0, dead: 0 };

  constructor(db: Database, clock: Clock) {
    this.#work = new MicroBatch((ids) => readWork(db, ids), { wait: 0, most: SUBSCRIPTIONS_A_QUERY, clock });
    const note = async (attempts: FinishedAttempt[]) => {
      await finishAttempts(db, attempts);
      return attempts.map(() => undefined);
    };
    this.#notes = new MicroBatch(note, { wait: 0, most: ATTEMPTS_A_QUERY, clock });
  }

  /** A subscription as it is now, and what is to be told next. */
  workOf(subscription: string): Promise<Work> {
    return this.#work.add(subscription);
  }

  /** Resolves when the outcome of an attempt is in the database. */
  async note(attempt: FinishedAttempt): Promise<void> {
    await this.#notes.add(attempt);
    this.attempts[attempt.state === "pending" ? "failed" : attempt.state]++;
  }
}

async function readWork(db: Database, ids: readonly string[]): Promise<Work[]> {
  const subscriptions = new Map((await findSubscriptions(db, ids)).map((row) => [row.id, row]));
  const active = [...subscriptions.values()].filter(({ status }) => status === "active");
  const rows = await pendingDeliveries(db, active, DELIVERIES_A_SUBSCRIPTION);
  const events = new Map((await eventsAt(db, distinct(rows))).map((event) => [placeOf(event), event]));
  const due = new Map<string, Due[]>();
  for (const row of rows) {
    const item = { row, event: events.get(placeOf(row)) };
    const known = due.get(row.subscription);
    if (known === undefined) due.set(row.subscription, [item]);
    else known.push(item);
  }
  return ids.map((id) => ({ subscription: subscriptions.get(id), deliveries: due.get(id) ?? [] }));
}

function distinct(rows: readonly DeliveryRow[]): DeliveryRow[] {
  return [...new Map(rows.map((row) => [placeOf(row), row])).values()];
}

const placeOf = ({ block, log }: { block: number; log: number }) => `${block}-${log}`;
