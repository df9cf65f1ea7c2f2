import type { Clock } from "../../core/clock.ts";
import type { QbftHeader } from "../../core/qbft/header.ts";
import { smallQuantityOf } from "../../core/rpc-values.ts";
import type { Relay } from "../relays/relay.ts";
import type { SealedChain } from "../sealed-chain.ts";

export interface RelayHeadsOptions {
  chain: SealedChain;
  clock: Clock;
  /** Milliseconds that a relay's chain may stand still before others are asked too; 30,000 by default. */
  patience?: number;
}

interface Head {
  number: number;
  /** When it was first seen. */
  since: number;
}

/** The newest sealed headers that relays show, and which of them fall behind. */
export class RelayHeads {
  readonly #chain: SealedChain;
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #heads = new Map<Relay, Head>();
  #highest = 0;

  constructor({ chain, clock, patience = 30_000 }: RelayHeadsOptions) {
    this.#chain = chain;
    this.#clock = clock;
    this.#patience = patience;
  }

  /** The highest block that is proven so far; 0 for none. */
  get highest(): number {
    return this.#highest;
  }

  /**
   * A relay's newest block, proven.
   * @throws BropError `proof.invalid` for a header that no quorum sealed, `chain.wrong` for a relay of another network,
   * `proof.unavailable` where it does not have the block that it names; WithheldError where it hides a change of
   * validators; and what it answered
   */
  async read(relay: Relay): Promise<QbftHeader> {
    const before = this.#heads.get(relay);
    if (before === undefined) await this.#chain.checkNetwork(relay.ask);
    const number = smallQuantityOf(await relay.ask("eth_blockNumber", []), "eth_blockNumber");
    const header = await this.#chain.header(relay.ask, number);
    if (before === undefined || number > before.number) {
      await this.#chain.confirmSet(relay.ask, header);
      this.#heads.set(relay, { number, since: this.#clock.now() });
    }
    this.#highest = Math.max(this.#highest, number);
    return header;
  }

  /** True for a relay whose chain stands still for longer than patience lasts; or the network does: others know. */
  standsStill(relay: Relay): boolean {
    const head = this.#heads.get(relay);
    return head !== undefined && this.#clock.now() - head.since > this.#patience;
  }

  /** How far a relay is behind what others have shown, in blocks. */
  lagOf(relay: Relay): number {
    return this.#highest - (this.#heads.get(relay)?.number ?? this.#highest);
  }
}
