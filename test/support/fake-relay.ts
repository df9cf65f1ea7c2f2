import type { Ask, Relay } from "../../src/chain/relays/relay.ts";
import type { SealedNetwork } from "./sealed-network.ts";

export type Lie = (params: readonly unknown[]) => unknown;

/** An access node that answers as the network does, except where a test has it lie. */
export class FakeRelay implements Relay {
  readonly url: string;
  /** Answers that are its own, by method. */
  readonly lies: Record<string, Lie>;
  /** Methods that it was asked for. */
  readonly asked: string[] = [];
  readonly #network: SealedNetwork;

  constructor(url: string, network: SealedNetwork, lies: Record<string, Lie> = {}) {
    this.url = url;
    this.#network = network;
    this.lies = { ...lies };
  }

  readonly ask: Ask = async (method, params) => {
    this.asked.push(method);
    const lie = this.lies[method];
    return lie === undefined ? this.#network.ask(method, params) : lie(params);
  };
}
