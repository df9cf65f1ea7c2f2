import type { EventFilter } from "../../../src/core/event-filter.ts";
import { change, replay, rotateSecret, sendAgain, subscribe, unsubscribe } from "../../../src/push/manage.ts";
import { readPushPosition } from "../../../src/store/queries/push/position.ts";
import { findSubscription } from "../../../src/store/queries/push/subscriptions.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import type { PlatformMachine, Running } from "../machine/platform-machine.ts";
import type { Receivers } from "../machine/receivers.ts";
import type { World } from "../machine/world.ts";
import { PEOPLE } from "./people.ts";

/** A webhook subscription that somebody asked for. */
export interface Wanted {
  url: string;
  filter: EventFilter;
  /** Undefined: from now on. */
  fromBlock: number | undefined;
  /** Set when the answer came. */
  id: string | undefined;
  /** Height of the chain when the answer came: what comes after it must be told. */
  answeredAt: number | undefined;
  /** Times that it was asked to tell earlier events once more. */
  replays: number;
  ended: boolean;
}

const OWNER = "key_simulation";
const RULES = { allowPrivate: true };

/** Filters that subscribers use; a simple one tells by itself what fits. */
export function randomFilter(world: World): EventFilter {
  const { random } = world;
  const account = random.pick(PEOPLE).account.toLowerCase();
  return random.pick<EventFilter>([
    {},
    { types: ["records.*"] },
    { types: ["operation.included", "operation.expired"] },
    { types: ["block.added"] },
    { types: ["records.recorded"], where: { owner: account } },
    { types: ["records.recorded"], where: { kind: { gte: 3 } } },
    { types: ["operation.*"], where: { sender: [account] } },
    { types: ["voucher.transfer-single"], where: { value: { gte: "50" } } },
  ]);
}

/** Partners that subscribe, change and end webhook subscriptions. */
export class Subscribers {
  readonly wanted: Wanted[] = [];
  readonly #world: World;
  readonly #chain: ConsortiumChain;
  readonly #machine: PlatformMachine;
  readonly #receivers: Receivers;

  constructor(world: World, chain: ConsortiumChain, machine: PlatformMachine, receivers: Receivers) {
    this.#world = world;
    this.#chain = chain;
    this.#machine = machine;
    this.#receivers = receivers;
  }

  act(): void {
    const { random } = this.#world;
    const known = this.wanted.filter(({ id, ended }) => id !== undefined && !ended);
    if (known.length < 2 || random.chance(0.35)) {
      this.#subscribe();
      return;
    }
    const one = random.pick(known);
    const kind = random.integer(0, 11);
    if (kind === 0) this.#end(one);
    else if (kind === 1) this.#receivers.leave(one.url);
    else if (kind <= 4) this.#replay(one);
    else if (kind <= 7) this.#ask(({ db }) => change(db, one.id as string, { status: "paused" }, this.#rules()));
    else if (kind <= 9) this.resume(one);
    else this.#ask(({ db, process }) => this.#rotate(db, one.id as string, process.clock.now()));
  }

  /** Lets a subscription go on, and tells what was given up again. */
  resume(one: Wanted): void {
    this.#ask(async ({ db, process }) => {
      const row = await findSubscription(db, one.id as string);
      if (row?.status === "paused") await change(db, one.id as string, { status: "active" }, this.#rules());
      await sendAgain(db, one.id as string, "dead", process.clock.now());
    });
  }

  #subscribe(): void {
    const { random } = this.#world;
    const one: Wanted = {
      ...{ url: `http://receiver.test/${this.wanted.length}`, filter: randomFilter(this.#world) },
      fromBlock: random.chance(0.6) ? random.integer(0, this.#chain.head) : undefined,
      ...{ id: undefined, answeredAt: undefined, replays: 0, ended: false },
    };
    this.wanted.push(one);
    this.#ask(async ({ db }) => {
      const { block } = await readPushPosition(db);
      if (one.fromBlock !== undefined) one.fromBlock = block < 0 ? undefined : Math.min(one.fromBlock, block);
      const { url, filter, fromBlock } = one;
      const request = { url, filter, ...(fromBlock === undefined ? {} : { fromBlock }) };
      const { id } = await subscribe(db, OWNER, request, this.#rules());
      Object.assign(one, { id, answeredAt: this.#chain.head });
    });
  }

  #end(one: Wanted): void {
    one.ended = true;
    this.#ask(({ db }) => unsubscribe(db, one.id as string));
  }

  #replay(one: Wanted): void {
    one.replays++;
    const from = this.#world.random.integer(one.fromBlock ?? this.#chain.head, this.#chain.head);
    this.#ask(({ db }) => replay(db, one.id as string, from));
  }

  async #rotate(db: Running["db"], id: string, now: number): Promise<void> {
    const row = await findSubscription(db, id);
    if (row !== undefined) await rotateSecret(db, row, now);
  }

  /** Something that the interface does for a partner. Whether it was done is not known when it fails. */
  #ask(work: (running: Running) => Promise<unknown>): void {
    const running = this.#machine.running;
    if (running === undefined) return;
    work(running).then(
      () => running.push?.nudge(),
      () => this.#world.count("requests that failed"),
    );
  }

  #rules() {
    return { ...RULES, now: this.#machine.running?.process.clock.now() ?? 0 };
  }
}
