import type { EventFilter } from "../../../src/core/event-filter.ts";
import { parseEventFilter } from "../../../src/core/event-filter.ts";
import { beginningOf, eventId, parseEventId } from "../../../src/core/event-position.ts";
import { follow } from "../../../src/push/follow.ts";
import type { PlatformMachine } from "../machine/platform-machine.ts";
import type { World } from "../machine/world.ts";
import { randomFilter } from "./subscribers.ts";

const QUIET = 15_000;
const RECONNECT_AFTER = 700;

/** A reader of the stream of events that connects again and goes on behind the last event that it has. */
export class StreamReader {
  readonly filter: EventFilter;
  readonly fromBlock: number;
  readonly received: string[] = [];
  readonly #world: World;
  readonly #machine: PlatformMachine;
  #ended = false;

  constructor(world: World, machine: PlatformMachine, fromBlock: number) {
    this.#world = world;
    this.#machine = machine;
    this.fromBlock = fromBlock;
    this.filter = randomFilter(world);
    void this.#run();
  }

  /** Closes the connection. */
  end(): void {
    this.#ended = true;
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      await this.#connect();
      await new Promise<void>((resolve) => this.#world.time.after(RECONNECT_AFTER, resolve));
    }
  }

  async #connect(): Promise<void> {
    const running = this.#machine.running;
    if (running?.reader === undefined) return;
    const last = this.received.at(-1);
    const after = last === undefined ? beginningOf(this.fromBlock) : parseEventId(last);
    const connection = new AbortController();
    const killed = new Promise<undefined>((resolve) => running.process.onKill(() => resolve(undefined)));
    const events = follow(running.reader, parseEventFilter(this.filter), after, QUIET, connection.signal);
    for (;;) {
      const next = await Promise.race([events.next().catch(() => undefined), killed]);
      if (next === undefined || next.done === true || this.#ended) return connection.abort();
      if (next.value !== undefined) this.received.push(eventId(next.value, next.value.blockHash));
      // The connection breaks.
      if (this.#world.faulty && this.#world.random.chance(0.02)) return connection.abort();
    }
  }
}
