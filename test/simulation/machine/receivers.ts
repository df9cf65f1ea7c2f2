import type { WebhookAnswer, WebhookPoster } from "../../../src/push/post-webhook.ts";
import type { SimulatedProcess, Timing } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** How a receiver is at a time. */
const MOODS = ["well", "well", "far", "slow", "failing", "moody", "silent", "forgetful", "asks for time"] as const;
type Mood = (typeof MOODS)[number];

/** Milliseconds after which whoever posts gives up. */
const PATIENCE = 20_000;
const SILENCE: WebhookAnswer = { status: null, failure: "no answer within 20 s" };
const MOOD_LASTS = 15_000;

/** A webhook as it came in. */
export interface Arrival {
  readonly id: string;
  readonly body: string;
  /** Whether the receiver has noted it, whatever it answered. */
  readonly taken: boolean;
}

/** The business systems that take webhooks, each in a changing mood. */
export class Receivers {
  readonly #world: World;
  readonly #arrivals = new Map<string, Arrival[]>();
  readonly #moods = new Map<string, { mood: Mood; until: number }>();
  readonly #gone = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  arrivals(url: string): readonly Arrival[] {
    return this.#arrivals.get(url) ?? [];
  }

  /** From now on it answers 410: it wants no more webhooks. */
  leave(url: string): void {
    this.#gone.add(url);
  }

  hasLeft(url: string): boolean {
    return this.#gone.has(url);
  }

  poster(process: SimulatedProcess): WebhookPoster {
    return {
      post: (url, headers, body) =>
        process.io(`post ${headers["webhook-id"]} to ${url}`, this.#wayTo(url), (timing) =>
          this.#take(url, headers, body, timing),
        ),
      close: () => undefined,
    };
  }

  /** Milliseconds until a webhook is there: one whose sender is killed meanwhile does not come. */
  #wayTo(url: string): number {
    const { random } = this.#world;
    return this.#moodOf(url) === "far" ? random.integer(300, 6_000) : random.next() * 5;
  }

  #take(url: string, headers: Readonly<Record<string, string>>, body: string, timing: Timing): WebhookAnswer {
    const { random } = this.#world;
    timing.back = random.next() * 5;
    const arrive = (taken: boolean) => {
      const arrivals = this.#arrivals.get(url) ?? [];
      arrivals.push({ id: String(headers["webhook-id"]), body, taken });
      this.#arrivals.set(url, arrivals);
    };
    if (this.#gone.has(url)) {
      arrive(false);
      return { status: 410, failure: "answered 410" };
    }
    const mood = this.#moodOf(url);
    const bad = mood === "failing" || (mood === "moody" && random.chance(0.5));
    if (bad || mood === "asks for time") {
      arrive(false);
      this.#world.count("webhooks refused");
      return { status: 503, failure: "answered 503", ...(mood === "asks for time" ? { retryAfter: 12 } : {}) };
    }
    if (mood === "silent") {
      timing.back = PATIENCE;
      this.#world.count("webhooks refused");
      return SILENCE;
    }
    arrive(true);
    if (mood === "slow") timing.back = random.integer(500, 12_000);
    if (mood === "forgetful" && random.chance(0.5)) {
      timing.back = PATIENCE;
      return SILENCE;
    }
    return { status: random.pick([200, 202, 204]) };
  }

  #moodOf(url: string): Mood {
    if (!this.#world.faulty) return "well";
    const { random, time } = this.#world;
    let found = this.#moods.get(url);
    if (found === undefined || found.until < time.now) {
      found = { mood: random.pick(MOODS), until: time.now + random.integer(0, MOOD_LASTS) };
      this.#moods.set(url, found);
    }
    return found.mood;
  }
}
