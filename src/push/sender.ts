import type { Clock } from "../core/clock.ts";
import { cloudEvent, type StoredEvent } from "../core/cloud-event.ts";
import { compileFilter } from "../core/event-filter.ts";
import { beginningOf, eventId } from "../core/event-position.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { type Attempt, type DeliveryRow, insertDeliveries } from "../store/queries/push/deliveries.ts";
import { moveCatchUp, type SubscriptionRow, updateSubscription } from "../store/queries/push/subscriptions.ts";
import { delayAfter, GIVE_UP_AFTER } from "./backoff.ts";
import type { DeliveryDesk, Due } from "./delivery-desk.ts";
import { lookThrough } from "./matching.ts";
import type { WebhookAnswer, WebhookPoster } from "./post-webhook.ts";
import type { Semaphore } from "./semaphore.ts";
import { signedHeaders } from "./webhook-signature.ts";

/** A receiver's answer that it is gone for good (Standard Webhooks). */
const GONE = 410;

export interface SenderOptions {
  db: Database;
  chainId: number;
  poster: WebhookPoster;
  /** Shared by all senders. */
  desk: DeliveryDesk;
  /** Shared by all senders: how many receivers are spoken to at a time. */
  places: Semaphore;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

/**
 * Tells one subscription's receiver its events, one after the other in their order: the next one only when the one
 * before was taken, or given up after three days. What is told and what is not is in the database; a process that ends
 * between an answer and its note sends that event again, with the same id.
 */
export class Sender {
  readonly #id: string;
  readonly #options: SenderOptions;
  readonly #ended = new AbortController();
  #woken = false;
  #working: Promise<void> | undefined;
  #nap = new AbortController();

  constructor(id: string, options: SenderOptions) {
    this.#id = id;
    this.#options = options;
  }

  /** There may be something to tell. */
  wake(): void {
    if (this.#ended.signal.aborted) return;
    this.#woken = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** The subscription has changed: a waiting time that was for its former receiver is over. */
  hurry(): void {
    this.#nap.abort();
    this.wake();
  }

  /** Finishes the attempt that is under way. */
  async stop(): Promise<void> {
    this.#ended.abort();
    this.#nap.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#woken && !this.#ended.signal.aborted) {
      this.#woken = false;
      try {
        await this.#tellAll();
      } catch (error) {
        const { clock, logger } = this.#options;
        logger.warn({ err: error, subscription: this.#id }, "Telling a subscription failed");
        await this.#sleep(clock, delayAfter(1, 0));
        this.#woken = true;
      }
    }
  }

  async #tellAll(): Promise<void> {
    const { desk, clock } = this.#options;
    while (!this.#ended.signal.aborted) {
      if (this.#nap.signal.aborted) this.#nap = new AbortController();
      const { subscription, deliveries } = await desk.workOf(this.#id);
      if (subscription?.status !== "active") return;
      if (deliveries.length === 0) {
        if (subscription.catchUpBlock === null) return;
        await this.#catchUp(subscription, subscription.catchUpBlock);
        continue;
      }
      const wait = await this.#tell(subscription, deliveries);
      if (wait > 0) await this.#sleep(clock, wait);
    }
  }

  /** Tells of these events. @returns milliseconds to wait before going on */
  async #tell(subscription: SubscriptionRow, deliveries: readonly Due[]): Promise<number> {
    const { clock, places } = this.#options;
    const { attempts, dueAt } = (deliveries[0] as Due).row;
    // Before its first attempt nothing waits, even if the clock was put back since it was written.
    const first = attempts === 0 ? 0 : dueAt - clock.now();
    if (first > 0) return first;
    for (const { row, event } of deliveries) {
      // A development chain lost its block meanwhile, and the delivery went with it.
      if (event === undefined) return 0;
      if (this.#ended.signal.aborted || this.#nap.signal.aborted) return 0;
      const answer = await places.run(() => this.#post(subscription, event));
      const wait = await this.#note(subscription, row, answer);
      if (wait !== undefined) return wait;
    }
    return 0;
  }

  #post(subscription: SubscriptionRow, event: StoredEvent): Promise<WebhookAnswer> {
    const { chainId, clock, poster } = this.#options;
    const body = JSON.stringify(cloudEvent(event, chainId));
    const now = clock.now();
    const { secret, formerSecret, formerSecretUntil } = subscription;
    const secrets = formerSecret === null || (formerSecretUntil ?? 0) <= now ? [secret] : [secret, formerSecret];
    const headers = signedHeaders(eventId(event, event.blockHash), Math.floor(now / 1_000), body, secrets);
    return poster.post(subscription.url, { ...headers, "content-type": "application/cloudevents+json" }, body);
  }

  /** @returns undefined to go on with the next event, else milliseconds to wait */
  async #note(subscription: SubscriptionRow, row: DeliveryRow, answer: WebhookAnswer): Promise<number | undefined> {
    const { db, clock, desk, random, logger } = this.#options;
    const note = (attempt: Attempt) => {
      const { subscription: id, block, log } = row;
      return desk.note({ subscription: id, block, log, ...attempt });
    };
    const now = clock.now();
    const outcome = { dueAt: now, endedAt: now, responseStatus: answer.status, failure: answer.failure ?? null };
    if (answer.failure === undefined) {
      await note({ ...outcome, state: "delivered" });
      return undefined;
    }
    if (answer.status === GONE) {
      await note({ ...outcome, state: "dead" });
      await updateSubscription(db, subscription.id, { status: "disabled" });
      logger.info({ subscription: subscription.id }, "A receiver wants no more webhooks");
      return 0;
    }
    if (now - row.createdAt >= GIVE_UP_AFTER) {
      await note({ ...outcome, state: "dead" });
      return undefined;
    }
    const asked = (answer.retryAfter ?? 0) * 1_000;
    const wait = Math.max(delayAfter(row.attempts + 1, random()), asked);
    await note({ ...outcome, state: "pending", dueAt: now + wait, endedAt: null });
    return wait;
  }

  /** Writes deliveries for the next of the earlier blocks that it asked for. */
  async #catchUp({ id, filter, catchUpUntil }: SubscriptionRow, block: number): Promise<void> {
    const { db, clock } = this.#options;
    const fits = compileFilter(filter);
    const last = catchUpUntil ?? block;
    await db.transaction(async (tx) => {
      const { deliveries, until } = await lookThrough(tx, beginningOf(block), last, (event) =>
        fits(event) ? [id] : [],
      );
      await insertDeliveries(tx, deliveries, clock.now());
      await moveCatchUp(tx, id, until < last ? until + 1 : null);
    });
  }

  async #sleep(clock: Clock, milliseconds: number): Promise<void> {
    await clock.sleep(milliseconds, AbortSignal.any([this.#nap.signal, this.#ended.signal]));
  }
}
