import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import type { QbftHeader } from "../../core/qbft/header.ts";
import type { SealedTrust } from "../../core/qbft/trust.ts";
import type { Ask, Relay, RelayFault } from "../relays/relay.ts";
import { RelaySet } from "../relays/relay-set.ts";
import { SealedChain } from "../sealed-chain.ts";
import { ProvenOperationEnds } from "./proven-operation-ends.ts";
import { RelayHeads } from "./relay-heads.ts";

export interface ProvenNetworkOptions {
  trust: SealedTrust;
  relays: readonly Relay[];
  clock: Clock;
  onFault?: (fault: RelayFault) => void;
  /** Blocks without an end after which all relays are asked for an operation; 8 by default. */
  patienceBlocks?: number;
  /** Milliseconds that a relay's chain may stand still before others are asked too; 30,000 by default. */
  patience?: number;
}

/** A network of sealed blocks through relays that nobody trusts: its height, its state and the ends of operations. */
export class ProvenNetwork {
  readonly chain: SealedChain;
  readonly relays: RelaySet;
  readonly ends: ProvenOperationEnds;
  readonly #heads: RelayHeads;

  /** @throws BropError `request.invalid` without any relay */
  constructor({ trust, relays, clock, onFault, patienceBlocks, patience }: ProvenNetworkOptions) {
    this.chain = new SealedChain(trust);
    this.relays = new RelaySet(relays, { clock, ...(onFault === undefined ? {} : { onFault }) });
    this.#heads = new RelayHeads({ chain: this.chain, clock, ...(patience === undefined ? {} : { patience }) });
    this.ends = new ProvenOperationEnds({
      ...{ chain: this.chain, relays: this.relays, heads: this.#heads, clock },
      ...(patienceBlocks === undefined ? {} : { patienceBlocks }),
    });
  }

  /** The highest block that is proven so far; 0 for none. */
  get highest(): number {
    return this.#heads.highest;
  }

  /**
   * Height of the chain, proven. Where a relay's chain stands still, others are asked too.
   * @throws BropError `chain.unreachable` when no relay proves one
   */
  async head(): Promise<number> {
    await this.prove(async () => undefined);
    return this.highest;
  }

  /**
   * Asks relays in turn until one proves what is asked for.
   * @param work what to read, given whom to ask and that relay's newest header
   * @throws BropError `chain.unreachable` when none does
   */
  async prove<Result>(work: (ask: Ask, header: QbftHeader) => Promise<Result>): Promise<Result> {
    const still: Relay[] = [];
    let stale: { result: Result } | undefined;
    let failure: unknown;
    for (const relay of this.relays.inTurn()) {
      try {
        const result = await work(relay.ask, await this.#heads.read(relay));
        if (!this.#heads.standsStill(relay)) {
          this.relays.served(relay);
          this.#blameLag(still);
          return result;
        }
        still.push(relay);
        stale ??= { result };
      } catch (error) {
        failure = error;
        this.relays.blameFor(relay, error);
      }
    }
    this.#blameLag(still);
    // All stand still: so does the network, as far as anybody shows.
    if (stale !== undefined) return stale.result;
    throw unanswered(failure);
  }

  #blameLag(still: readonly Relay[]): void {
    for (const relay of still) {
      const lag = this.#heads.lagOf(relay);
      if (lag > 0) this.relays.blame(relay, "silent", `its chain stands still, ${lag} blocks behind that of others`);
    }
  }
}

/** The error for relays of which none is left or none answered. */
export function unanswered(cause: unknown): BropError {
  const reason = cause === undefined ? "no access node is left that did not lie" : BropError.from(cause).message;
  return new BropError("chain.unreachable", { reason }, undefined, { cause });
}
