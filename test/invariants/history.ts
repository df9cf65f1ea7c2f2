import type { BaseContract, ContractTransactionResponse, Signer, Wallet } from "ethers";
import { type Call, encodeExecute } from "../../src/core/execution.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import type { UserOperation } from "../../src/core/user-operation.ts";
import { walletOf } from "../contracts/support/actors.ts";
import { blockNumber, TRANSACTION_GAS } from "../contracts/support/chain.ts";
import { readFailure, revertData } from "../contracts/support/errors.ts";
import { type ContractEvent, eventsOf } from "../contracts/support/events.ts";
import { callOf, draft, handleOps, signed } from "../contracts/support/operations.ts";
import type { Participant } from "../contracts/support/participants.ts";

/** An operation that was signed, and by which key. */
export interface Signed {
  operation: UserOperation;
  deadlineBlock: number;
  wallet: Wallet;
}

/** What a run has seen so far; the properties compare it with the chain. */
export interface History {
  signed: Signed[];
  /** Hash of each operation that was included -> its block. */
  included: Map<string, number>;
  /** Links of the object in their order. */
  links: string[];
  /** Orders that were filed, by number from 1: the call, and the partner that it goes to or the zero address. */
  orders: { call: Call; executor: string }[];
  /** Orders of which an execution was seen. */
  executed: Set<bigint>;
  agreements: string[];
  anchors: string[];
  /** Holding of the exchange at the end of each block in which a step ended. */
  custody: { block: number; holding: bigint }[];
  /** Keys that an account has now, where it is not the first one any more. */
  keys: Map<string, Wallet>;
  /** Events of the last step. */
  events: ContractEvent[];
  /** Set where somebody got through who may not. */
  intrusion?: string;
  /** Counts of what happened, so that a run that does nothing is noticed. */
  counts: Map<string, number>;
}

export function newHistory(): History {
  return {
    signed: [],
    included: new Map(),
    links: [],
    orders: [],
    executed: new Set(),
    agreements: [],
    anchors: [],
    custody: [],
    keys: new Map(),
    events: [],
    counts: new Map(),
  };
}

/** The key that an account has at this moment. */
export function keyOf(history: History, { address, wallet }: Participant): Wallet {
  return history.keys.get(address) ?? wallet;
}

/** Signs calls with a deadline some blocks ahead. */
export async function sign(history: History, who: Participant, calls: readonly Call[], ahead = 50): Promise<Signed> {
  const deadlineBlock = (await blockNumber()) + ahead;
  const nonce = encodeSerial({ deadlineBlock });
  const wallet = keyOf(history, who);
  const operation = signed(await draft(who.address, encodeExecute(calls), { nonce }), wallet);
  const entry = { operation, deadlineBlock, wallet };
  history.signed.push(entry);
  return entry;
}

/**
 * Sends an operation and notes what came of it.
 * @throws Error if an operation is included twice, after its deadline, or under a key that the account has no more
 */
export async function send(history: History, { operation, deadlineBlock, wallet }: Signed): Promise<void> {
  note(history, "calls");
  const current = history.keys.get(operation.sender);
  const result = await handleOps([operation]);
  history.events = [];
  if (result.refused) return note(history, "refused");
  const [outcome] = result.outcomes;
  if (outcome === undefined) throw new Error("An accepted bundle has no outcome");
  if (history.included.has(outcome.hash)) throw new Error(`Included twice: ${outcome.hash}`);
  if (result.blockNumber > deadlineBlock) throw new Error(`Included in ${result.blockNumber}, after ${deadlineBlock}`);
  if (current !== undefined && current.address !== wallet.address) throw new Error("Included under a former key");
  history.included.set(outcome.hash, result.blockNumber);
  keep(history, outcome.events);
  if (!outcome.success) note(history, `failed: ${outcome.failure?.name}`);
}

/** Signs and sends one call. */
export async function act(history: History, who: Participant, call: Parameters<typeof callOf>): Promise<void> {
  await send(history, await sign(history, who, [callOf(...call)]));
}

/** Sends a transaction of somebody who acts with a key of their own. @returns whether it went through */
export async function transact(
  history: History,
  signer: Signer,
  contract: BaseContract,
  name: string,
  args: readonly unknown[],
): Promise<boolean> {
  note(history, "calls");
  history.events = [];
  const method = contract.connect(signer).getFunction(name);
  try {
    const sent = method(...args, { gasLimit: TRANSACTION_GAS }) as Promise<ContractTransactionResponse>;
    keep(history, await eventsOf(sent));
    return true;
  } catch (error) {
    const data = revertData(error);
    if (data === undefined) throw error;
    note(history, "refused");
    note(history, `refused: ${readFailure(data).name}`);
    return false;
  }
}

export function note(history: History, what: string): void {
  history.counts.set(what, (history.counts.get(what) ?? 0) + 1);
}

/** Takes over what events say that later steps build on. */
function keep(history: History, events: ContractEvent[]): void {
  history.events = events;
  for (const { address, name, args } of events) {
    note(history, name);
    if (name === "Linked") history.links.push(String(args[4]));
    if (name === "AgreementProposed") history.agreements.push(String(args[0]));
    if (name === "Anchored") history.anchors.push(String(args[0]));
    if (name === "SignerChanged") history.keys.set(address, keyNamed(String(args[1])));
  }
}

const KEYS = Array.from({ length: 40 }, (_, at) => walletOf(`random key ${at}`));

/** One of the keys that accounts of a run change to. */
export function keyNumber(at: number): Wallet {
  return KEYS[at % KEYS.length] as Wallet;
}

function keyNamed(signer: string): Wallet {
  const found = KEYS.find(({ address }) => address.toLowerCase() === signer.toLowerCase());
  if (found === undefined) throw new Error(`An account got the key ${signer}, which nobody gave it`);
  return found;
}
