import { after, type Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { BundleCare } from "./bundler/bundle-care.ts";
import type { Bundler } from "./bundler/bundler.ts";
import type { Follower } from "./bundler/follower.ts";
import type { Intake } from "./bundler/intake.ts";
import type { OperationPool } from "./bundler/operation-pool.ts";
import type { RelayKey } from "./bundler/relay-key.ts";
import type { KeyListener, RelayKeys } from "./bundler/relay-keys.ts";

export interface DutyOptions {
  keys: RelayKeys;
  pool: OperationPool;
  intake: Intake;
  follower: Follower;
  bundler: Bundler;
  care: BundleCare;
  clock: Clock;
  logger: Logger;
}

const RETRY = 1_000;
const STANDING_BY = "another process holds this node's key; it stands by";

/**
 * Whether this process takes operations and sends bundles: as long as the node's own key is its. Otherwise it stands by,
 * answers reads, and takes over when the other process has ended.
 */
export class Duty implements KeyListener {
  readonly #options: DutyOptions;
  #working: Promise<void> = Promise.resolve();
  #begun = false;
  #failure: unknown;
  #callOff: (() => void) | undefined;
  #stopped = false;

  constructor(options: DutyOptions) {
    this.#options = options;
  }

  /** False while it stands by. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Takes the keys that are free.
   * @throws what keeps it from beginning, though the key is its
   */
  async start(): Promise<void> {
    const { keys, intake } = this.#options;
    await intake.close(STANDING_BY);
    await keys.start(this);
    await this.#working;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Takes nothing more in, finishes what was begun, and gives the keys back. */
  async stop(): Promise<void> {
    const { keys, intake, follower, bundler } = this.#options;
    this.#stopped = true;
    this.#callOff?.();
    await this.#working;
    await intake.close("the access node is stopping");
    await follower.stop();
    await bundler.stop();
    await keys.stop();
  }

  onTaken(key: RelayKey): void {
    this.#next(() => (key === this.#options.keys.home ? this.#begin() : this.#join(key)));
  }

  onLost(key: RelayKey): void {
    this.#next(() => (key === this.#options.keys.home ? this.#end() : this.#leave(key)));
  }

  #next(work: () => Promise<void>): void {
    this.#working = this.#working
      .then(() => (this.#stopped ? undefined : work()))
      .catch((error: unknown) => {
        this.#options.logger.error({ err: BropError.from(error) }, "A change of keys failed");
      });
  }

  async #begin(): Promise<void> {
    const { keys, follower, bundler, care, intake, clock, logger } = this.#options;
    if (this.#begun || !keys.home.lease.held) return;
    try {
      await follower.start();
      for (const key of keys.all) if (key !== keys.home && key.lease.held) await follower.takeOver(key);
      await care.load();
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
      await follower.stop();
      logger.error({ err: BropError.from(error) }, "The access node can not begin; trying again");
      this.#callOff = after(clock, RETRY, () => this.onTaken(keys.home));
      return;
    }
    this.#begun = true;
    bundler.start();
    intake.open();
  }

  async #end(): Promise<void> {
    const { keys, pool, intake, follower, bundler, care } = this.#options;
    this.#callOff?.();
    if (!this.#begun) return;
    this.#begun = false;
    await intake.close(STANDING_BY);
    await follower.stop();
    await bundler.stop();
    for (const key of keys.all) care.forget(key);
    for (const entry of [...pool.entries()]) pool.remove(entry);
  }

  async #join(key: RelayKey): Promise<void> {
    const { follower, bundler } = this.#options;
    if (!this.#begun || !key.lease.held) return;
    await follower.takeOver(key);
    void bundler.flush();
  }

  async #leave(key: RelayKey): Promise<void> {
    const { care, bundler } = this.#options;
    care.forget(key);
    void bundler.flush();
  }
}
