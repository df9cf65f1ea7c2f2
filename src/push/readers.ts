import { addressGroup } from "../core/address-group.ts";
import { BropError } from "../core/errors.ts";

/** Seconds after which who is refused may try again. */
const TRY_AGAIN = 30;

/** Counts who reads streams, so that one address can not take the places of all others. */
export class Readers {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #byAddress = new Map<string, number>();
  #all = 0;

  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /** Who reads now. */
  get size(): number {
    return this.#all;
  }

  /**
   * Takes a place for a reader at an address; with IPv6 a /64 counts as one.
   *
   * @returns gives it back, once
   * @throws BropError `request.rate-limited`
   */
  enter(address: string): () => void {
    const group = addressGroup(address);
    const own = this.#byAddress.get(group) ?? 0;
    if (this.#all >= this.#most)
      throw new BropError("request.rate-limited", { readers: this.#all, retryAfter: TRY_AGAIN });
    if (own >= this.#mostOfOne) throw new BropError("request.rate-limited", { readers: own, retryAfter: TRY_AGAIN });
    this.#all++;
    this.#byAddress.set(group, own + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#all--;
      const left = (this.#byAddress.get(group) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(group);
      else this.#byAddress.set(group, left);
    };
  }
}
