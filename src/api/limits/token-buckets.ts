import type { Clock } from "../../core/clock.ts";

/** What a caller has left. */
export interface Allowance {
  /** False: the request is one too many. */
  allowed: boolean;
  /** Requests that may come at once now. */
  remaining: number;
  /** Seconds until the next request may come, when none is left; else until all may come again. */
  seconds: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  at: number;
}

const MINUTE = 60_000;
/** Callers that are remembered; who was not seen for longest is forgotten, and starts with all requests again. */
const MOST_CALLERS = 100_000;

/** Token buckets in memory: each caller may make so many requests at once, and as many in a minute in the long run. */
export class TokenBuckets {
  readonly perMinute: number;
  readonly #clock: Pick<Clock, "now">;
  readonly #most: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param perMinute 0: no limit */
  constructor(perMinute: number, clock: Pick<Clock, "now">, most = MOST_CALLERS) {
    this.perMinute = perMinute;
    this.#clock = clock;
    this.#most = most;
  }

  /** Takes a token, if there is one. */
  take(caller: string): Allowance {
    return this.#look(caller, 1);
  }

  /** Says whether there is a token, and takes none. */
  has(caller: string): boolean {
    return this.#look(caller, 0).remaining >= 1;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #look(caller: string, cost: 0 | 1): Allowance {
    const most = this.perMinute;
    if (most === 0) return { allowed: true, remaining: Number.POSITIVE_INFINITY, seconds: 0 };
    const now = this.#clock.now();
    const bucket = this.#buckets.get(caller) ?? { tokens: most, at: now };
    // A clock that goes back, and forth again, gives nothing.
    const at = Math.max(now, bucket.at);
    const gained = ((at - bucket.at) * most) / MINUTE;
    const tokens = Math.min(most, bucket.tokens + gained);
    const allowed = tokens >= cost;
    const left = allowed ? tokens - cost : tokens;
    if (cost > 0) this.#keep(caller, { tokens: left, at });
    const missing = left < 1 ? 1 - left : most - left;
    return { allowed, remaining: Math.floor(left), seconds: Math.ceil((missing * MINUTE) / most / 1_000) };
  }

  // The map is in the order of the last requests.
  #keep(caller: string, bucket: Bucket): void {
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size <= this.#most) return;
    const [longestAgo] = this.#buckets.keys();
    if (longestAgo !== undefined) this.#buckets.delete(longestAgo);
  }
}
