import { expect } from "chai";
import { keccak256, ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { enforce, fileOrder } from "../support/orders.ts";
import { LEVEL, makeUser, type Participant, town } from "../support/participants.ts";
import {
  application,
  asRedemptions,
  ISSUE_MODE,
  MEASURE,
  makeVoucher,
  ordered,
  policy,
  transfer,
} from "../support/vouchers.ts";

const CAP = application().cap;

/** 100 units with Alice; `order` has a measure ordered and taken. */
async function withUnits(changes = {}) {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank, changes);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
  const order = (name: string, ...args: unknown[]) => ordered(p, voucher, name, args);
  const send = (from: Participant, to: Participant, amount: number) => transfer(voucher, from, to, amount);
  return { ...p, voucher, order, send };
}

describe("Voucher: measures of a regulator (VO-6, GO-2)", () => {
  it("are taken on an order only, whose number is kept and told", async () => {
    const { voucher, alice, bob, order } = await withUnits();
    const measures: [number, string, unknown[], [string, number]][] = [
      [MEASURE.cap, "setCap", [500, false], [ZeroAddress, 0]],
      [MEASURE.policy, "setPolicy", [policy()], [ZeroAddress, 0]],
      [MEASURE.freeze, "freeze", [], [ZeroAddress, 0]],
      [MEASURE.freeze, "unfreeze", [], [ZeroAddress, 0]],
      [MEASURE.assessment, "assess", [700], [ZeroAddress, 0]],
      [MEASURE.frozenAmount, "setFrozenTokens", [alice.address, 0, 1], [alice.address, 0]],
      [MEASURE.forcedTransfer, "forcedTransfer", [alice.address, bob.address, 0, 1], [alice.address, 0]],
    ];
    for (const [measure, name, args, about] of measures) {
      const { order: number, events } = await order(name, ...args);
      expectEvent(events, "MeasureTaken", [number, measure, ...about]);
      expect(await voucher.orderOf(measure, ...about)).to.equal(number);
    }
    expect(await voucher.orderOf(MEASURE.frozenAmount, bob.address, 0)).to.equal(0n);
  });

  it("can not be taken twice on one order, nor with other arguments than ordered", async () => {
    const p = await withUnits();
    const { voucher, orders, operator } = p;
    const call = callOf(voucher, "setCap", [500, false]);
    const id = await fileOrder(p, call);
    const other = callOf(voucher, "setCap", [501, false]);
    const acting = orders.connect(operator);
    await expectRevert(acting.execute(id, other.data), "OrderCallDiffers", [id, keccak256(other.data)]);
    await acting.execute(id, call.data);
    await expectRevert(acting.execute(id, call.data), "OrderNotLive");
  });

  it("against a user are executed by the partner that certifies the user", async () => {
    const p = await withUnits();
    const { voucher, orders, bank, operator, alice } = p;
    const call = callOf(voucher, "setFrozenTokens", [alice.address, 0, 10]);
    const id = await fileOrder(p, call, { subject: alice.address, executor: bank.address });
    await expectRevert(orders.connect(operator).execute(id, call.data), "OrderNotExecutor", [id, operator.address]);
    expectExecuted(await bank.call(orders, "execute", [id, call.data]));
    expect(await voucher.getFrozenTokens(alice.address, 0)).to.equal(10n);
  });

  it("against a user are not taken on an order that names nobody, somebody else or the voucher", async () => {
    const p = await withUnits();
    const { voucher, orders, operator, alice, bob, bank } = p;
    for (const measure of [
      callOf(voucher, "setFrozenTokens", [alice.address, 0, 10]),
      callOf(voucher, "forcedTransfer", [alice.address, bob.address, 0, 10]),
    ]) {
      for (const subject of [ZeroAddress, bank.address, voucher.target as string]) {
        const id = await fileOrder(p, measure, { subject });
        const attempt = orders.connect(operator).execute(id, measure.data);
        await expectRevert(attempt, "UnauthorisedOrderSubject", [id, alice.address]);
      }
      // Bob receives; the order has to be about whom the units are taken from.
      const id = await fileOrder(p, measure, { subject: bob.address, executor: bank.address });
      const attempt = await bank.call(orders, "execute", [id, measure.data]);
      expectReverted(attempt, "UnauthorisedOrderSubject", [id, alice.address]);
    }
    expect([await voucher.balanceOf(alice.address, 0), await voucher.getFrozenTokens(alice.address, 0)]).to.deep.equal([
      ...[100n, 0n],
    ]);
    expect(await voucher.orderOf(MEASURE.frozenAmount, alice.address, 0)).to.equal(0n);
  });

  it("against a user that nobody certifies any longer are the operator's to take", async () => {
    const p = await withUnits();
    const { alice, order } = p;
    expectExecuted(await p.bank.call(p.certifications, "revoke", [alice.address, digestOf("ground")]));
    const { order: id } = await order("setFrozenTokens", alice.address, 0, 10);
    expect((await p.orders.orderOf(id)).executor).to.equal(p.operator.address);
    expect((await p.orders.orderOf(id)).subject).to.equal(alice.address);
  });

  it("are not the issuer's, the operator's or the regulator's to take without one", async () => {
    const { voucher, bank, operator, regulator } = await withUnits();
    expect((await bank.call(voucher, "freeze", [])).refused?.failure?.name).to.equal("QuotaUnpriced");
    for (const caller of [operator, regulator]) {
      await expectRevert(voucher.connect(caller).freeze(), "UnauthorisedNotOrder", [caller.address]);
    }
  });
});

describe("Voucher: the cap by order", () => {
  it("goes up and down", async () => {
    const { voucher, bank, alice, order } = await withUnits();
    expectEvent((await order("setCap", 100, false)).events, "CapChanged", [100]);
    expectReverted(await bank.call(voucher, "allocate", [alice.address, 1]), "VoucherCapExceeded", [100, 100, 1]);
    await order("setCap", CAP * 2n, false);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, CAP * 2n - 100n]));
  });

  it("goes below what circulates only when the order says so; then nothing is allocated until less circulates", async () => {
    const { voucher, bank, alice, order } = await withUnits();
    await expectRevert(order("setCap", 99, false), "VoucherCapBelowCirculating", [99, 100]);
    await order("setCap", 60, true);
    expect([await voucher.cap(), await voucher.circulating()]).to.deep.equal([60n, 100n]);
    for (const amount of [1n, 2n ** 256n - 1n]) {
      const attempt = await bank.call(voucher, "allocate", [alice.address, amount]);
      expectReverted(attempt, "VoucherCapExceeded", [60, 100, amount]);
    }
    expectReverted(await bank.call(voucher, "lowerCap", [50]), "VoucherCapBelowCirculating", [50, 100]);
  });

  it("stays under the assessed capacity", async () => {
    const { voucher, order } = await withUnits();
    expect(await voucher.assessment()).to.deep.equal([0n, false]);
    const { events } = await order("assess", 400);
    expectEvent(events, "CapacityAssessed", [400]);
    expectEvent(events, "CapChanged", [400]);
    expect([await voucher.cap(), ...(await voucher.assessment())]).to.deep.equal([400n, 400n, true]);
    await expectRevert(order("setCap", 401, true), "VoucherCapAboveCapacity", [401, 400]);
    await order("setCap", 300, false);
    await order("assess", 500);
    expect(await voucher.cap()).to.equal(300n);
    await order("setCap", 500, false);
  });

  it("is not lowered by an assessment below what circulates: that takes an order that says so", async () => {
    const { voucher, order } = await withUnits();
    await expectRevert(order("assess", 99), "VoucherCapBelowCirculating", [99, 100]);
    await order("setCap", 50, true);
    await order("assess", 99);
    expect([await voucher.cap(), ...(await voucher.assessment())]).to.deep.equal([50n, 99n, true]);
    await order("assess", 50);
    await expectRevert(order("setCap", 51, true), "VoucherCapAboveCapacity", [51, 50]);
  });

  it("of nothing is an assessment too", async () => {
    const { voucher, order } = await withUnits();
    await order("setCap", 0, true);
    await order("assess", 0);
    expect([await voucher.cap(), ...(await voucher.assessment())]).to.deep.equal([0n, 0n, true]);
    await expectRevert(order("setCap", 1, true), "VoucherCapAboveCapacity", [1, 0]);
  });
});

describe("Voucher: the policy by order", () => {
  const STRICT = policy({
    holderLevel: LEVEL.certificate,
    secondary: false,
    issueMode: ISSUE_MODE.halted,
    holdingBlocks: 2 ** 32 - 1,
    periodBlocks: 2 ** 32 - 1,
    periodAmount: 2n ** 128n - 1n,
  });

  it("is replaced as a whole, and leaves the rest of the voucher as it is", async () => {
    const { voucher, order, send, alice, bob } = await withUnits({ redemptionBlocks: 2 ** 32 - 1 });
    expect(await voucher.policy()).to.deep.equal(Object.values(policy()).map(plain));
    await order("setFrozenTokens", alice.address, 0, 60);
    await order("freeze");
    expectEvent((await order("setPolicy", STRICT)).events, "PolicyChanged", [Object.values(STRICT)]);
    expect(await voucher.policy()).to.deep.equal(Object.values(STRICT).map(plain));
    expect(await voucher.holderLevel()).to.equal(BigInt(LEVEL.certificate));
    await order("setPolicy", policy());
    expect([await voucher.frozen(), await voucher.isLots(), await voucher.redemptionBlocks()]).to.deep.equal([
      ...[true, false, 2n ** 32n - 1n],
    ]);
    await order("unfreeze");
    const over = await send(alice, bob, 41);
    expectReverted(over, "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 41, 40]);
  });

  it("has to make sense", async () => {
    const { order } = await withUnits();
    const wrong: [string, object][] = [
      ["periodAmount", { periodBlocks: 1 }],
      ["periodAmount", { periodAmount: 1n }],
      ["hands", { hands: 1 }],
      ["holderLevel", { holderLevel: LEVEL.phone }],
      ["holderLevel", { holderLevel: 99 }],
    ];
    for (const [field, change] of wrong) {
      await expectRevert(order("setPolicy", policy(change)), "VoucherPolicyInvalid", [field]);
    }
  });

  it("of lots can limit hands", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank, { voucherType: 1 });
    await ordered(p, voucher, "setPolicy", [policy({ hands: 65_535 })]);
    expect((await voucher.policy()).hands).to.equal(65_535n);
  });

  const plain = (value: unknown) => (typeof value === "number" ? BigInt(value) : value);
});

describe("Voucher: a freeze of the voucher", () => {
  it("stops transfers and allocations until an order ends it", async () => {
    const { voucher, bank, alice, bob, order, send } = await withUnits();
    expectEvent((await order("freeze")).events, "FreezeChanged", [true]);
    expect(await voucher.frozen()).to.equal(true);
    expectReverted(await send(alice, bob, 1), "VoucherFrozen", []);
    expectReverted(await send(alice, alice, 0), "VoucherFrozen", []);
    expectReverted(await bank.call(voucher, "allocate", [alice.address, 1]), "VoucherFrozen", []);
    const batch = [alice.address, bob.address, [], [], "0x"];
    expectReverted(await alice.call(voucher, "safeBatchTransferFrom", batch), "VoucherFrozen", []);
    await expectRevert(order("freeze"), "VoucherFrozen", []);
    expectEvent((await order("unfreeze")).events, "FreezeChanged", [false]);
    await expectRevert(order("unfreeze"), "VoucherNotFrozen", []);
    expectExecuted(await send(alice, bob, 1));
  });

  it("does not stop an order from moving units", async () => {
    const { voucher, alice, bob, order } = await withUnits();
    await order("freeze");
    await order("forcedTransfer", alice.address, bob.address, 0, 10);
    expect(await voucher.balanceOf(bob.address, 0)).to.equal(10n);
  });
});

describe("Voucher: a freeze of a holder's amount (ERC-7943)", () => {
  it("leaves the rest free", async () => {
    const { voucher, alice, bob, order, send } = await withUnits();
    const { events } = await order("setFrozenTokens", alice.address, 0, 60);
    expectEvent(events, "Frozen", [alice.address, 0, 60]);
    expect(await voucher.getFrozenTokens(alice.address, 0)).to.equal(60n);
    expectReverted(await send(alice, bob, 41), "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 41, 40]);
    expectReverted(await send(alice, bob, 101), "ERC1155InsufficientBalance", [alice.address, 100, 101, 0]);
    expectExecuted(await send(alice, bob, 40));
    expectReverted(await send(alice, bob, 1), "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 1, 0]);
    expectExecuted(await send(bob, alice, 5));
    expectExecuted(await send(alice, bob, 5));
  });

  it("can be more than the balance, and then holds what comes later", async () => {
    const { voucher, alice, bob, order, send } = await withUnits();
    await order("setFrozenTokens", bob.address, 0, 2n ** 256n - 1n);
    expect(await voucher.getFrozenTokens(bob.address, 0)).to.equal(2n ** 256n - 1n);
    expectExecuted(await send(alice, bob, 30));
    expectReverted(await send(bob, alice, 1), "ERC7943InsufficientUnfrozenBalance", [bob.address, 0, 1, 0]);
    // An order overwrites what one before it set.
    await order("setFrozenTokens", bob.address, 0, 29);
    expectExecuted(await send(bob, alice, 1));
    await order("setFrozenTokens", bob.address, 0, 0);
    expectExecuted(await send(bob, alice, 29));
    await expectRevert(order("setFrozenTokens", ZeroAddress, 0, 1), "ERC1155InvalidSender", [ZeroAddress]);
  });

  it("is not got round in a batch, by an operator or by a transfer to oneself", async () => {
    const { voucher, alice, bob, order, send } = await withUnits();
    await order("setFrozenTokens", alice.address, 0, 60);
    const batch = await alice.call(voucher, "safeBatchTransferFrom", [
      alice.address,
      bob.address,
      [0, 0],
      [40, 1],
      "0x",
    ]);
    expectReverted(batch, "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 41, 40]);
    expectExecuted(await alice.call(voucher, "setApprovalForAll", [bob.address, true]));
    const byBob = await transfer(voucher, alice, bob, 41, 0, bob);
    expectReverted(byBob, "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 41, 40]);
    expectReverted(await send(alice, alice, 41), "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 41, 40]);
  });

  it("holds a lot by any part of it", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank, { voucherType: 1 });
    const inputs = [Array(2).fill(p.alice.address), [40, 20], Array(2).fill(digestOf("lot"))];
    expectExecuted(await p.bank.call(voucher, "allocateLots", inputs));
    await ordered(p, voucher, "setFrozenTokens", [p.alice.address, 1, 1]);
    const attempt = await transfer(voucher, p.alice, p.bob, 40, 1);
    expectReverted(attempt, "ERC7943InsufficientUnfrozenBalance", [p.alice.address, 1, 40, 39]);
    expectExecuted(await transfer(voucher, p.alice, p.bob, 20, 2));
    const { events } = await ordered(p, voucher, "forcedTransfer", [p.alice.address, p.bob.address, 1, 40]);
    expectEvent(events, "Frozen", [p.alice.address, 1, 0]);
    const part = ordered(p, voucher, "forcedTransfer", [p.bob.address, p.alice.address, 2, 19]);
    await expectRevert(part, "VoucherLotIndivisible", [2, 20, 19]);
  });
});

describe("Voucher: a forced transfer (ERC-7943)", () => {
  it("moves units without their holder, free ones first", async () => {
    const { voucher, alice, bob, orders, order } = await withUnits();
    await order("setFrozenTokens", alice.address, 0, 60);
    const { events } = await order("forcedTransfer", alice.address, bob.address, 0, 40);
    expectEvent(events, "ForcedTransfer", [alice.address, bob.address, 0, 40]);
    const by = await orders.getAddress();
    expectEvent(events, "TransferSingle", [by, alice.address, bob.address, 0, 40]);
    expect(events.some(({ name }) => name === "Frozen")).to.equal(false);
    expect(await voucher.getFrozenTokens(alice.address, 0)).to.equal(60n);
  });

  it("unfreezes what it takes of the frozen units before it moves them, and no more", async () => {
    const { voucher, alice, bob, order } = await withUnits();
    await order("setFrozenTokens", alice.address, 0, 60);
    const { events } = await order("forcedTransfer", alice.address, bob.address, 0, 55);
    const names = events.map(({ name }) => name);
    expectEvent(events, "Frozen", [alice.address, 0, 45]);
    expect(names.indexOf("Frozen")).to.be.lessThan(names.indexOf("TransferSingle"));
    expect([await voucher.balanceOf(alice.address, 0), await voucher.getFrozenTokens(alice.address, 0)]).to.deep.equal([
      ...[45n, 45n],
    ]);
  });

  it("keeps a freeze of units to come", async () => {
    const { voucher, alice, bob, order, send } = await withUnits();
    await order("setFrozenTokens", alice.address, 0, 150);
    await order("forcedTransfer", alice.address, bob.address, 0, 100);
    expect(await voucher.getFrozenTokens(alice.address, 0)).to.equal(50n);
    expectExecuted(await send(bob, alice, 60));
    expectReverted(await send(alice, bob, 11), "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 11, 10]);
  });

  it("goes round what binds the sender, and not round what binds the receiver", async () => {
    const p = await withUnits({ secondary: false, holdingBlocks: 1_000, periodBlocks: 1_000, periodAmount: 1n });
    const { voucher, alice, bob, carol, bank, certifications, order } = p;
    expectExecuted(await bank.call(certifications, "revoke", [alice.address, digestOf("ground")]));
    await order("forcedTransfer", alice.address, bob.address, 0, 50);
    for (const to of [carol.address, alice.address, p.operator.address, ZeroAddress]) {
      await expectRevert(order("forcedTransfer", bob.address, to, 0, 1), "ERC7943CannotReceive", [to]);
    }
    expect(await voucher.balanceOf(bob.address, 0)).to.equal(50n);
  });

  it("moves what there is: at least one unit, and no more than the balance", async () => {
    const p = await withUnits();
    const { voucher, alice, bob, order } = p;
    await asRedemptions(p, voucher);
    await expectRevert(order("forcedTransfer", alice.address, bob.address, 0, 0), "VoucherAmountMissing", []);
    const missing = [alice.address, 100, 101, 0];
    await expectRevert(
      order("forcedTransfer", alice.address, bob.address, 0, 101),
      "ERC1155InsufficientBalance",
      missing,
    );
    const none = order("forcedTransfer", ZeroAddress, bob.address, 0, 1);
    await expectRevert(none, "ERC1155InsufficientBalance", [ZeroAddress, 0, 1, 0]);
  });

  it("to the holder itself changes no balance", async () => {
    const { voucher, alice, order } = await withUnits();
    await order("setFrozenTokens", alice.address, 0, 100);
    await order("forcedTransfer", alice.address, alice.address, 0, 30);
    expect([await voucher.balanceOf(alice.address, 0), await voucher.getFrozenTokens(alice.address, 0)]).to.deep.equal([
      ...[100n, 70n],
    ]);
  });

  it("is one order's: an account can not name itself in it afterwards", async () => {
    const p = await withUnits();
    const { voucher, alice, bob } = p;
    const dan = await makeUser(p, p.bank, "dan");
    const call = callOf(voucher, "forcedTransfer", [alice.address, bob.address, 0, 10]);
    const id = await fileOrder(p, call, { subject: alice.address, executor: p.bank.address });
    const other = callOf(voucher, "forcedTransfer", [alice.address, dan.address, 0, 10]);
    const attempt = await p.bank.call(p.orders, "execute", [id, other.data]);
    expectReverted(attempt, "OrderCallDiffers", [id, keccak256(other.data)]);
    expectEvent(await eventsOf(enforce(p, other, alice.address)), "ForcedTransfer", [
      alice.address,
      dan.address,
      0,
      10,
    ]);
  });
});
