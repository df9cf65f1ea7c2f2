import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { type Relay, type RelayFault, type RelayFaultKind, WithheldError } from "./relay.ts";

export interface RelaySetOptions {
  clock: Clock;
  /** Told of each fault once: of the same fault again only after the relay has answered rightly. */
  onFault?: (fault: RelayFault) => void;
  /** Milliseconds for which a relay with a fault is asked after all others; 30,000 by default. */
  rest?: number;
}

interface Standing {
  relay: Relay;
  /** It lied: it is not asked again. */
  excluded: boolean;
  /** Until then the others come first. */
  restsUntil: number;
  /** Kind of its last fault and the operation it was about; undefined once it has answered rightly again. */
  told: string | undefined;
}

const KEPT_FAULTS = 1_000;

/** Several relays of one network, of which none is trusted: who is asked next, and who is not asked again. */
export class RelaySet {
  readonly #standings: Standing[];
  readonly #clock: Clock;
  readonly #onFault: ((fault: RelayFault) => void) | undefined;
  readonly #rest: number;
  readonly #faults: RelayFault[] = [];
  #first = 0;

  /** @throws BropError `request.invalid` without any relay */
  constructor(relays: readonly Relay[], { clock, onFault, rest = 30_000 }: RelaySetOptions) {
    if (relays.length === 0) throw new BropError("request.invalid", { field: "relays", reason: "there are none" });
    this.#standings = relays.map((relay) => ({ relay, excluded: false, restsUntil: 0, told: undefined }));
    this.#clock = clock;
    this.#onFault = onFault;
    this.#rest = rest;
  }

  /** What relays did wrong, oldest first; the last thousand. */
  get faults(): readonly RelayFault[] {
    return this.#faults;
  }

  /** The relays to ask, best first: those that rest come last, those that lied not at all. */
  inTurn(): Relay[] {
    const now = this.#clock.now();
    const { length } = this.#standings;
    const turned = Array.from({ length }, (_, at) => this.#standings[(this.#first + at) % length] as Standing);
    const usable = turned.filter(({ excluded }) => !excluded);
    const rests = (standing: Standing) => standing.restsUntil > now;
    return [...usable.filter((one) => !rests(one)), ...usable.filter(rests)].map(({ relay }) => relay);
  }

  /** True for a relay that lied. */
  isExcluded(relay: Relay): boolean {
    return this.#standingOf(relay)?.excluded ?? false;
  }

  /** The relay did what it should: it is asked first from now on, and a new fault of it is news. */
  served(relay: Relay): void {
    const standing = this.#standingOf(relay);
    if (standing === undefined || standing.excluded) return;
    standing.told = undefined;
    if (standing.restsUntil <= this.#clock.now()) this.#first = this.#standings.indexOf(standing);
  }

  /** Remembers a fault, reports it, and lets others come first; a relay that lied is not asked again. */
  blame(relay: Relay, kind: RelayFaultKind, reason: string, operation?: string): void {
    const standing = this.#standingOf(relay);
    if (standing === undefined || standing.excluded) return;
    const now = this.#clock.now();
    const telling = `${kind} ${operation ?? ""}`;
    const isNews = standing.told !== telling;
    standing.told = telling;
    standing.restsUntil = now + this.#rest;
    if (kind === "lied") standing.excluded = true;
    if (!isNews) return;
    const fault = { url: relay.url, kind, reason, at: now, ...(operation === undefined ? {} : { operation }) };
    this.#faults.push(fault);
    if (this.#faults.length > KEPT_FAULTS) this.#faults.shift();
    try {
      this.#onFault?.(fault);
    } catch {
      // What is told of a fault shall not stop the search for an honest relay.
    }
  }

  /** Remembers what an error that came of a question to a relay says about it. */
  blameFor(relay: Relay, error: unknown): void {
    if (error instanceof WithheldError) {
      this.blame(relay, "withheld", error.message, error.operation);
      return;
    }
    const { code, message } = BropError.from(error);
    const isLie = code === "proof.invalid" || code === "chain.wrong";
    const reason = code === "service.internal" && error instanceof Error ? error.message : message;
    this.blame(relay, isLie ? "lied" : "silent", reason);
  }

  #standingOf(relay: Relay): Standing | undefined {
    return this.#standings.find((standing) => standing.relay === relay);
  }
}
