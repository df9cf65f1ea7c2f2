import { BropError } from "../../core/errors.ts";
import type { OperationPool } from "./operation-pool.ts";
import type { RelayKeys } from "./relay-keys.ts";

export interface BackPressureOptions {
  pool: OperationPool;
  keys: RelayKeys;
  /** Height whose inclusions the pool knows. */
  followed: () => number;
  /** Most operations that wait at once, of all accounts and of one. */
  poolLimit?: number | undefined;
  senderLimit?: number | undefined;
}

/** CH-1: a block every three seconds. What is full has room again after the next one, at the earliest. */
const BLOCK_SECONDS = 3;
/** From this part of the pool on nobody may have more than an even share of it. */
const CROWDED = 0.75;

/** Refuses operations for which there is no room, and says when to try again. */
export class BackPressure {
  readonly #options: BackPressureOptions;
  readonly #poolLimit: number;
  readonly #senderLimit: number;

  constructor(options: BackPressureOptions) {
    this.#options = options;
    this.#poolLimit = options.poolLimit ?? 50_000;
    this.#senderLimit = options.senderLimit ?? 20_000;
  }

  /**
   * @param deadline last block in which the operation can be included; undefined: an ordinary nonce
   * @throws BropError `service.unavailable`, `request.rate-limited`, `sender.allowance-exhausted`, each with `retryAfter`
   * in seconds
   */
  check(sender: string, deadline: number | undefined): void {
    const { pool, keys, followed } = this.#options;
    const retryAfter = BLOCK_SECONDS;
    if (pool.size >= this.#poolLimit) {
      const reason = "too many operations wait";
      throw new BropError("service.unavailable", { reason, waitingOperations: pool.size, retryAfter });
    }
    const waitingOperations = pool.ofSender(sender).size;
    if (waitingOperations >= this.#shareOf(waitingOperations)) {
      throw new BropError("request.rate-limited", { sender, waitingOperations, retryAfter });
    }
    const until = keys.exhaustedUntil(followed());
    // What can wait longer than that is included in the next period.
    if (until === undefined || deadline === undefined || deadline > until) return;
    throw new BropError("sender.allowance-exhausted", {
      ...{ relays: keys.all.length, availableAtBlock: until },
      retryAfter: Math.max(1, until - followed()) * BLOCK_SECONDS,
    });
  }

  /** In a crowded pool an account that has less than an even share still finds room, whoever filled it. */
  #shareOf(waiting: number): number {
    const { pool } = this.#options;
    if (pool.size < this.#poolLimit * CROWDED) return this.#senderLimit;
    const senders = pool.senders + (waiting === 0 ? 1 : 0);
    return Math.min(this.#senderLimit, Math.max(1, Math.floor(this.#poolLimit / Math.max(1, senders))));
  }
}
