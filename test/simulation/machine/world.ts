import type { Random } from "../random.ts";
import type { FaultRates } from "./faults.ts";
import { VirtualTime } from "./virtual-time.ts";

/** Milliseconds since 1970 at which every run begins; the chain's first block has the same time. */
export const BEGINNING = 1_800_000_000_000;
const KEPT_STEPS = 120;

/** What all of a run shares: time, chance, faults, and the record of what happened. */
export class World {
  readonly time = new VirtualTime();
  readonly random: Random;
  readonly rates: FaultRates;
  /** Whether things still go wrong. */
  faulty = true;
  /** Whether every step is printed as it happens. */
  readonly talkative: boolean;
  readonly counts = new Map<string, number>();
  readonly #steps: string[] = [];

  constructor(random: Random, rates: FaultRates, talkative: boolean) {
    this.random = random;
    this.rates = rates;
    this.talkative = talkative;
  }

  /** Whether something goes wrong now. */
  fails(kind: keyof FaultRates): boolean {
    return this.faulty && this.rates[kind] > 0 && this.random.chance(this.rates[kind]);
  }

  /** Notes a step, for whoever reads about a difference. */
  say(text: string): void {
    const line = `${(this.time.now / 1_000).toFixed(3).padStart(9)}  ${text}`;
    if (this.talkative) console.error(line);
    if (this.#steps.push(line) > 2 * KEPT_STEPS) this.#steps.splice(0, KEPT_STEPS);
  }

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** The last steps, oldest first. */
  get lastSteps(): readonly string[] {
    return this.#steps.slice(-KEPT_STEPS);
  }
}
