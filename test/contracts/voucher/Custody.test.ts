import { expect } from "chai";
import { digestOf } from "../support/actors.ts";
import { blockNumber, networkHelpers } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { PARTNER, type Participant, town } from "../support/participants.ts";
import { asRedemptions, makeVoucher, ordered, transfer, transferMany } from "../support/vouchers.ts";

/** An exchange (the dairy, which the bank accepts by its own certification) with 50 units, and Alice with 100. */
async function withExchange(changes = {}) {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank, changes);
  expectExecuted(await p.bank.call(p.partners, "recognise", [p.operator.address, 5]));
  const at = async (block: number) => Number(await voucher.custodyBalanceAt(p.dairy.address, block));
  return { ...p, exchange: p.dairy, voucher, at };
}

describe("Voucher: custody accounts (VO-7)", () => {
  it("have their holdings checkpointed from their opening on, however they change", async () => {
    const p = await withExchange();
    const { voucher, bank, exchange, alice, bob, at } = p;
    expectExecuted(
      await bank.call(voucher, "allocateMany", [
        [alice.address, exchange.address],
        [100, 50],
      ]),
    );
    const events = expectExecuted(await exchange.call(voucher, "openCustody", []));
    expectEvent(events, "CustodyOpened", [exchange.address, 50]);
    expect([await voucher.isCustody(exchange.address), await voucher.isCustody(alice.address)]).to.deep.equal([
      true,
      false,
    ]);
    const history: [number, number][] = [[await blockNumber(), 50]];
    const step = async (expected: number) => history.push([await blockNumber(), expected]);
    expectExecuted(await transfer(voucher, alice, exchange, 30));
    await step(80);
    expectExecuted(await transferMany(voucher, exchange, bob, [0, 0], [5, 10]));
    await step(65);
    expectExecuted(await transfer(voucher, exchange, exchange, 65));
    await step(65);
    expectExecuted(await transferMany(voucher, exchange, exchange, [0, 0], [60, 5]));
    await step(65);
    expectExecuted(await bank.call(voucher, "allocate", [exchange.address, 5]));
    await step(70);
    await ordered(p, voucher, "forcedTransfer", [exchange.address, alice.address, 0, 20]);
    await step(50);
    const keeper = await asRedemptions(p, voucher);
    await keeper.escrow(exchange.address, 0, 8);
    await step(42);
    await keeper.giveBack(exchange.address, 0, 3);
    await step(45);
    await keeper.redeem(0, 5);
    await step(45);
    await networkHelpers.mine(3);
    await step(45);
    await networkHelpers.mine(1);
    for (const [block, expected] of history) expect(await at(block), `block ${block}`).to.equal(expected);
    for (const [index, [block]] of history.entries()) {
      const next = history[index + 1]?.[0] ?? block + 1;
      for (let between = block; between < next; between++) expect(await at(between)).to.equal(history[index]?.[1]);
    }
    expect(await voucher.balanceOf(exchange.address, 0)).to.equal(45n);
  });

  it("show what they held at the end of a block in which much happened", async () => {
    const { voucher, bank, exchange, alice, at } = await withExchange();
    expectExecuted(await bank.call(voucher, "allocate", [exchange.address, 50]));
    expectExecuted(await exchange.call(voucher, "openCustody", []));
    const move = (to: Participant, amount: number) =>
      callOf(voucher, "safeTransferFrom", [exchange.address, to.address, 0, amount, "0x"]);
    expectExecuted(await exchange.operate([move(alice, 1), move(alice, 2), move(exchange, 47), move(alice, 4)]));
    const block = await blockNumber();
    await networkHelpers.mine(1);
    expect([await at(block - 1), await at(block)]).to.deep.equal([50, 43]);
  });

  it("count lots by their faces", async () => {
    const { voucher, bank, exchange, alice, at } = await withExchange({ voucherType: 1 });
    const inputs = [[exchange.address, exchange.address, alice.address], [5, 7, 11], Array(3).fill(digestOf("lot"))];
    expectExecuted(await bank.call(voucher, "allocateLots", inputs));
    expectExecuted(await exchange.call(voucher, "openCustody", []));
    const opened = await blockNumber();
    expectExecuted(await transfer(voucher, alice, exchange, 11, 3));
    expectExecuted(await transferMany(voucher, exchange, alice, [1, 3], [5, 11]));
    expectExecuted(await transfer(voucher, exchange, exchange, 7, 2));
    await networkHelpers.mine(1);
    const seen = await Promise.all([0, 1, 2, 3].map((after) => at(opened + after)));
    expect(seen).to.deep.equal([12, 23, 7, 7]);
    expect(await voucher.holdingOf(exchange.address)).to.equal(7n);
  });

  it("answer neither for a block before the opening nor for one that is not past", async () => {
    const { voucher, exchange, alice, at } = await withExchange();
    const before = await blockNumber();
    expectExecuted(await exchange.call(voucher, "openCustody", []));
    await networkHelpers.mine(1);
    expect(await at(before + 1)).to.equal(0);
    await expectRevert(at(before), "VoucherCustodyUnknown", [exchange.address, before]);
    const unknown = voucher.custodyBalanceAt(alice.address, before);
    await expectRevert(unknown, "VoucherCustodyUnknown", [alice.address, before]);
    const head = await blockNumber();
    const pending = voucher.custodyBalanceAt(exchange.address, head + 1);
    await expectRevert(pending, "VoucherBlockNotPast", [head + 1]);
  });

  it("are opened by partners with the custody permission, once", async () => {
    const { voucher, exchange, alice, school, partners, operator } = await withExchange();
    expectReverted(await alice.call(voucher, "openCustody", []), "PartnerNotAdmitted", [alice.address]);
    const denied = [school.address, PARTNER.custody];
    expectReverted(await school.call(voucher, "openCustody", []), "PartnerPermissionMissing", denied);
    expectExecuted(await exchange.call(voucher, "openCustody", []));
    expectReverted(await exchange.call(voucher, "openCustody", []), "VoucherCustodyOpen", [exchange.address]);
    await partners.connect(operator).setPermissions(exchange.address, PARTNER.vouchers);
    expect(await voucher.isCustody(exchange.address)).to.equal(true);
  });
});
