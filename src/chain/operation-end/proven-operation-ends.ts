import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { invalidProof } from "../../core/proof-error.ts";
import type { QbftHeader } from "../../core/qbft/header.ts";
import { smallQuantityOf } from "../../core/rpc-values.ts";
import { decodeSerial, MAX_DEADLINE_DISTANCE } from "../../core/serial.ts";
import { ENTRY_POINT } from "../../core/user-operation.ts";
import { USER_OPERATION_EVENT } from "../operation-events.ts";
import { KeptRecently } from "../relays/kept-recently.ts";
import { eachLogRange } from "../relays/log-ranges.ts";
import { type Relay, WithheldError } from "../relays/relay.ts";
import type { RelaySet } from "../relays/relay-set.ts";
import type { SealedChain } from "../sealed-chain.ts";
import { nonceSlot } from "./nonce-slot.ts";
import type { DisplacedOperation, EndingOperation, ExpiredOperation, OperationEnds } from "./operation-ends.ts";
import { ProvenBlock, type ProvenInclusion } from "./proven-block.ts";
import type { RelayHeads } from "./relay-heads.ts";

export interface ProvenOperationEndsOptions {
  relays: RelaySet;
  chain: SealedChain;
  heads: RelayHeads;
  clock: Clock;
  /** Milliseconds that one relay may take for all that it is asked at once; 60,000 by default. */
  budget?: number;
  /** Blocks without an end after which all relays are asked for an operation, and then every so many; 8 by default. */
  patienceBlocks?: number;
}

/** An end of which every member is proven. */
export type ProvenEnd = ProvenInclusion | ExpiredOperation | DisplacedOperation;

const HASHES_A_QUESTION = 500;
const SLOTS_A_QUESTION = 64;
const KEPT_ENDS = 10_000;
const KEPT_OPERATIONS = 100_000;
const KEPT_BLOCKS = 16;

/**
 * Ends of operations on a network of sealed blocks, from relays that nobody has to trust.
 * - `included` counts with EntryPoint's event in a receipt that is proven under a quorum of seals;
 * - `expired` counts with a sealed header past the deadline and a proof, against its state, that the serial is unused;
 * - `displaced` counts with the proven event of the other operation that used the serial.
 *
 * Whatever a relay says beyond is a claim: what could not be proven is no end. A relay that lies is not asked again. One
 * that withholds or is silent comes after the others, and an operation without an end is asked for everywhere.
 */
export class ProvenOperationEnds implements OperationEnds {
  readonly #relays: RelaySet;
  readonly #chain: SealedChain;
  readonly #heads: RelayHeads;
  readonly #clock: Clock;
  readonly #budget: number;
  readonly #patience: number;
  readonly #ends = new KeptRecently<string, ProvenEnd>(KEPT_ENDS);
  readonly #blocks = new KeptRecently<number, ProvenBlock>(KEPT_BLOCKS);
  /** Height from which on an operation is asked for everywhere. */
  readonly #askAll = new KeptRecently<string, number>(KEPT_OPERATIONS);
  /** By relay: the block up to which it has shown no inclusion of an operation. */
  readonly #searched = new Map<Relay, KeptRecently<string, number>>();

  constructor({ relays, chain, heads, clock, budget = 60_000, patienceBlocks = 8 }: ProvenOperationEndsOptions) {
    this.#relays = relays;
    this.#chain = chain;
    this.#heads = heads;
    this.#clock = clock;
    this.#budget = budget;
    this.#patience = patienceBlocks;
  }

  async find(operations: readonly EndingOperation[]): Promise<Map<string, ProvenEnd>> {
    for (const operation of operations) requireSerial(operation);
    const ends = new Map<string, ProvenEnd>();
    const isOpen = ({ hash }: EndingOperation) => !ends.has(hash);
    for (const { hash } of operations) {
      const end = this.#ends.get(hash);
      if (end !== undefined) ends.set(hash, end);
    }
    let wanted = operations.filter(isOpen);
    const still: Relay[] = [];
    for (const relay of this.#relays.inTurn()) {
      if (wanted.length === 0) break;
      const answered = await this.#askOne(relay, wanted, ends);
      wanted = wanted.filter(isOpen);
      if (answered && this.#heads.standsStill(relay)) still.push(relay);
      else if (answered) wanted = wanted.filter((operation) => this.#isOverdue(operation));
    }
    for (const relay of still) {
      const lag = this.#heads.lagOf(relay);
      if (lag > 0) this.#relays.blame(relay, "silent", `its chain stands still, ${lag} blocks behind that of others`);
    }
    this.#rememberWaiting(operations.filter(isOpen));
    return ends;
  }

  /** @returns false where the relay did not do what it should */
  async #askOne(relay: Relay, wanted: readonly EndingOperation[], ends: Map<string, ProvenEnd>): Promise<boolean> {
    const found = (hash: string, end: ProvenEnd) => {
      ends.set(hash, end);
      this.#ends.set(hash, end);
      if (end.state !== "expired") this.#blameBlind(hash, end.block, relay);
    };
    const work = async () => {
      const head = await this.#heads.read(relay);
      await this.#searchInclusions(relay, wanted, head.number, found);
      const past = wanted.filter(({ hash, deadlineBlock }) => !ends.has(hash) && deadlineBlock < head.number);
      await this.#judgePast(relay, past, head, found);
    };
    try {
      await withinBudget(work(), this.#clock, this.#budget);
      this.#relays.served(relay);
      return true;
    } catch (error) {
      this.#relays.blameFor(relay, error);
      return false;
    }
  }

  /** Looks for operations among the events that the relay shows, in blocks that it has not been asked about. */
  async #searchInclusions(relay: Relay, wanted: readonly EndingOperation[], head: number, found: Found): Promise<void> {
    const searched = this.#searchedBy(relay);
    for (let at = 0; at < wanted.length; at += HASHES_A_QUESTION) {
      const some = wanted.slice(at, at + HASHES_A_QUESTION);
      const from = Math.min(...some.map((operation) => (searched.get(operation.hash) ?? firstBlock(operation)) + 1));
      const to = Math.min(head, Math.max(...some.map(({ deadlineBlock }) => deadlineBlock)));
      const filter = { address: ENTRY_POINT, topics: [USER_OPERATION_EVENT, some.map(({ hash }) => hash)] };
      const hashes = new Set(some.map(({ hash }) => hash));
      await eachLogRange(relay.ask, filter, [from, to], async (logs) => {
        for (const { hash, number } of claimsOf(logs, hashes)) {
          const inclusion = (await this.#block(relay, number)).inclusionOf(hash);
          if (inclusion === undefined) throw invalidProof("log", `of operation ${hash} is not in block ${number}`);
          found(hash, inclusion);
        }
      });
      for (const { hash } of some) searched.set(hash, Math.max(searched.get(hash) ?? 0, to));
    }
  }

  /** Past their deadline and not shown as included: the state tells which serials are unused. */
  async #judgePast(relay: Relay, past: readonly EndingOperation[], head: QbftHeader, found: Found): Promise<void> {
    const used: EndingOperation[] = [];
    for (let at = 0; at < past.length; at += SLOTS_A_QUESTION) {
      const some = past.slice(at, at + SLOTS_A_QUESTION);
      const slots = some.map(({ sender, nonce }) => nonceSlot(sender, nonce >> 64n));
      const values = await this.#chain.storage(relay.ask, head, ENTRY_POINT, slots);
      for (const [index, operation] of some.entries()) {
        if (values[index] === 0n) found(operation.hash, { state: "expired", block: head.number });
        else used.push(operation);
      }
    }
    for (const operation of used) await this.#searchUse(relay, operation, found);
  }

  /** Something used the serial: the operation itself, which the relay did not show, or another in its place. */
  async #searchUse(relay: Relay, operation: EndingOperation, found: Found): Promise<void> {
    const { hash, sender, nonce, deadlineBlock } = operation;
    const account = `0x${sender.slice(2).toLowerCase().padStart(64, "0")}`;
    const filter = { address: ENTRY_POINT, topics: [USER_OPERATION_EVENT, null, account] };
    let isFound = false;
    await eachLogRange(relay.ask, filter, [firstBlock(operation) + 1, deadlineBlock], async (logs) => {
      for (const log of logs.filter((one) => isUseOf(one, account, nonce))) {
        const number = heightOf(log);
        const block = await this.#block(relay, number);
        const use = block.operationUsing(sender, nonce);
        if (use === undefined) throw invalidProof("log", `of the serial of ${hash} is not in block ${number}`);
        const { transactionHash, hash: by } = use;
        isFound = true;
        if (by !== hash) found(hash, { state: "displaced", block: number, transactionHash, by });
        else found(hash, block.inclusionOf(hash) as ProvenInclusion);
        return true;
      }
      return false;
    });
    if (!isFound) throw new WithheldError("the serial is used, and the relay does not show by what", hash);
  }

  async #block(relay: Relay, number: number): Promise<ProvenBlock> {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const block = await ProvenBlock.read(this.#chain, relay.ask, number);
    this.#blocks.set(number, block);
    return block;
  }

  #searchedBy(relay: Relay): KeptRecently<string, number> {
    const searched = this.#searched.get(relay) ?? new KeptRecently<string, number>(KEPT_OPERATIONS);
    this.#searched.set(relay, searched);
    return searched;
  }

  /** Others were asked about that block before, and did not show the operation. */
  #blameBlind(hash: string, block: number, shownBy: Relay): void {
    for (const [relay, searched] of this.#searched) {
      if (relay === shownBy || (searched.get(hash) ?? 0) < block) continue;
      this.#relays.blame(relay, "withheld", `it did not show an operation that is in block ${block}`, hash);
    }
  }

  /** Past its deadline, or open for longer than patience lasts: one relay's silence about it is not enough. */
  #isOverdue({ hash, deadlineBlock }: EndingOperation): boolean {
    const { highest } = this.#heads;
    return deadlineBlock < highest || highest >= (this.#askAll.get(hash) ?? Number.POSITIVE_INFINITY);
  }

  #rememberWaiting(open: readonly EndingOperation[]): void {
    const { highest } = this.#heads;
    for (const { hash } of open) {
      const askAll = this.#askAll.get(hash);
      if (askAll === undefined || highest >= askAll) this.#askAll.set(hash, highest + this.#patience);
    }
  }
}

/**
 * Waits for work, and no longer than the budget: a relay that answers each question late shall not hold up the others.
 * What it proves afterwards still counts.
 */
async function withinBudget(work: Promise<void>, clock: Clock, budget: number): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(budget, done.signal).then(() => {
    if (done.signal.aborted) return;
    throw new BropError("chain.unreachable", { reason: `it took longer than ${budget} ms` });
  });
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
    work.catch(() => undefined);
    late.catch(() => undefined);
  }
}

type Found = (hash: string, end: ProvenEnd) => void;

/** A block in which the operation can not be, and none before it. */
function firstBlock({ deadlineBlock, sentAfterBlock = 0 }: EndingOperation): number {
  return Math.max(0, sentAfterBlock, deadlineBlock - MAX_DEADLINE_DISTANCE - 1);
}

/** Which of the operations a relay claims to be in which blocks. Logs of others, not asked for, are passed over. */
function claimsOf(logs: readonly unknown[], hashes: ReadonlySet<string>): { hash: string; number: number }[] {
  return logs.flatMap((log) => {
    const topics = ((log ?? {}) as { topics?: unknown }).topics;
    const hash = Array.isArray(topics) ? String(topics[1]).toLowerCase() : "";
    return hashes.has(hash) ? [{ hash, number: heightOf(log) }] : [];
  });
}

function heightOf(log: unknown): number {
  return smallQuantityOf(((log ?? {}) as { blockNumber?: unknown }).blockNumber, "log.blockNumber");
}

/** Whether a relay claims that an event is about an account's nonce, the first word of its data. */
function isUseOf(log: unknown, account: string, nonce: bigint): boolean {
  const { topics, data } = (log ?? {}) as { topics?: unknown; data?: unknown };
  if (!Array.isArray(topics) || String(topics[2]).toLowerCase() !== account || typeof data !== "string") return false;
  return data.slice(2, 66).toLowerCase() === nonce.toString(16).padStart(64, "0");
}

function requireSerial({ nonce, deadlineBlock }: EndingOperation): void {
  const serial = decodeSerial(nonce);
  if (serial.tagged && serial.sequence === 0n && serial.deadlineBlock === deadlineBlock) return;
  const reason = "must be a random serial with the operation's deadline: encodeSerial()";
  throw new BropError("request.invalid", { field: "nonce", reason });
}
