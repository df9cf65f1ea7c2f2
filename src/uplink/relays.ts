import type { Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Relay, SentOperation } from "./relay.ts";

export interface RelaysOptions {
  relays: readonly Relay[];
  clock: Clock;
  logger: Logger;
}

/** How a round through the relays went for one operation: who took it, or why the last one did not. */
export type Outcome = { relay: string } | { refusal: BropError };

interface Place {
  relay: Relay;
  /** Since it answered last. */
  failures: number;
  /** Since the start. */
  unanswered: number;
  /** Not asked before this time, unless nobody else is left. */
  restsUntil: number;
}

/** Milliseconds that a relay which fails is left alone: at first, and at most. */
const FIRST_REST = 1_000;
const LONGEST_REST = 60_000;

/**
 * Hands operations to relays in turn. One that does not answer is left alone for a while; what one refuses is offered to
 * the others at once: a refusal may be a fault of the relay, or a lie.
 */
export class Relays {
  readonly #places: readonly Place[];
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor({ relays, clock, logger }: RelaysOptions) {
    this.#places = relays.map((relay) => ({ relay, failures: 0, unanswered: 0, restsUntil: 0 }));
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Calls that each relay did not answer since the start, by its name. */
  get unanswered(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#places.map(({ relay, unanswered }) => [relay.name, unanswered]));
  }

  /**
   * Offers operations to the relays until each is taken, or refused by all.
   * @param turn which relay is asked first; the next time the next one, since the first may have lost them
   */
  async hand(operations: readonly SentOperation[], turn: number): Promise<Map<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    for (const place of this.#inTurn(turn)) {
      const open = operations.filter(({ hash }) => !("relay" in (outcomes.get(hash) ?? {})));
      if (open.length === 0) break;
      await this.#offer(place, open, outcomes);
    }
    return outcomes;
  }

  close(): void {
    for (const { relay } of this.#places) relay.close();
  }

  async #offer(place: Place, open: readonly SentOperation[], outcomes: Map<string, Outcome>): Promise<void> {
    const { name } = place.relay;
    try {
      const answers = await place.relay.send(open);
      place.failures = 0;
      for (const [index, { hash }] of open.entries()) {
        const refusal = answers[index];
        outcomes.set(hash, refusal === undefined ? { relay: name } : { refusal });
      }
    } catch (thrown) {
      const refusal = BropError.from(thrown);
      place.unanswered++;
      if (place.failures === 0) this.#logger.warn({ err: thrown, relay: name }, "A relay does not answer");
      place.restsUntil = this.#clock.now() + Math.min(LONGEST_REST, FIRST_REST * 2 ** place.failures++);
      // A relay that said why it refused tells more than one that said nothing.
      for (const { hash } of open) if (!outcomes.has(hash)) outcomes.set(hash, { refusal });
    }
  }

  /** The relays from one on, those that rest at the end. */
  #inTurn(turn: number): Place[] {
    const now = this.#clock.now();
    const from = turn % this.#places.length;
    const places = [...this.#places.slice(from), ...this.#places.slice(0, from)];
    const rests = (place: Place) => place.restsUntil > now;
    const awake = places.filter((place) => !rests(place));
    return awake.length > 0 ? awake : places;
  }
}
