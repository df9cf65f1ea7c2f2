import type { Voucher } from "../../generated/contracts/index.ts";
import { digestOf } from "../contracts/support/actors.ts";
import { decide } from "../contracts/support/council.ts";
import { startFrom } from "../contracts/support/fixtures.ts";
import { callOf, expectExecuted } from "../contracts/support/operations.ts";
import { certify, LEVEL, type Participant, type Town, town } from "../contracts/support/participants.ts";
import { setClass } from "../contracts/support/quota.ts";
import { makeVoucher } from "../contracts/support/vouchers.ts";

/** Everything that a run of actions plays with. */
export interface World extends Town {
  users: Participant[];
  partners_: Participant[];
  everybody: Participant[];
  /** Milk of the bank's, rice of the dairy's, and lots of the bank's. */
  vouchers: [milk: Voucher, rice: Voucher, lots: Voucher];
  /** Whose holding of milk is proven, and whose balances are checkpointed. */
  exchange: Participant;
  object: string;
  /** Waiting period of key resets, blocks. */
  waiting: number;
}

/** Numbers small enough that a run reaches caps, quotas, deadlines and waiting periods. */
const CAP = 60n;
const WAITING_BLOCKS = 8;
const MINIMUM_AGE = 5;
const REDEMPTION_BLOCKS = 10;
const LATE = 2n ** 48n - 1n;

async function buildWorld(): Promise<World> {
  const p = await town();
  const rules = { cap: CAP, redemptionBlocks: REDEMPTION_BLOCKS };
  const milk = await makeVoucher(p, p.bank, rules);
  const rice = await makeVoucher(p, p.dairy, { ...rules, symbol: "RICE" });
  const lots = await makeVoucher(p, p.bank, { ...rules, symbol: "LOTS", voucherType: 1, hands: 3 });
  const users = [p.alice, p.bob, p.carol];
  const partners_ = [p.bank, p.dairy];

  for (const user of users) expectExecuted(await certify(p, p.dairy, user, LEVEL.realName));
  expectExecuted(await certify(p, p.bank, p.carol, LEVEL.realName));
  expectExecuted(await certify(p, p.bank, p.dairy, LEVEL.realName));
  expectExecuted(await p.dairy.call(milk, "openCustody", []));
  const agents = [callOf(milk, "setAgent", [p.bob.address, 12]), callOf(milk, "setAgent", [p.dairy.address, 9])];
  expectExecuted(await p.bank.operate(agents));
  for (const user of [...users, p.dairy]) {
    const approvals = [milk, rice].map((voucher) => callOf(voucher, "approve", [p.settlements.target, 0, 1_000, LATE]));
    expectExecuted(await user.operate(approvals));
  }
  for (const holder of [...users, p.dairy]) {
    expectExecuted(await p.bank.call(milk, "allocate", [holder.address, 6]));
    if (holder !== p.dairy) expectExecuted(await p.dairy.call(rice, "allocate", [holder.address, 6]));
  }
  const key = digestOf("object");
  expectExecuted(await p.dairy.call(p.records, "openObject", [key, [p.alice.address, p.bob.address]]));
  const { keyResets } = p;
  await decide(p, [keyResets, "setWaitingBlocks", [WAITING_BLOCKS]], [keyResets, "setMinimumAge", [MINIMUM_AGE]]);
  await setClass(p, 5, { ceiling: 9_000, grant: 2_500, initial: 6_000, periodBlocks: 7 });
  await setClass(p, 4, { ceiling: 4_000, grant: 400, initial: 1_000, periodBlocks: 5 });
  return {
    ...p,
    users,
    partners_,
    everybody: [...users, ...partners_],
    vouchers: [milk, rice, lots],
    exchange: p.dairy,
    object: await p.records.objectId(p.dairy.address, key),
    waiting: WAITING_BLOCKS,
  };
}

export const freshWorld = () => startFrom(buildWorld);
