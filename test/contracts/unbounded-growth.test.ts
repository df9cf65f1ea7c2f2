import { expect } from "chai";
import { digestOf, walletOf } from "./support/actors.ts";
import { blockNumber } from "./support/chain.ts";
import { callOf, expectExecuted } from "./support/operations.ts";
import { fileOrder } from "./support/orders.ts";
import { LEVEL, Participant, type Town, town } from "./support/participants.ts";
import { accountAt } from "./support/platform.ts";
import { recordOf } from "./support/records.ts";
import { leg, makeVoucher, ordered, policy, transfer } from "./support/vouchers.ts";

const TIMES = 24;
const LATE = 2 ** 39;
/** What the bytes of a random serial may differ by. */
const GAS_TOLERANCE = 3_000n;
/** For a search among checkpoints. To walk through as many would cost 100,000 and more (EIP-2929: 2,100 each). */
const SEARCH_GAS = 20_000n;

async function gasOf(result: Awaited<ReturnType<Participant["call"]>>): Promise<bigint> {
  expectExecuted(result);
  return result.gasUsed ?? 0n;
}

/** Two partners certify alice, in the same order each time: the last one is asked first. */
async function certifyAlice({ bank, dairy, alice, certifications }: Town, what: string): Promise<void> {
  for (const partner of [bank, dairy]) {
    const args = [alice.address, LEVEL.realName, false, LATE, digestOf(what)];
    expectExecuted(await partner.call(certifications, "certify", args));
  }
}

/** Everybody does much that is kept for ever: about alice, about bob, and beside them. */
async function fillHistory(p: Town, voucher: Awaited<ReturnType<typeof makeVoucher>>): Promise<Participant> {
  const { bank, alice, bob, records, settlements } = p;
  const other = await makeVoucher(p, bank);
  for (let at = 0; at < TIMES; at++) {
    await certifyAlice(p, `again ${at}`);
    expectExecuted(await bob.call(records, "record", [recordOf(`data ${at}`)]));
    expectExecuted(await bank.call(voucher, "setAgent", [walletOf(`agent ${at}`).address, 1]));
    await fileOrder(p);
    const legs = [leg(voucher, 1), leg(other, 1)];
    const offer = callOf(settlements, "offer", [...legs, alice.address, (await blockNumber()) + 1_000]);
    expectExecuted(await bank.operate([offer]));
  }
  let owner = alice;
  for (let at = 0; at < TIMES; at++) {
    const key = walletOf(`alice's key ${at}`);
    expectExecuted(await owner.call(accountAt(alice.address), "setSigner", [key.address]));
    owner = new Participant(alice.address, key);
  }
  return owner;
}

describe("What is kept for ever", function () {
  this.timeout(120_000);

  it("makes nobody's operations dearer: not a certification, record, key, order or offer of the past", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank);
    expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
    await certifyAlice(p, "first");
    await gasOf(await transfer(voucher, p.alice, p.bob, 1));
    expectExecuted(await p.bob.call(p.records, "record", [recordOf("the first")]));
    const before = [
      await gasOf(await transfer(voucher, p.alice, p.bob, 1)),
      await gasOf(await p.bob.call(p.records, "record", [recordOf("before")])),
      await gasOf(await p.bank.call(voucher, "allocate", [p.alice.address, 1])),
    ];

    const owner = await fillHistory(p, voucher);

    const after = [
      await gasOf(await transfer(voucher, owner, p.bob, 1)),
      await gasOf(await p.bob.call(p.records, "record", [recordOf("after")])),
      await gasOf(await p.bank.call(voucher, "allocate", [p.alice.address, 1])),
    ];
    for (const [at, gas] of after.entries()) expect(gas - (before[at] ?? 0n) <= GAS_TOLERANCE).to.equal(true);
  });

  it("is searched and not walked through where a rule looks back: windows and custody", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank);
    expectExecuted(
      await p.bank.call(p.certifications, "certify", [p.dairy.address, LEVEL.realName, false, LATE, digestOf("id")]),
    );
    expectExecuted(await p.dairy.call(voucher, "openCustody", []));
    expectExecuted(await p.bank.call(voucher, "allocate", [p.dairy.address, 500]));
    const windows = { holdingBlocks: 3, periodBlocks: 50, periodAmount: 400n };
    await ordered(p, voucher, "setPolicy", [policy(windows)]);
    const round = async () => gasOf(await transfer(voucher, p.dairy, p.bob, 1));
    for (let at = 0; at < 3; at++) await round();
    const before = await round();
    for (let at = 0; at < 2 * TIMES; at++) await round();
    expect((await round()) - before <= SEARCH_GAS).to.equal(true);
  });
});
