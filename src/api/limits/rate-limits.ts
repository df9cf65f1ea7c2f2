import type { FastifyReply } from "fastify";
import { addressGroup } from "../../core/address-group.ts";
import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { type Allowance, TokenBuckets } from "./token-buckets.ts";

/** Requests a minute; 0: no limit. */
export interface Rates {
  /** Of one address without a key; with IPv6 of one /64. */
  anonymous: number;
  /** Of one key or signed-in account. */
  key: number;
}

/** Wrong keys that one address may try in a minute. */
const FAILURES_PER_MINUTE = 60;
const MOST_KNOWN = 10_000;

/**
 * Keeps callers from starving each other: everybody has a bucket of their own, and only their own requests empty it. In
 * memory, for each process by itself.
 */
export class RateLimits {
  readonly #anonymous: TokenBuckets;
  readonly #keys: TokenBuckets;
  readonly #failures: TokenBuckets;
  /** Digests of keys that were in force: they are let through where others at the same address try wrong ones. */
  readonly #known = new Set<string>();

  constructor({ anonymous, key }: Rates, clock: Pick<Clock, "now">) {
    this.#anonymous = new TokenBuckets(anonymous, clock);
    this.#keys = new TokenBuckets(key, clock);
    this.#failures = new TokenBuckets(anonymous === 0 ? 0 : FAILURES_PER_MINUTE, clock);
  }

  /** @throws BropError `request.rate-limited` */
  countAnonymous(reply: FastifyReply, address: string): void {
    answer(reply, "anonymous", this.#anonymous, this.#anonymous.take(addressGroup(address)));
  }

  /** @throws BropError `request.rate-limited` */
  countKey(reply: FastifyReply, id: string): void {
    answer(reply, "key", this.#keys, this.#keys.take(id));
  }

  /**
   * To be asked before a key is looked up.
   *
   * @param digest of the key's text
   * @throws BropError `request.rate-limited` where too many wrong keys came from the address
   */
  beforeKey(reply: FastifyReply, address: string, digest: string): void {
    const group = addressGroup(address);
    if (this.#failures.has(group) || this.#known.has(digest)) return;
    answer(reply, "wrong-keys", this.#failures, this.#failures.take(group));
  }

  /** To be told how the look ended. */
  afterKey(address: string, digest: string, inForce: boolean): void {
    if (!inForce) {
      this.#known.delete(digest);
      this.#failures.take(addressGroup(address));
      return;
    }
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.add(digest);
  }
}

/** Headers as draft-ietf-httpapi-ratelimit-headers has them: policy and what is left of it. */
function answer(reply: FastifyReply, policy: string, { perMinute }: TokenBuckets, allowance: Allowance): void {
  if (perMinute === 0) return;
  const { allowed, remaining, seconds } = allowance;
  reply.header("ratelimit-policy", `"${policy}";q=${perMinute};w=60`);
  reply.header("ratelimit", `"${policy}";r=${remaining};t=${seconds}`);
  if (!allowed) throw new BropError("request.rate-limited", { retryAfter: seconds, perMinute });
}
