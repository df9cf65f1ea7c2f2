import { encodeSerial } from "../../../src/core/serial.ts";
import { toRpc, type UserOperation } from "../../../src/core/user-operation.ts";
import type { Database } from "../../../src/store/database.ts";
import { once } from "../../../src/uplink/idempotency.ts";
import { made } from "../../../src/uplink/prepare.ts";
import { parseSigned, type Submissions } from "../../../src/uplink/submissions.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import { CHAIN_ID, hashOf } from "../chain/entry-point.ts";
import type { PlatformMachine, Running } from "../machine/platform-machine.ts";
import { knowHash } from "../machine/relays.ts";
import type { World } from "../machine/world.ts";
import type { SentOperation } from "./clients.ts";
import { operationOf, PEOPLE, randomCallData } from "./people.ts";

const LONGEST_DEADLINE = 25;
const TENANT = "tenant of the simulation";
const CALLER = { tenant: TENANT, principal: "key of the simulation" };

/** Something that a business system handed over. */
export interface HandedOver {
  operation: UserOperation;
  hash: string;
  deadline: number;
  key: string;
  /** The submission that was answered; undefined: refused so far, or no answer came. */
  id: string | undefined;
  /** Other submissions that were answered to the same request: there must be none. */
  others: string[];
  /** Whether it was ever sent. */
  tried: boolean;
  /** Whether each answer said that it can not be included. */
  refused: boolean;
}

/** Business systems that hand signed operations over, and do so again until an answer comes. */
export class PartnerSystems {
  readonly handedOver: HandedOver[] = [];
  readonly #world: World;
  readonly #chain: ConsortiumChain;
  readonly #machine: PlatformMachine;
  readonly #operations: Map<string, SentOperation>;

  constructor(world: World, chain: ConsortiumChain, machine: PlatformMachine, operations: Map<string, SentOperation>) {
    this.#world = world;
    this.#chain = chain;
    this.#machine = machine;
    this.#operations = operations;
  }

  get lastDeadline(): number {
    return Math.max(0, ...this.handedOver.map(({ deadline }) => deadline));
  }

  act(): void {
    const { random } = this.#world;
    const known = this.handedOver.filter(({ id }) => id !== undefined);
    // The same request once more, although it was answered.
    if (random.chance(0.15) && known.length > 0) this.#handOver(random.pick(known), 1);
    else this.#handOver(this.#sign(), 5);
  }

  #sign(): HandedOver {
    const { random } = this.#world;
    const person = random.pick(PEOPLE);
    const callData = randomCallData(this.#chain, person.account, random);
    const deadline = this.#chain.head + random.integer(2, LONGEST_DEADLINE);
    const nonce = encodeSerial({ random: BigInt(`0x${random.hex(14)}`), deadlineBlock: deadline });
    const operation = operationOf(person, nonce, callData);
    const hash = hashOf(operation);
    const one: HandedOver = {
      ...{ operation, hash, deadline, key: random.hex(8), id: undefined, others: [] },
      ...{ tried: false, refused: false },
    };
    this.handedOver.push(one);
    knowHash(toRpc(operation), hash);
    // It comes to the access node through the uplink; there, too, it must be known.
    const sent = { hash, operation, deadline, offered: true, accepted: false, unsure: true, told: [] };
    this.#operations.set(hash, sent);
    return one;
  }

  #handOver(one: HandedOver, attempts: number): void {
    const { time, random } = this.#world;
    time.after(random.next() * 10, async () => {
      const running = this.#machine.running;
      if (running?.submissions === undefined) return this.#again(one, attempts);
      one.tried = true;
      // Nobody waits for the answer here: it comes in other events.
      this.#ask(one, running, running.submissions).then(
        (subject) => {
          running.uplink?.nudge();
          if (subject === undefined) return;
          if (one.id !== undefined && one.id !== subject) one.others.push(subject);
          one.id = subject;
        },
        (error: Error & { code?: unknown }) => {
          this.#world.say(`business system: ${one.hash.slice(0, 10)} ${error.message}`);
          const code = String(error.code);
          one.refused = code.startsWith("operation.") || code.startsWith("quota.");
          if (!one.refused) this.#again(one, attempts);
        },
      );
    });
  }

  #again(one: HandedOver, attempts: number): void {
    if (attempts > 1) this.#world.time.after(1_500, () => this.#handOver(one, attempts - 1));
  }

  /** As the route does it. @returns the submission; undefined when the answer is lost */
  async #ask(one: HandedOver, { db, process }: Running, submissions: Submissions): Promise<string | undefined> {
    const { world } = process;
    const body = { operation: toRpc(one.operation) };
    const request = { tenant: TENANT, key: one.key, what: "POST /v1/operations", body };
    const { subject } = await once(db, request, submissions.now(), async () => {
      const plan = {
        caller: CALLER,
        kind: "operation",
        content: {},
        made: made(parseSigned(body.operation), CHAIN_ID),
      };
      const [fault] = await submissions.faults(CALLER, [plan.made], await submissions.check.head());
      if (fault !== undefined) throw fault;
      return async (tx: Database) => {
        const [row] = await submissions.store(tx, [plan]);
        return { status: 201, text: JSON.stringify({ id: row?.id }), subject: String(row?.id) };
      };
    });
    return world.fails("rpcLost") ? undefined : subject;
  }
}
