import type { RpcAnswer } from "../../../src/access/json-rpc.ts";
import { encodeHandleOps } from "../../../src/core/handle-ops.ts";
import { encodeSerial } from "../../../src/core/serial.ts";
import { ENTRY_POINT, pack, toRpc, type UserOperation } from "../../../src/core/user-operation.ts";
import { address, digest } from "../../indexer/fake-chain.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import { hashOf } from "../chain/entry-point.ts";
import type { PlatformMachine } from "../machine/platform-machine.ts";
import type { World } from "../machine/world.ts";
import { operationOf, PEOPLE, type Person, randomCallData } from "./people.ts";

/** Another relay, which sends bundles of its own. */
const OTHER_RELAY = address(700);
/** Greatest distance of a deadline, in blocks. */
const LONGEST_DEADLINE = 25;

/** An operation that somebody signed, and what the access node said about it. */
export interface SentOperation {
  hash: string;
  operation: UserOperation;
  deadline: number | undefined;
  /** Whether the access node was asked to take it. */
  offered: boolean;
  accepted: boolean;
  /** Whether an answer was lost: it may have been taken. */
  unsure: boolean;
  /** Ends that somebody was told of. */
  told: { state: string; block: number | undefined; transaction: string | undefined }[];
}

/** People who sign operations, hand them to the access node or to another relay, and ask what became of them. */
export class Clients {
  readonly operations = new Map<string, SentOperation>();
  readonly #world: World;
  readonly #chain: ConsortiumChain;
  readonly #machine: PlatformMachine;
  #otherNonce = 0;

  constructor(world: World, chain: ConsortiumChain, machine: PlatformMachine) {
    this.#world = world;
    this.#chain = chain;
    this.#machine = machine;
  }

  /** The last block in which one of the operations could be included. */
  get lastDeadline(): number {
    return Math.max(0, ...[...this.operations.values()].map(({ deadline }) => deadline ?? 0));
  }

  /** Somebody does something. */
  act(): void {
    const { random } = this.#world;
    const kind = random.integer(0, 9);
    const known = [...this.operations.values()];
    if (kind <= 4 || known.length === 0) this.#offer(this.#sign());
    else if (kind === 5) for (let count = random.integer(2, 6); count > 0; count--) this.#offer(this.#sign());
    else if (kind === 6) this.#offer(random.pick(known));
    else if (kind === 7) this.#sendElsewhere(random.pick(known));
    else this.#askAbout(random.pick(known));
  }

  #sign(): SentOperation {
    const { random } = this.#world;
    const person = random.pick(PEOPLE);
    const callData = randomCallData(this.#chain, person.account, random);
    const nonce = this.#nonce(person);
    let operation = operationOf(person, nonce.value, callData);
    // Somebody else's signature.
    if (random.chance(0.03)) operation = { ...operation, signature: operationOf(person, 1n, callData).signature };
    const sent: SentOperation = {
      ...{ hash: hashOf(operation), operation, deadline: nonce.deadline },
      ...{ offered: false, accepted: false, unsure: false, told: [] },
    };
    this.operations.set(sent.hash, sent);
    return sent;
  }

  #nonce({ account }: Person): { value: bigint; deadline: number | undefined } {
    const { random } = this.#world;
    const ofAccount = [...this.operations.values()].filter(({ operation }) => operation.sender === account);
    // A nonce that another operation has already: one of the two will be displaced.
    if (random.chance(0.05) && ofAccount.length > 0) {
      const { operation, deadline } = random.pick(ofAccount);
      return { value: operation.nonce, deadline };
    }
    if (random.chance(0.15)) {
      const next = this.#chain.entryPoint.nonce(account, 0n, this.#chain.head);
      return { value: next + BigInt(random.integer(0, 1)), deadline: undefined };
    }
    const deadline = this.#chain.head + random.integer(random.chance(0.1) ? -1 : 3, LONGEST_DEADLINE);
    const serial = { random: BigInt(`0x${random.hex(14)}`), deadlineBlock: Math.max(0, deadline) };
    return { value: encodeSerial(serial), deadline: serial.deadlineBlock };
  }

  #offer(sent: SentOperation): void {
    sent.offered = true;
    const { hash, operation } = sent;
    this.#request("eth_sendUserOperation", [toRpc(operation), ENTRY_POINT]).then((answer) => {
      if (answer?.result === hash) sent.accepted = true;
      else if (answer?.error === undefined) sent.unsure = true;
      else if (isOwnFault(answer.error)) sent.unsure = true;
      this.#world.say(`client: ${hash.slice(0, 10)} ${answer === undefined ? "LOST" : JSON.stringify(answer)}`);
    });
  }

  #askAbout(sent: SentOperation): void {
    this.#request("brop_getOperationStatus", [sent.hash]).then((answer) => {
      const status = answer?.result as { state: string; block?: number; transaction?: string } | null | undefined;
      if (status === null || status === undefined) return;
      const { state, block, transaction } = status;
      sent.told.push({ state, block, transaction });
    });
  }

  /** The operation, and sometimes others, go through another relay. */
  #sendElsewhere(sent: SentOperation): void {
    const { random } = this.#world;
    const others = [...this.operations.values()].filter((other) => other !== sent && random.chance(0.05));
    const operations = [sent, ...others].map(({ operation }) => pack(operation));
    const nonce = this.#otherNonce++;
    const refusal = this.#chain.send({
      ...{ hash: digest(`other relay ${nonce}`), from: OTHER_RELAY, nonce, gas: 3_000_000 },
      data: encodeHandleOps(operations, OTHER_RELAY),
    });
    if (refusal !== undefined) throw new Error(`the other relay's bundle was refused: ${refusal}`);
  }

  /** @returns undefined when the answer was lost */
  #request(method: string, params: unknown[]): Promise<RpcAnswer | undefined> {
    const { time, random } = this.#world;
    return new Promise((resolve) => {
      time.after(random.next() * 10, () => {
        const running = this.#machine.running;
        if (running?.access === undefined) return resolve(undefined);
        running.process.onKill(() => resolve(undefined));
        running.access.gateway
          .handle({ jsonrpc: "2.0", id: 1, method, params })
          .then((answer) => resolve(answer as RpcAnswer));
      });
    });
  }
}

/** Errors that say nothing about the operation: it may be stored. */
function isOwnFault({ data }: { code: number; data?: unknown }): boolean {
  const code = (data as { code?: string } | undefined)?.code ?? "";
  return !code.startsWith("operation.") && !code.startsWith("quota.");
}
