import { type ProvenNetwork, unanswered } from "../chain/operation-end/proven-network.ts";
import { KeptRecently } from "../chain/relays/kept-recently.ts";
import type { Relay } from "../chain/relays/relay.ts";
import type { RelaySet } from "../chain/relays/relay-set.ts";
import type { ProvenReceipt } from "../chain/sealed-chain.ts";
import { BropError } from "../core/errors.ts";
import { invalidProof } from "../core/proof-error.ts";
import { readReceiptProof } from "../core/receipt-proof.ts";
import { ENTRY_POINT } from "../core/user-operation.ts";
import type { FollowedOperation, Look, OperationEnd, OperationTransport } from "./operation-transport.ts";
import { proofOfEnd } from "./proven-end.ts";

/** Answers that say "not here, not now". */
const ELSEWHERE = new Set(["service.unavailable", "chain.unreachable"]);
const KEPT_OPERATIONS = 10_000;

/**
 * Operations on a network of sealed blocks, through relays of which none is trusted. An end counts when it is proven. What
 * one relay refuses is offered to the others, since a refusal is a claim as well; what one took and did not include goes
 * to the next.
 */
export class SealedTransport implements OperationTransport {
  readonly network: ProvenNetwork;
  /** Who took an operation, the latest last. */
  readonly #takers = new KeptRecently<string, Relay[]>(KEPT_OPERATIONS);

  constructor(network: ProvenNetwork) {
    this.network = network;
  }

  /** Height of the chain, proven. */
  head(): Promise<number> {
    return this.network.head();
  }

  /**
   * Judges a receipt proof that somebody handed over: relays only help to follow the validators up to its height.
   * @throws BropError `proof.invalid`, `proof.unavailable`; `chain.unreachable`
   */
  async verifyReceiptProof(proof: unknown): Promise<ProvenReceipt> {
    // Before anybody is asked: whoever handed it over may have sent nonsense, and no relay is to blame for that.
    readReceiptProof(proof);
    await this.network.head();
    const [relay] = this.#relays.inTurn();
    if (relay === undefined) throw unanswered(undefined);
    return this.network.chain.receiptProof(relay.ask, proof);
  }

  get #relays(): RelaySet {
    return this.network.relays;
  }

  async send(hash: string, operation: Record<string, unknown>): Promise<void> {
    await this.#offer(hash, operation, this.#relays.inTurn());
  }

  async sendAgain(hash: string, operation: Record<string, unknown>): Promise<void> {
    const takers = this.#takers.get(hash) ?? [];
    const last = takers.at(-1);
    if (last !== undefined && !(await explains(last, hash))) {
      this.#relays.blame(last, "censored", "it took an operation, did not include it and gives no reason", hash);
    }
    const others = this.#relays.inTurn().filter((relay) => !takers.includes(relay));
    // All have it already: from the one that took it first on, again.
    if (others.length === 0) this.#takers.set(hash, []);
    await this.#offer(
      hash,
      operation,
      others.length > 0 ? others : this.#relays.inTurn().filter((one) => one !== last),
    );
  }

  async look(operations: readonly FollowedOperation[]): Promise<Look> {
    const found = await this.network.ends.find(operations);
    const ends = new Map<string, OperationEnd>();
    const nobodyIsLeft = this.#relays.inTurn().length === 0;
    for (const operation of operations) {
      const end = found.get(operation.hash);
      if (end !== undefined) ends.set(operation.hash, proofOfEnd(operation, end));
      // Through this connection nothing more can be learned: that is said, and no end is guessed.
      else if (nobodyIsLeft) ends.set(operation.hash, { error: unanswered(undefined) });
    }
    return { head: this.network.highest, ends };
  }

  async #offer(hash: string, operation: Record<string, unknown>, relays: readonly Relay[]): Promise<void> {
    let refusal: BropError | undefined;
    let failure: unknown;
    for (const relay of relays) {
      try {
        const answer = await relay.ask("eth_sendUserOperation", [operation, ENTRY_POINT]);
        if (answer !== hash) throw invalidProof("eth_sendUserOperation", "was answered by another hash");
        this.#takers.set(hash, [...(this.#takers.get(hash) ?? []), relay]);
        return;
      } catch (error) {
        const known = BropError.from(error);
        if (known.code === "proof.invalid" || ELSEWHERE.has(known.code)) this.#relays.blameFor(relay, error);
        else refusal ??= known;
        failure = error;
      }
    }
    throw refusal ?? unanswered(failure);
  }
}

/** Whether the relay says why it left an operation out so far. */
async function explains(relay: Relay, hash: string): Promise<boolean> {
  try {
    const status = (await relay.ask("brop_getOperationStatus", [hash])) as { reason?: unknown } | null;
    return status?.reason !== undefined && status.reason !== null;
  } catch {
    return false;
  }
}
