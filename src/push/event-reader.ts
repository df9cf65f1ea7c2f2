import type { Clock } from "../core/clock.ts";
import type { StoredEvent } from "../core/cloud-event.ts";
import type { EventPosition } from "../core/event-position.ts";
import type { Database } from "../store/database.ts";
import { eventsAfter } from "../store/queries/push/events.ts";
import { lastIndexedBlock } from "../store/queries/push/position.ts";

const POLL_INTERVAL = 200;
const EVENTS_A_READ = 500;
const MOST_KEPT = 16;
/** After every event of a block. */
const END = Number.MAX_SAFE_INTEGER;

/** What was read behind a position. */
export interface Page {
  readonly events: readonly StoredEvent[];
  /** From where to go on. */
  readonly next: EventPosition;
}

/**
 * Reads events for many readers. Those who follow the newest block all ask for the same, which is read once: a thousand
 * readers cost the database as much as one.
 */
export class EventReader {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #pollInterval: number;
  readonly #stopping = new AbortController();
  readonly #kept = new Map<string, Promise<Page>>();
  #waiting: (() => void)[] = [];
  #nap = new AbortController();
  #head = -1;
  #rewinds = 0;
  #running: Promise<void> | undefined;

  /** @param pollInterval milliseconds between two looks for blocks that another process indexed */
  constructor(db: Database, clock: Clock, pollInterval = POLL_INTERVAL) {
    this.#db = db;
    this.#clock = clock;
    this.#pollInterval = pollInterval;
  }

  async start(): Promise<void> {
    this.#head = await lastIndexedBlock(this.#db);
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeAll();
    await this.#running;
  }

  /** A block was indexed: there is no need to wait for the next look. */
  nudge(): void {
    this.#nap.abort();
  }

  /** Behind the newest event. */
  get newest(): EventPosition {
    return { block: this.#head, log: END };
  }

  /** How often a development chain lost blocks. */
  get rewinds(): number {
    return this.#rewinds;
  }

  /** The next events behind a position, none when there are none yet. */
  async read(after: EventPosition): Promise<Page> {
    const head = this.#head;
    if (after.block > head || (after.block === head && after.log === END)) return { events: [], next: after };
    const name = `${after.block}-${after.log}-${head}`;
    let page = this.#kept.get(name);
    if (page === undefined) {
      page = this.#readPage(after, head);
      this.#kept.set(name, page);
      page.catch(() => this.#kept.delete(name));
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
    return page;
  }

  /** Resolves when there are blocks behind a position, after `milliseconds`, or when the signal aborts. */
  async changed(after: EventPosition, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#head > after.block || signal.aborted || this.#stopping.signal.aborted) return;
    const woken = new AbortController();
    this.#waiting.push(() => woken.abort());
    await this.#clock.sleep(milliseconds, AbortSignal.any([woken.signal, signal]));
  }

  async #readPage(after: EventPosition, head: number): Promise<Page> {
    const events = await eventsAfter(this.#db, after, head, EVENTS_A_READ);
    const last = events.at(-1);
    const whole = events.length < EVENTS_A_READ || last === undefined;
    return { events, next: whole ? { block: head, log: END } : { block: last.block, log: last.log } };
  }

  async #follow(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#nap = new AbortController();
      const head = await lastIndexedBlock(this.#db).catch(() => this.#head);
      if (head !== this.#head) {
        // A development chain may have lost blocks, and what was read of them.
        if (head < this.#head) {
          this.#kept.clear();
          this.#rewinds++;
        }
        this.#head = head;
        this.#wakeAll();
      }
      await this.#clock.sleep(this.#pollInterval, AbortSignal.any([this.#nap.signal, this.#stopping.signal]));
    }
  }

  #wakeAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
