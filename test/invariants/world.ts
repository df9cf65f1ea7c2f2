import type { Account, Voucher } from "../../generated/contracts/index.ts";
import { type Call, encodeExecute } from "../../src/core/execution.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import type { UserOperation } from "../../src/core/user-operation.ts";
import { digestOf } from "../contracts/support/actors.ts";
import { blockNumber, ethers } from "../contracts/support/chain.ts";
import type { ContractEvent } from "../contracts/support/events.ts";
import { startFrom } from "../contracts/support/fixtures.ts";
import { callOf, draft, expectExecuted, handleOps, signed } from "../contracts/support/operations.ts";
import { type Participant, type Town, town } from "../contracts/support/participants.ts";
import { accountAt } from "../contracts/support/platform.ts";
import { setClass } from "../contracts/support/quota.ts";
import { makeVoucher } from "../contracts/support/vouchers.ts";

/** Everything that a run of actions plays with. */
export interface World extends Town {
  users: Participant[];
  partners_: Participant[];
  everybody: Participant[];
  voucher: Voucher;
  object: string;
  accounts: Account[];
}

/** What a run has seen so far; the properties compare it with the chain. */
export interface History {
  /** Operations that were signed, with the deadline of each. */
  signed: { operation: UserOperation; deadlineBlock: number }[];
  /** Hash of each operation that was included -> its block. */
  included: Map<string, number>;
  /** Links of the object in their order. */
  links: string[];
  /** Events of the last step. */
  events: ContractEvent[];
  /** Counts of what happened, so that a run that does nothing is noticed. */
  counts: Map<string, number>;
}

/** A small cap and small quotas, so that a run reaches them. */
export async function buildWorld(): Promise<World> {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank, { cap: 60n });
  const key = digestOf("object");
  expectExecuted(await p.dairy.call(p.records, "openObject", [key, [p.alice.address, p.bob.address]]));
  await setClass(p, 5, { ceiling: 6_000, grant: 900, initial: 3_000, periodBlocks: 7 });
  await setClass(p, 4, { ceiling: 4_000, grant: 400, initial: 1_000, periodBlocks: 5 });
  const users = [p.alice, p.bob, p.carol];
  const partners_ = [p.bank, p.dairy];
  const everybody = [...users, ...partners_];
  return {
    ...p,
    users,
    partners_,
    everybody,
    voucher,
    object: await p.records.objectId(p.dairy.address, key),
    accounts: everybody.map(({ address }) => accountAt(address)),
  };
}

export const freshWorld = () => startFrom(buildWorld);

export function newHistory(): History {
  return { signed: [], included: new Map(), links: [], events: [], counts: new Map() };
}

/** Signs calls with a deadline some blocks ahead. */
export async function sign(history: History, who: Participant, calls: readonly Call[], ahead = 50) {
  const deadlineBlock = (await blockNumber()) + ahead;
  const nonce = encodeSerial({ deadlineBlock });
  const operation = signed(await draft(who.address, encodeExecute(calls), { nonce }), who.wallet);
  const entry = { operation, deadlineBlock };
  history.signed.push(entry);
  return entry;
}

/**
 * Sends an operation and notes what came of it.
 * @throws Error if an operation is included twice or after its deadline
 */
export async function send(history: History, { operation, deadlineBlock }: History["signed"][number]): Promise<void> {
  const result = await handleOps([operation]);
  history.events = [];
  if (result.refused) return note(history, "refused");
  const [outcome] = result.outcomes;
  if (outcome === undefined) throw new Error("An accepted bundle has no outcome");
  if (history.included.has(outcome.hash)) throw new Error(`Included twice: ${outcome.hash}`);
  if (result.blockNumber > deadlineBlock) throw new Error(`Included in ${result.blockNumber}, after ${deadlineBlock}`);
  history.included.set(outcome.hash, result.blockNumber);
  history.events = outcome.events;
  for (const { name } of outcome.events) note(history, name);
  for (const { name, args } of outcome.events) if (name === "Linked") history.links.push(String(args[4]));
}

/** Signs and sends one call. */
export async function act(history: History, who: Participant, call: Parameters<typeof callOf>): Promise<void> {
  await send(history, await sign(history, who, [callOf(...call)]));
}

export function note(history: History, what: string): void {
  history.counts.set(what, (history.counts.get(what) ?? 0) + 1);
}

/** Balance of everybody who could ever hold the voucher. */
export async function balancesOf({ voucher, everybody, school }: World): Promise<Map<string, bigint>> {
  const holders = [...everybody, school].map(({ address }) => address);
  const balances = await voucher.balanceOfBatch(
    holders,
    holders.map(() => 0),
  );
  return new Map(holders.map((holder, at) => [holder, balances[at] ?? 0n]));
}

/** Quota of everybody, as of the last block. */
export async function quotasOf({ quota, everybody }: World) {
  const block = await blockNumber();
  const standings = new Map<string, { own: bigint; number: bigint; ceiling: bigint; grant: bigint; period: bigint }>();
  for (const { address } of everybody) {
    const [{ own }, number] = await Promise.all([quota.pointsOf(address), quota.classOf(address)]);
    const [ceiling, grant, , period] = await quota.class(number);
    standings.set(address, { own, number, ceiling, grant, period });
  }
  return { block: BigInt(block), standings };
}

/** Code of everybody's accounts. */
export async function codesOf({ everybody }: World): Promise<string[]> {
  return Promise.all(everybody.map(({ address }) => ethers.provider.getCode(address)));
}
