import type { NodeRpc } from "../chain/rpc-client.ts";
import { after, type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import { readQuantity } from "./quantity.ts";

/** Called with the new height; it may be lower than the last one on a development chain that rewound. */
export type HeadListener = (head: number) => void;

export interface HeadFeedOptions {
  /** Milliseconds between two looks. */
  interval?: number;
  logger?: Logger;
  clock?: Clock;
}

/** Watches the height of the chain for everybody in this process. */
export class HeadFeed {
  readonly #rpc: NodeRpc;
  readonly #logger: Logger;
  readonly #interval: number;
  readonly #listeners = new Set<HeadListener>();
  #number = -1;
  readonly #clock: Clock;
  #callOff: (() => void) | undefined;
  #running = false;
  #unreachable = false;

  constructor(rpc: NodeRpc, { interval = 150, logger = silentLogger, clock = systemClock }: HeadFeedOptions = {}) {
    this.#rpc = rpc;
    this.#interval = interval;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Height of the chain; -1 before `start`. */
  get number(): number {
    return this.#number;
  }

  /** False while the node does not answer. */
  get reachable(): boolean {
    return this.#running && !this.#unreachable;
  }

  /** @throws BropError `chain.unreachable` if the node does not answer now */
  async start(): Promise<void> {
    this.#running = true;
    this.#take(await this.#look());
    this.#schedule();
  }

  stop(): void {
    this.#running = false;
    this.#callOff?.();
  }

  /** @returns ends the listening */
  onHead(listener: HeadListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #schedule(): void {
    if (!this.#running) return;
    this.#callOff = after(this.#clock, this.#interval, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    try {
      this.#take(await this.#look());
      if (this.#unreachable) this.#logger.info({ head: this.#number }, "The chain's node answers again");
      this.#unreachable = false;
    } catch (error) {
      if (!this.#unreachable) this.#logger.error({ err: BropError.from(error) }, "The chain's node does not answer");
      this.#unreachable = true;
    }
    this.#schedule();
  }

  async #look(): Promise<number> {
    return readQuantity(await this.#rpc.call("eth_blockNumber"));
  }

  #take(number: number): void {
    if (number === this.#number || !this.#running) return;
    this.#number = number;
    for (const listener of this.#listeners) listener(number);
  }
}
