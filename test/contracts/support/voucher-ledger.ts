import { expect } from "chai";
import type { Voucher } from "../../../generated/contracts/index.ts";
import { networkHelpers } from "./chain.ts";
import { revertData } from "./errors.ts";
import { startFrom } from "./fixtures.ts";
import { expectExecuted } from "./operations.ts";
import { makeUser, type Participant, town } from "./participants.ts";
import { asRedemptions, makeVoucher } from "./vouchers.ts";

const CAP = 60;

/** Holders 0 to 2 are users, the first of them a custodian; holder 3 is Redemptions. */
async function settle() {
  const p = await town();
  const dan = await makeUser(p, p.bank, "dan");
  expectExecuted(await p.bank.call(p.partners, "recognise", [p.operator.address, 5]));
  const splittable = await makeVoucher(p, p.bank, { cap: BigInt(CAP) });
  const lots = await makeVoucher(p, p.bank, { cap: BigInt(CAP), voucherType: 1, hands: 3 });
  for (const voucher of [splittable, lots]) expectExecuted(await p.dairy.call(voucher, "openCustody", []));
  const keeper = await (await asRedemptions(p, splittable)).runner;
  const users: Participant[] = [p.dairy, p.alice, dan];
  const holders = [...users.map(({ address }) => address), (keeper as unknown as { address: string }).address];
  return { ...p, splittable, lots, holders };
}

export type Moves = Awaited<ReturnType<typeof settle>>;
export const movesTown = (): Promise<Moves> => startFrom(settle);

/** What a voucher of one balance should do, in the plainest words: lists of all that happened, and sums over them. */
export class Ledger {
  balances = [0, 0, 0, 0];
  frozen = [0, 0, 0];
  received: { who: number; block: number; amount: number }[] = [];
  sent: { who: number; block: number; amount: number }[] = [];
  cap = CAP;
  holding = 0;
  period = { blocks: 0, amount: 0 };
  /** Balance of the custodian at the end of each block in which something happened. */
  custody: [block: number, balance: number][] = [];

  get circulating(): number {
    return this.balances.reduce((sum, one) => sum + one, 0);
  }

  /** Whether parts can be transferred together in a block. */
  mayTransfer(from: number, to: number, parts: readonly number[], block: number): boolean {
    const amount = parts.reduce((sum, one) => sum + one, 0);
    const [balance, frozen] = [this.balances[from] as number, this.frozen[from] as number];
    const within = (all: Ledger["sent"], blocks: number) =>
      all.filter((one) => one.who === from && one.block > block - blocks).reduce((sum, one) => sum + one.amount, 0);
    // What stays where it is can be named several times: nothing moves.
    const needed = from === to && frozen === 0 && this.holding === 0 ? Math.max(...parts) : amount;
    if (needed > balance) return false;
    if (needed > Math.max(balance - frozen, 0)) return false;
    if (this.holding > 0 && needed > Math.max(balance - within(this.received, this.holding), 0)) return false;
    if (this.period.blocks === 0 || from === to) return true;
    return amount <= Math.max(this.period.amount - within(this.sent, this.period.blocks), 0);
  }

  move(from: number | undefined, to: number | undefined, amount: number): void {
    if (from !== undefined) this.balances[from] = (this.balances[from] as number) - amount;
    if (to !== undefined) this.balances[to] = (this.balances[to] as number) + amount;
  }

  receive(who: number, amount: number, block: number): void {
    if (this.holding > 0) this.received.push({ who, block, amount });
  }
}

/** Sends a transaction that must succeed exactly if the ledger says so. @returns whether it did */
export async function attempt(send: () => Promise<{ wait(): Promise<unknown> }>, allowed: boolean, text: string) {
  let done = true;
  try {
    await (await send()).wait();
  } catch (error) {
    if (revertData(error) === undefined) throw error;
    done = false;
  }
  expect(done, text).to.equal(allowed);
  return done;
}

/** Compares what the voucher says of the custodian as of each block with what was noted then. */
export async function compareCustody(p: Moves, voucher: Voucher, custody: Ledger["custody"]): Promise<void> {
  await networkHelpers.mine(1);
  const last = new Map(custody);
  for (const [block, balance] of last) {
    expect(Number(await voucher.custodyBalanceAt(p.holders[0] as string, block)), `${block}`).to.equal(balance);
  }
}
