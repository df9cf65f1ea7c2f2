import type { Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { bytesToHex } from "../core/hex.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import { stampedDigest } from "../core/timestamp/stamped-digest.ts";
import type { Database } from "../store/database.ts";
import {
  blockStampsToAttach,
  lastBlockStamp,
  noteAttachment,
  type TimestampRow,
} from "../store/queries/timestamps/timestamps.ts";
import type { TimestampClient } from "./client/timestamp-client.ts";
import { keepStamp } from "./keep-stamp.ts";

/** A block as the chain's node gives it. */
export interface HeadBlock {
  number: number;
  hash: Uint8Array;
  /** Milliseconds since 1970. */
  time: number;
}

export interface BlockStampsOptions {
  db: Database;
  clock: Clock;
  client: Pick<TimestampClient, "stamp">;
  head(): Promise<HeadBlock>;
  /** Whether this process is the one that has blocks stamped. */
  isOurs(): boolean;
  /** Milliseconds between two stamps. */
  interval: number;
  /**
   * Has a token's digest put on chain; the same token again gives the same act.
   * @returns the act; undefined where it can not be done: no key, or the authority is not registered
   */
  attach(row: TimestampRow): Promise<number | undefined>;
  logger?: Logger;
}

const SHORTEST_PAUSE = 1_000;
const LONGEST_PAUSE = 10 * 60_000;
/** TimestampAuthorities takes one of the last 256 blocks; some are left for the way onto the chain. */
const WITHIN_REACH = 200;

/**
 * Has the hash of the newest block stamped by an authority outside, again and again (EV-2): whoever has the keys of
 * bookkeepers that retired long ago can not make another past that has these tokens. Tokens are kept, and their digests
 * put on chain. What is still to do is asked of the database each time, so it goes on after any end of the process.
 */
export class BlockStamps {
  readonly #options: Required<BlockStampsOptions>;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #pause: number;
  #failure: string | undefined;

  constructor(options: BlockStampsOptions) {
    this.#options = { logger: silentLogger, ...options };
    this.#pause = this.#usualPause;
  }

  /** Why the last try came to nothing; undefined: it did not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** Does what is due now. @returns whether a block was stamped */
  async round(): Promise<boolean> {
    const { db, clock, interval, head, isOurs } = this.#options;
    if (!isOurs()) return false;
    const last = await lastBlockStamp(db);
    const block = await head();
    // A clock that went back does not end the stamps.
    const due = last === undefined || Math.abs(clock.now() - last) >= interval;
    if (due) await this.#stamp(block);
    // A block's hash can be read in the blocks after it.
    for (const row of await blockStampsToAttach(db, block.number - WITHIN_REACH, block.number)) {
      const act = await this.#options.attach(row);
      if (act !== undefined) await noteAttachment(db, row.token_digest, act);
    }
    return due;
  }

  async #stamp({ number, hash, time }: HeadBlock): Promise<void> {
    const { db, clock, client, logger } = this.#options;
    const digest = await stampedDigest(hash, undefined);
    const stamp = await client.stamp(digest, new Date(time));
    await keepStamp(db, { kind: "block", object: hash, block: number, digest }, stamp, clock.now());
    const { authority, time: stated } = stamp.verified;
    logger.info(
      { block: number, hash: bytesToHex(hash), authority: authority.name, time: stated },
      "A block was stamped",
    );
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.round();
        this.#failure = undefined;
        this.#pause = this.#usualPause;
      } catch (error) {
        this.#failure = BropError.from(error).message;
        this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
        logger.warn({ err: error, again: this.#pause }, "A block could not be stamped");
      }
      await clock.sleep(this.#pause, signal);
    }
  }

  get #usualPause(): number {
    return Math.max(SHORTEST_PAUSE, Math.min(this.#options.interval / 10, 10_000));
  }
}
