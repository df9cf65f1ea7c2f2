import { errorFromRevert } from "../chain/contract-errors.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { readPosition } from "../store/queries/position.ts";
import { forgetIdempotencyKeys } from "../store/queries/uplink/idempotency-keys.ts";
import {
  type Attempt,
  dueSubmissions,
  finishSubmissions,
  lateSubmissions,
  noteAttempts,
  type OpenSubmission,
  openSubmissions,
  type SubmissionEnd,
} from "../store/queries/uplink/open.ts";
import type { SubmissionRow } from "../store/queries/uplink/submissions.ts";
import { delayAfterRefusal, delayBeforeRepeat } from "./backoff.ts";
import type { UplinkEnd, UplinkEnds } from "./operation-ends.ts";
import { storedReason } from "./reason.ts";
import type { Relay } from "./relay.ts";
import { type Outcome, Relays } from "./relays.ts";

export interface UplinkOptions {
  db: Database;
  /** Asked in turn; at least one. */
  relays: readonly Relay[];
  ends: UplinkEnds;
  /** Height of the chain, by a node that is trusted. */
  head: () => Promise<number>;
  /** Told when submissions ended. */
  onEnded?: () => void;
  clock?: Clock;
  random?: () => number;
  logger?: Logger;
  /** Milliseconds between two looks for submissions of other processes, and for blocks. */
  pollInterval?: number;
}

const POLL_INTERVAL = 200;
const LONGEST_PAUSE = 10_000;
/** Submissions that are read and sent at a time. */
const PORTION = 500;
/** How long answers to requests with an idempotency key are kept: thirty days. */
const KEEP_KEYS = 30 * 24 * 3_600_000;
const TIDY_INTERVAL = 3_600_000;

/**
 * Brings submissions to their definite end (MW-3, CH-5): sends what is signed to relays, again and again until an end is
 * certain, and writes that end down. All it knows is in the database: it may be killed at any moment and goes on where
 * it stopped, since relays take the same operation twice and an end is written once. One process a database.
 */
export class Uplink {
  readonly #options: Required<UplinkOptions>;
  readonly #relays: Relays;
  readonly #stopping = new AbortController();
  #nap = new AbortController();
  #running: Promise<void> | undefined;
  #head = -1;
  /** Heights of chain and index at the last look for ends. */
  #looked = "";
  /** Milliseconds since 1970. */
  #lookedAt = -1;
  #tidied = 0;

  constructor(options: UplinkOptions) {
    const { clock = systemClock, random = Math.random, logger = silentLogger, onEnded = () => {} } = options;
    const { pollInterval = POLL_INTERVAL } = options;
    this.#options = { ...options, clock, random, logger, onEnded, pollInterval };
    this.#relays = new Relays({ relays: options.relays, clock, logger });
  }

  /** Goes on where the process before it ended. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nap.abort();
    await this.#running;
    this.#relays.close();
  }

  /** Calls that each relay did not answer since the start, by its name. */
  get unanswered(): Readonly<Record<string, number>> {
    return this.#relays.unanswered;
  }

  /** A block was indexed, or something was handed over: there is no need to wait for the next look. */
  nudge(): void {
    this.#nap.abort();
  }

  async #run(): Promise<void> {
    const { clock, logger, pollInterval } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      this.#nap = new AbortController();
      try {
        await this.pass();
        failures = 0;
      } catch (error) {
        if (failures++ === 0) logger.warn({ err: error }, "Submissions are not worked on");
      }
      const wait = Math.min(LONGEST_PAUSE, pollInterval * 2 ** failures);
      await clock.sleep(wait, AbortSignal.any([this.#nap.signal, this.#stopping.signal]));
    }
  }

  /** One look: sends what is due and finds ends. `start` does this all the time. */
  async pass(): Promise<void> {
    await this.#look();
    await this.#send();
    await this.#tidy();
  }

  async #send(): Promise<void> {
    const { db, clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const due = await dueSubmissions(db, clock.now(), this.#head, PORTION);
      const turns = Map.groupBy(due, ({ attempts }) => attempts);
      await Promise.all([...turns].map(([turn, rows]) => this.#offer(rows, turn)));
      if (due.length < PORTION) return;
    }
  }

  async #offer(rows: readonly SubmissionRow[], turn: number): Promise<void> {
    const { db, clock, random } = this.#options;
    const outcomes = await this.#relays.hand(rows, turn);
    const now = clock.now();
    const attempts = rows.map(({ id, hash }): Attempt => {
      const outcome = outcomes.get(hash) as Outcome;
      if ("relay" in outcome) return { id, relay: outcome.relay, dueAt: now + delayBeforeRepeat(turn, random()) };
      const { refusal } = outcome;
      return { id, dueAt: now + delayAfterRefusal(turn, random()), reason: storedReason(refusal) };
    });
    await noteAttempts(db, attempts);
  }

  /** Looks for ends: of all when chain or index has moved since the last time, else of those whose turn has come. */
  async #look(): Promise<void> {
    const { db, head, logger, clock } = this.#options;
    const indexed = (await readPosition(db))?.block_number ?? -1;
    try {
      this.#head = await head();
    } catch (error) {
      // Sending goes on without it; the height only spares relays what is too late.
      logger.debug({ err: error }, "The chain's height is not known");
    }
    const heights = `${this.#head} ${indexed}`;
    const now = clock.now();
    // After a clock was put back what is due since then is not known.
    const after = this.#lookedAt > now ? -1 : this.#lookedAt;
    if (heights === this.#looked) {
      // It may have been on the chain before it was handed over, and no block may come for a long time.
      await this.#finish(await lateSubmissions(db, { after, until: now, head: this.#head, limit: PORTION }));
      this.#lookedAt = now;
      return;
    }
    for (let behind = ""; ; ) {
      const open = await openSubmissions(db, behind, PORTION);
      await this.#finish(open);
      const last = open.at(-1);
      if (last === undefined || open.length < PORTION) break;
      behind = last.id;
    }
    this.#looked = heights;
    this.#lookedAt = now;
  }

  async #finish(open: readonly OpenSubmission[]): Promise<void> {
    const { db, ends, clock, onEnded } = this.#options;
    if (open.length === 0) return;
    const found = await ends.find(
      open.map(({ hash, sender, nonce, deadline, createdBlock }) => ({
        ...{ hash, sender, nonce, deadlineBlock: deadline, sentAfterBlock: createdBlock },
      })),
    );
    const rows = open.flatMap(({ id, hash }) => {
      const end = found.get(hash);
      return end === undefined ? [] : [rowOf(id, end)];
    });
    const finished = await finishSubmissions(db, rows, clock.now());
    if (finished.length > 0) onEnded();
  }

  /** What is done from time to time. */
  async #tidy(): Promise<void> {
    const { db, clock } = this.#options;
    const now = clock.now();
    if (now - this.#tidied < TIDY_INTERVAL) return;
    await forgetIdempotencyKeys(db, now - KEEP_KEYS);
    this.#tidied = now;
  }
}

function rowOf(id: string, end: UplinkEnd): SubmissionEnd {
  const { block } = end;
  if (end.state === "expired") return { id, state: "expired", block };
  if (end.state === "displaced") {
    const reason = storedReason(new BropError("operation.displaced", { by: end.by, transaction: end.transactionHash }));
    return { id, state: "rejected", block, reason };
  }
  const { transactionHash, success, receipt } = end;
  const gasUsed = Number(receipt.gasUsed);
  const included = { id, state: "included", block, transactionHash, success, gasUsed } as const;
  return success ? included : { ...included, reason: storedReason(errorFromRevert(end.reason ?? "0x")) };
}
