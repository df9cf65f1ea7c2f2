import { type Clock, systemClock } from "../core/clock.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { forgetDeliveries, subscriptionsWithWork } from "../store/queries/push/deliveries.ts";
import { findSubscriptions, subscriptionRevisions } from "../store/queries/push/subscriptions.ts";
import { delayAfter } from "./backoff.ts";
import { DeliveryDesk } from "./delivery-desk.ts";
import { matchNext } from "./matching.ts";
import { createWebhookPoster, type WebhookPoster } from "./post-webhook.ts";
import { Semaphore } from "./semaphore.ts";
import { Sender, type SenderOptions } from "./sender.ts";
import { type PlacedEvent, SubscriptionIndex } from "./subscription-index.ts";

export interface PushOptions {
  db: Database;
  chainId: number;
  /** Whether receivers may be inside private networks, and without TLS. */
  allowPrivate?: boolean;
  poster?: WebhookPoster;
  clock?: Clock;
  random?: () => number;
  logger?: Logger;
  /** Milliseconds between two looks for blocks that another process indexed. */
  pollInterval?: number;
}

/** Receivers that are spoken to at a time. */
const MOST_RECEIVERS = 256;
const POLL_INTERVAL = 200;
/** Deliveries are shown for a week after their end. */
const KEEP_ENDED = 7 * 24 * 3_600_000;
const FORGET_INTERVAL = 3_600_000;

/**
 * Tells webhook subscriptions of events (MW-2): at least once, in order for each subscription, and nobody waits for
 * somebody else's receiver. One process a database.
 */
export class Push {
  readonly #options: Required<Omit<PushOptions, "allowPrivate">>;
  readonly #index = new SubscriptionIndex();
  readonly #revisions = new Map<string, number>();
  readonly #senders = new Map<string, Sender>();
  readonly #places = new Semaphore(MOST_RECEIVERS);
  readonly #desk: DeliveryDesk;
  readonly #stopping = new AbortController();
  #nap = new AbortController();
  #running: Promise<void> | undefined;
  /** Of the subscriptions in the index. */
  #revision = -1;
  #forgot = 0;

  constructor(options: PushOptions) {
    this.#options = {
      db: options.db,
      chainId: options.chainId,
      poster: options.poster ?? createWebhookPoster(options.allowPrivate ?? false),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      logger: options.logger ?? silentLogger,
      pollInterval: options.pollInterval ?? POLL_INTERVAL,
    };
    this.#desk = new DeliveryDesk(options.db, this.#options.clock);
  }

  /** Goes on where the process before it ended. */
  async start(): Promise<void> {
    for (const id of await subscriptionsWithWork(this.#options.db)) this.#senderOf(id).wake();
    this.#running = this.#run();
  }

  /** Finishes the attempts that are under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nap.abort();
    await this.#running;
    await Promise.all([...this.#senders.values()].map((sender) => sender.stop()));
    this.#options.poster.close();
  }

  /** Attempts to tell receivers since the start, by what they came to. */
  get attempts(): Readonly<Record<"delivered" | "failed" | "dead", number>> {
    return this.#desk.attempts;
  }

  /** A block was indexed, or a subscription changed: there is no need to wait for the next look. */
  nudge(): void {
    this.#nap.abort();
  }

  async #run(): Promise<void> {
    const { clock, logger, pollInterval, random } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      this.#nap = new AbortController();
      let wait = pollInterval;
      try {
        await this.#tidy();
        while ((await this.#match()) && !this.#stopping.signal.aborted);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) logger.warn({ err: error }, "Events were not matched with subscriptions");
        wait = Math.min(delayAfter(1, random()), pollInterval * 2 ** failures);
      }
      await clock.sleep(wait, AbortSignal.any([this.#nap.signal, this.#stopping.signal]));
    }
  }

  /** @returns whether there may be more */
  async #match(): Promise<boolean> {
    const { db, clock } = this.#options;
    const changed = new Set<string>();
    const prepare = async (tx: Database, revision: number) => {
      if (revision !== this.#revision) {
        // Should the transaction fail, all is read again.
        this.#revision = -1;
        for (const id of await this.#readSubscriptions(tx)) changed.add(id);
        this.#revision = revision;
      }
      return (event: PlacedEvent) => this.#index.matching(event);
    };
    try {
      const { more, subscriptions } = await matchNext(db, this.#revision, prepare, clock.now());
      for (const id of subscriptions) this.#senderOf(id).wake();
      return more;
    } finally {
      // Also when the transaction fails: they are known from now on and will not be told as changed again.
      for (const id of changed) this.#senderOf(id).hurry();
    }
  }

  /** What is done from time to time. */
  async #tidy(): Promise<void> {
    const now = this.#options.clock.now();
    if (now - this.#forgot < FORGET_INTERVAL) return;
    this.#forgot = now;
    await forgetDeliveries(this.#options.db, now - KEEP_ENDED);
  }

  /** @returns those that are new or have changed */
  async #readSubscriptions(tx: Database): Promise<string[]> {
    const revisions = await subscriptionRevisions(tx);
    for (const id of this.#revisions.keys()) if (!revisions.has(id)) this.#forget(id);
    const changed = [...revisions].filter(([id, revision]) => this.#revisions.get(id) !== revision).map(([id]) => id);
    for (const { id, filter, firstBlock, revision } of await findSubscriptions(tx, changed)) {
      this.#index.set(id, filter, firstBlock ?? 0);
      this.#revisions.set(id, revision);
    }
    return changed;
  }

  #forget(id: string): void {
    this.#revisions.delete(id);
    this.#index.delete(id);
    const sender = this.#senders.get(id);
    this.#senders.delete(id);
    sender?.stop().catch(() => undefined);
  }

  #senderOf(id: string): Sender {
    let sender = this.#senders.get(id);
    if (sender === undefined) {
      const options: SenderOptions = { ...this.#options, places: this.#places, desk: this.#desk };
      sender = new Sender(id, options);
      this.#senders.set(id, sender);
    }
    return sender;
  }
}
