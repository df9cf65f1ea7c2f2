import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { Database } from "./database.ts";
import { confirmLease } from "./queries/key-leases/confirm.ts";
import { releaseLease } from "./queries/key-leases/release.ts";
import { type HeldLease, renewLease } from "./queries/key-leases/renew.ts";
import { takeLease } from "./queries/key-leases/take.ts";

export interface KeyLeaseOptions {
  db: Database;
  /** Address of the key, `0x...`. */
  key: string;
  /** Milliseconds that the lease outlives a process that died; it is renewed three times as often. */
  ttl?: number;
  /** Time for everything, the database included. Without it the database's clock says when a lease has run out. */
  clock?: Clock | undefined;
  logger?: Logger;
}

/** What follows from having the key or not. Told one at a time, first of having it. */
export interface LeaseListener {
  onTaken?(): void;
  onLost?(): void;
}

/** One process, whatever its number and however often that is used again. */
const PROCESS = randomUUID();
const USUAL_TTL = 6_000;

/**
 * The right to hand out a key's nonces, which one process at a time has. It is a row in the database with an owner, an
 * expiry and a fencing number. What is going to be sent is stored in a transaction that `confirm`s the lease: a process
 * that was asleep while another took over stores nothing, and the other one finds everything that was stored before.
 */
export class KeyLease {
  readonly key: string;
  readonly #db: Database;
  readonly #owner = `${PROCESS}/${randomUUID()}`;
  readonly #ttl: number;
  readonly #clock: Clock;
  readonly #databaseClock: boolean;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #listener: LeaseListener = {};
  #held: HeldLease | undefined;
  /** Until when it is certainly ours, by our own clock. */
  #until = 0;
  #loop: Promise<void> | undefined;
  #waiting = false;

  constructor({ db, key, ttl = USUAL_TTL, clock, logger = silentLogger }: KeyLeaseOptions) {
    this.key = key.toLowerCase();
    this.#db = db;
    this.#ttl = ttl;
    this.#clock = clock ?? systemClock;
    this.#databaseClock = clock === undefined;
    this.#logger = logger;
  }

  /** Whether the key may be used now. False from the moment in which another process could have taken it. */
  get held(): boolean {
    return this.#held !== undefined && this.#clock.now() < this.#until;
  }

  /** Rises with each owner; undefined while the lease is not held. */
  get fence(): number | undefined {
    return this.#held?.fence;
  }

  /** Tries once to take the lease. @returns whether it is held */
  async take(): Promise<boolean> {
    if (this.held) return true;
    const asked = this.#clock.now();
    const { key } = this;
    const terms = { key, owner: this.#owner, ttl: this.#ttl, now: this.#databaseTime(asked) };
    // The embedded database belongs to one process at a time.
    const fence = await takeLease(this.#db, { ...terms, alone: this.#db.kind === "pglite" });
    if (fence === undefined) {
      if (!this.#waiting) this.#logger.warn({ key }, "Another process holds this key; waiting for it");
      this.#waiting = true;
      return false;
    }
    this.#waiting = false;
    this.#held = { key, owner: this.#owner, fence };
    this.#until = asked + this.#ttl;
    this.#logger.info({ key, fence }, "The key is this process's");
    return true;
  }

  /**
   * Keeps the lease from now on: takes it when it is free, renews it, and tells the listener of each change. The first
   * try is over when this resolves.
   * @throws whatever the database says to the first try
   */
  async start(listener: LeaseListener = {}): Promise<void> {
    this.#listener = listener;
    if (await this.take()) listener.onTaken?.();
    this.#loop = this.#run();
  }

  /** Gives the lease back. The listener is not told: who stops has ended its own work before. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    // Where the database is gone the lease runs out by itself.
    await releaseLease(this.#db, held).catch((error: unknown) =>
      this.#logger.warn({ key: this.key, err: error }, "A key's lease could not be given back"),
    );
  }

  /**
   * Asks the database whether the lease is still held, in the transaction that stores what is going to be sent: it can
   * not be lost before that has ended.
   * @throws BropError `key.in-use`
   */
  async confirm(tx: Database): Promise<void> {
    const held = this.#held;
    if (held !== undefined && (await confirmLease(tx, held))) return;
    throw new BropError("key.in-use", { key: this.key });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await this.#clock.sleep(this.#ttl / 3, signal);
      if (signal.aborted) return;
      try {
        if (this.#held === undefined) {
          if (await this.take()) this.#listener.onTaken?.();
        } else {
          const lapsed = !this.held;
          if (!(await this.#renew(this.#held))) this.#lose("another process has taken it");
          // Nobody took it meanwhile, but who looked saw it not held and may wait to be told.
          else if (lapsed) this.#listener.onTaken?.();
        }
      } catch (error) {
        this.#logger.warn({ key: this.key, err: error }, "The database does not answer for a key's lease");
        if (this.#held !== undefined && !this.held) this.#lose("the database did not answer in time");
      }
    }
  }

  async #renew(held: HeldLease): Promise<boolean> {
    const asked = this.#clock.now();
    const renewed = await renewLease(this.#db, held, this.#ttl, this.#databaseTime(asked));
    if (renewed) this.#until = asked + this.#ttl;
    return renewed;
  }

  #lose(reason: string): void {
    this.#held = undefined;
    this.#logger.warn({ key: this.key, reason }, "The key is not this process's any more");
    this.#listener.onLost?.();
  }

  #databaseTime(now: number): number | undefined {
    return this.#databaseClock ? undefined : now;
  }
}
