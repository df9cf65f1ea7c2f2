import type { Clock } from "../../core/clock.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";

/** A block of the chain, as far as its time goes. */
export interface TimedBlock {
  number: number;
  /** Milliseconds since 1970. */
  time: number;
}

export interface WatchedClockOptions {
  clock: Clock;
  /** Milliseconds of a clock that nobody sets. */
  steady(): number;
  /** The newest block of the chain. */
  newestBlock(): Promise<TimedBlock>;
  /** How far from the chain's time this clock may be, in milliseconds. */
  drift: number;
  /** How often the chain is looked at, in milliseconds. */
  interval?: number;
  /** Without a new block for so long there is no time, in milliseconds. */
  patience?: number;
  logger?: Logger;
}

/** Change of the clock against the steady one that nobody calls a jump, in milliseconds. */
const LARGEST_STEP = 250;

/**
 * A clock that says when it can not be relied on. Each new block of the chain is compared with it: a block can not be
 * from before the last look at which it was not there, nor from the future. Between these looks it may not jump
 * against a clock that nobody sets. While one of these does not hold, or the chain stands still, there is no time.
 */
export class WatchedClock {
  readonly #options: Required<WatchedClockOptions>;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  /** Start of the last look, and the newest block that was seen at it. */
  #looked: { at: number; block: number } | undefined;
  /** Both clocks when the chain last agreed. */
  #agreed: { wall: number; steady: number } | undefined;
  #fault: string | undefined = "it has not been compared with the chain yet";
  #last = 0;

  constructor(options: WatchedClockOptions) {
    this.#options = { interval: 1_000, patience: 60_000, logger: silentLogger, ...options };
  }

  /** Why there is no time now; undefined: there is. */
  get fault(): string | undefined {
    if (this.#fault !== undefined) return this.#fault;
    const agreed = this.#agreed;
    if (agreed === undefined) return "it has not been compared with the chain yet";
    const { clock, steady, patience } = this.#options;
    const passed = steady() - agreed.steady;
    if (Math.abs(clock.now() - agreed.wall - passed) > LARGEST_STEP) this.#refuse("it was set, and not compared since");
    else if (passed > patience) return "the chain stands still, with which it is compared";
    return this.#fault;
  }

  /** The time, which never goes back; undefined while there is none. */
  now(): Date | undefined {
    if (this.fault !== undefined) return undefined;
    this.#last = Math.max(this.#last, this.#options.clock.now());
    return new Date(this.#last);
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** Looks at the chain once. */
  async look(): Promise<void> {
    const { clock, steady, newestBlock, drift } = this.#options;
    const at = clock.now();
    const before = this.#looked;
    const { number, time } = await newestBlock();
    const [wall, steadyNow] = [clock.now(), steady()];
    this.#looked = { at, block: number };
    // Only of a block that was not there at the last look is it known when it came.
    if (before === undefined || number <= before.block) return;
    if (time > wall + drift) this.#refuse(`it is ${seconds(time - wall)} behind a block of the chain`);
    else if (time < before.at - drift) this.#refuse(`it is ${seconds(before.at - time)} ahead of a block of the chain`);
    else {
      if (this.#fault !== undefined && this.#agreed !== undefined)
        this.#options.logger.info({ block: number }, "The clock agrees again");
      this.#agreed = { wall, steady: steadyNow };
      this.#fault = undefined;
    }
  }

  #refuse(fault: string): void {
    if (this.#fault !== fault) this.#options.logger.error({ fault }, "No time stamps: the clock can not be relied on");
    this.#fault = fault;
  }

  async #run(): Promise<void> {
    const { clock, interval, logger } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => logger.warn({ err: error }, "The chain's time could not be asked"));
      await clock.sleep(interval, signal);
    }
  }
}

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
