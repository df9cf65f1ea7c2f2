import type { EventPosition } from "../core/event-position.ts";
import type { Database } from "../store/database.ts";
import { insertDeliveries, type NewDelivery } from "../store/queries/push/deliveries.ts";
import { eventsAfter } from "../store/queries/push/events.ts";
import {
  lastIndexedBlock,
  lockPushPosition,
  movePushPosition,
  readPushPosition,
} from "../store/queries/push/position.ts";
import type { PlacedEvent } from "./subscription-index.ts";

/** Events that are looked through in one transaction, beyond which it ends with a block. */
const EVENTS_A_TRANSACTION = 2_000;
/** After every event of a block. */
const END = Number.MAX_SAFE_INTEGER;

/** What one step came to. */
export interface Matched {
  /** Whether there may be more. */
  readonly more: boolean;
  /** Subscriptions that have something new to be told. */
  readonly subscriptions: ReadonlySet<string>;
}

/** Tells which subscriptions want an event. */
export type Matching = (event: PlacedEvent) => readonly string[];

const NOTHING: Matched = { more: false, subscriptions: new Set() };

/**
 * Writes deliveries for the next blocks that are indexed, and how far that is, in one transaction: an event is matched
 * exactly once, whenever the process ends, and with the subscriptions of that moment, whichever process made them.
 *
 * @param known revision of the subscriptions that the caller knows
 * @param prepare brings them up to a revision and answers for them
 */
export async function matchNext(
  db: Database,
  known: number,
  prepare: (tx: Database, revision: number) => Promise<Matching>,
  now: number,
): Promise<Matched> {
  const seen = await readPushPosition(db);
  if (seen.revision === known && seen.block >= (await lastIndexedBlock(db))) return NOTHING;
  return db.transaction(async (tx) => {
    const { block, revision } = await lockPushPosition(tx);
    const head = await lastIndexedBlock(tx);
    const matching = await prepare(tx, revision);
    if (block >= head) return NOTHING;
    const { deliveries, until } = await lookThrough(tx, { block, log: END }, head, matching);
    await insertDeliveries(tx, deliveries, now);
    await movePushPosition(tx, until);
    return { more: until < head, subscriptions: new Set(deliveries.map(({ subscription }) => subscription)) };
  });
}

/** Deliveries for the events behind a position, of as many whole blocks as fit, and the last of these blocks. */
export async function lookThrough(
  tx: Database,
  after: EventPosition,
  last: number,
  matching: Matching,
): Promise<{ deliveries: NewDelivery[]; until: number }> {
  const deliveries: NewDelivery[] = [];
  let position = after;
  for (let seen = 0; ; ) {
    const events = await eventsAfter(tx, position, last, EVENTS_A_TRANSACTION);
    for (const event of events) {
      const { block, log } = event;
      // A block ends with the next one's first event.
      if (seen >= EVENTS_A_TRANSACTION && block !== position.block) return { deliveries, until: position.block };
      for (const subscription of matching(event)) deliveries.push({ subscription, block, log });
      position = { block, log };
      seen++;
    }
    if (events.length < EVENTS_A_TRANSACTION) return { deliveries, until: last };
  }
}
