import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";
import { type Application, makeVoucher, ordered, policy, transfer, transferMany } from "../support/vouchers.ts";

/** A voucher with a policy, 100 units of it with Alice; `allocatedAt` is the block in which she received them. */
async function withPolicy(changes: Partial<Application>) {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank, changes);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
  const allocatedAt = await blockNumber();
  const send = (from: Participant, to: Participant, amount: number) => transfer(voucher, from, to, amount);
  const can = (amount: number, from = p.alice, to = p.bob) => voucher.canTransfer(from.address, to.address, 0, amount);
  return { ...p, voucher, allocatedAt, send, can };
}

/** Mines so that the next operation stands in this block. */
const upTo = (block: number) => mineTo(block - 1);

describe("Voucher: a holding period", () => {
  it("keeps what was received for exactly its blocks", async () => {
    const { alice, bob, allocatedAt, send, can } = await withPolicy({ holdingBlocks: 20 });
    await upTo(allocatedAt + 19);
    expect(await can(1)).to.equal(false);
    expectReverted(await send(alice, bob, 1), "VoucherHoldingPeriod", [alice.address, 0, 1, 0]);
    expect(await blockNumber()).to.equal(allocatedAt + 19);
    expectExecuted(await send(alice, bob, 100));
    expect(await blockNumber()).to.equal(allocatedAt + 20);
  });

  it("holds newly received units only: dust from others locks nothing else", async () => {
    const { bank, voucher, alice, bob, allocatedAt, send } = await withPolicy({ holdingBlocks: 20 });
    expectExecuted(await bank.call(voucher, "allocate", [bob.address, 50]));
    await upTo(allocatedAt + 40);
    for (let time = 0; time < 5; time++) expectExecuted(await send(bob, alice, 1));
    expectReverted(await send(alice, bob, 101), "VoucherHoldingPeriod", [alice.address, 0, 101, 100]);
    expectExecuted(await send(alice, bob, 100));
    expectReverted(await send(alice, bob, 1), "VoucherHoldingPeriod", [alice.address, 0, 1, 0]);
  });

  it("frees each receipt in its own block", async () => {
    const { bank, voucher, alice, bob, allocatedAt, send, can } = await withPolicy({ holdingBlocks: 20 });
    await upTo(allocatedAt + 10);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 7]));
    await upTo(allocatedAt + 25);
    expect(await can(101)).to.equal(false);
    expectExecuted(await send(alice, bob, 60));
    await upTo(allocatedAt + 29);
    expectReverted(await send(alice, bob, 41), "VoucherHoldingPeriod", [alice.address, 0, 41, 40]);
    expectExecuted(await send(alice, bob, 47));
  });

  it("is not got round in a batch that names the balance twice", async () => {
    const { bank, voucher, alice, bob, allocatedAt } = await withPolicy({ holdingBlocks: 20 });
    await upTo(allocatedAt + 25);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 100]));
    const attempt = await transferMany(voucher, alice, bob, [0, 0], [100, 1]);
    expectReverted(attempt, "VoucherHoldingPeriod", [alice.address, 0, 101, 100]);
    expectExecuted(await transferMany(voucher, alice, bob, [0, 0], [50, 50]));
  });

  it("neither begins anew nor ends with a transfer to oneself", async () => {
    const { bank, voucher, alice, bob, allocatedAt, send } = await withPolicy({ holdingBlocks: 20 });
    await upTo(allocatedAt + 25);
    expectExecuted(await send(alice, alice, 100));
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 5]));
    expectReverted(await send(alice, alice, 101), "VoucherHoldingPeriod", [alice.address, 0, 101, 100]);
    expectExecuted(await send(alice, bob, 100));
  });

  it("begins with an order, also with what it moves by force", async () => {
    const p = await withPolicy({});
    const { voucher, alice, bob, send } = p;
    await ordered(p, voucher, "setPolicy", [policy({ holdingBlocks: 20 })]);
    // What was held before the rule is free.
    expectExecuted(await send(alice, bob, 10));
    expectReverted(await send(bob, alice, 1), "VoucherHoldingPeriod", [bob.address, 0, 1, 0]);
    await ordered(p, voucher, "forcedTransfer", [alice.address, bob.address, 0, 30]);
    expectReverted(await send(bob, alice, 31), "VoucherHoldingPeriod", [bob.address, 0, 31, 0]);
    // Bob gives up by force more than what is free: then nothing is, and nothing wraps round.
    await ordered(p, voucher, "forcedTransfer", [bob.address, alice.address, 0, 35]);
    expectReverted(await send(bob, alice, 5), "VoucherHoldingPeriod", [bob.address, 0, 5, 0]);
    await ordered(p, voucher, "setPolicy", [policy()]);
    expectExecuted(await send(bob, alice, 5));
  });

  it("says that a balance is too low before it speaks of blocks", async () => {
    const { alice, bob, send } = await withPolicy({ holdingBlocks: 20 });
    expectReverted(await send(alice, bob, 101), "ERC1155InsufficientBalance", [alice.address, 100, 101, 0]);
  });
});

describe("Voucher: an amount per period", () => {
  const LIMIT = { periodBlocks: 10, periodAmount: 30n };

  it("slides with the blocks, exact at its borders", async () => {
    const { alice, bob, allocatedAt, send } = await withPolicy(LIMIT);
    const start = allocatedAt + 5;
    await upTo(start);
    expectExecuted(await send(alice, bob, 20));
    await upTo(start + 4);
    expectExecuted(await send(alice, bob, 10));
    await upTo(start + 9);
    expectReverted(await send(alice, bob, 1), "VoucherPeriodAmountExceeded", [alice.address, 1, 0]);
    // The 20 of `start` have left the window now; the 10 have not.
    expectReverted(await send(alice, bob, 21), "VoucherPeriodAmountExceeded", [alice.address, 21, 20]);
    expect(await blockNumber()).to.equal(start + 10);
    expectExecuted(await send(alice, bob, 20));
    await upTo(start + 13);
    expectReverted(await send(alice, bob, 1), "VoucherPeriodAmountExceeded", [alice.address, 1, 0]);
    expectReverted(await send(alice, bob, 11), "VoucherPeriodAmountExceeded", [alice.address, 11, 10]);
    expect(await blockNumber()).to.equal(start + 14);
    expectExecuted(await send(alice, bob, 10));
  });

  it("counts every item of a batch, and many transfers of one block", async () => {
    const { voucher, alice, bob, can } = await withPolicy(LIMIT);
    const attempt = await transferMany(voucher, alice, bob, [0, 0], [30, 1]);
    expectReverted(attempt, "VoucherPeriodAmountExceeded", [alice.address, 31, 30]);
    expectExecuted(await transferMany(voucher, alice, bob, [0, 0], [15, 10]));
    expect([await can(5), await can(6)]).to.deep.equal([true, false]);
  });

  it("is each holder's own, and counts neither receipts nor transfers to oneself", async () => {
    const { alice, bob, send, can } = await withPolicy(LIMIT);
    expectExecuted(await send(alice, bob, 30));
    expectExecuted(await send(bob, alice, 30));
    expectExecuted(await send(alice, alice, 100));
    expect([await can(1), await can(1, alice, alice)]).to.deep.equal([false, true]);
  });

  it("that an order lowers below what was sent leaves nothing", async () => {
    const p = await withPolicy(LIMIT);
    expectExecuted(await p.send(p.alice, p.bob, 30));
    await ordered(p, p.voucher, "setPolicy", [policy({ periodBlocks: 50, periodAmount: 20n })]);
    expectReverted(await p.send(p.alice, p.bob, 1), "VoucherPeriodAmountExceeded", [p.alice.address, 1, 0]);
  });

  it("counts lots by their faces", async () => {
    const p = await withLots({ periodBlocks: 50, periodAmount: 50n });
    expectExecuted(await transfer(p.voucher, p.alice, p.bob, 40, 1));
    const over = await transfer(p.voucher, p.alice, p.bob, 20, 2);
    expectReverted(over, "VoucherPeriodAmountExceeded", [p.alice.address, 20, 10]);
    const both = await transferMany(p.voucher, p.alice, p.bob, [2, 3], [20, 5]);
    expectReverted(both, "VoucherPeriodAmountExceeded", [p.alice.address, 25, 10]);
    expectExecuted(await transfer(p.voucher, p.alice, p.bob, 5, 3));
  });
});

describe("Voucher: lots in transfer", () => {
  it("move whole, and stay what they are", async () => {
    const { voucher, alice, bob } = await withLots();
    const before = await voucher.lotOf(1);
    expectExecuted(await transfer(voucher, alice, bob, 40, 1));
    expect([await voucher.balanceOf(alice.address, 1), await voucher.balanceOf(bob.address, 1)]).to.deep.equal([
      0n,
      40n,
    ]);
    expect([await voucher.holdingOf(alice.address), await voucher.holdingOf(bob.address)]).to.deep.equal([25n, 40n]);
    const { face, metadataDigest, receivedBlock, hands } = await voucher.lotOf(1);
    expect([face, metadataDigest]).to.deep.equal([before.face, before.metadataDigest]);
    expect([receivedBlock, hands]).to.deep.equal([BigInt(await blockNumber()), 1n]);
  });

  it("are split by nothing: no part, no batch of parts, no more than one", async () => {
    const { voucher, alice, bob } = await withLots();
    for (const part of [1, 39, 41]) {
      const attempt = await transfer(voucher, alice, bob, part, 1);
      if (part === 41) expectReverted(attempt, "ERC1155InsufficientBalance", [alice.address, 40, 41, 1]);
      else expectReverted(attempt, "VoucherLotIndivisible", [1, 40, part]);
      const view = voucher.requireTransfer(alice.address, bob.address, 1, part);
      await expectRevert(view, part === 41 ? "ERC1155InsufficientBalance" : "VoucherLotIndivisible");
    }
    const parts = await transferMany(voucher, alice, bob, [1, 1], [20, 20]);
    expectReverted(parts, "VoucherLotIndivisible", [1, 40, 20]);
    const swapped = await transferMany(voucher, alice, bob, [1, 2], [20, 40]);
    expectReverted(swapped, "ERC1155InsufficientBalance", [alice.address, 20, 40, 2]);
    const twice = await transferMany(voucher, alice, bob, [1, 1], [40, 40]);
    expectReverted(twice, "ERC1155InsufficientBalance", [alice.address, 0, 40, 1]);
    const toSelf = await transfer(voucher, alice, alice, 20, 1);
    expectReverted(toSelf, "VoucherLotIndivisible", [1, 40, 20]);
    expectReverted(await transfer(voucher, alice, bob, 1, 9), "ERC1155InsufficientBalance", [alice.address, 0, 1, 9]);
    expect(await voucher.holdingOf(alice.address)).to.equal(65n);
  });

  it("change hands as often as the policy allows", async () => {
    const p = await withLots({ hands: 2 });
    const { voucher, alice, bob } = p;
    const dan = await makeUser(p, p.bank, "dan");
    expectExecuted(await transfer(voucher, alice, alice, 40, 1));
    expectExecuted(await transfer(voucher, alice, bob, 40, 1));
    expectExecuted(await transfer(voucher, bob, dan, 40, 1));
    expectReverted(await transfer(voucher, dan, alice, 40, 1), "VoucherHandsExceeded", [1, 2]);
    expect(await voucher.canTransfer(dan.address, alice.address, 1, 40)).to.equal(false);
    const batch = await transferMany(voucher, dan, alice, [1], [40]);
    expectReverted(batch, "VoucherHandsExceeded", [1, 2]);
    // An order moves it all the same, and is no further hand.
    await ordered(p, voucher, "forcedTransfer", [dan.address, alice.address, 1, 40]);
    expect((await voucher.lotOf(1)).hands).to.equal(2n);
    expectReverted(await transfer(voucher, alice, bob, 40, 1), "VoucherHandsExceeded", [1, 2]);
  });

  it("are not touched by transfers of nothing: a stranger can neither use up hands nor begin a holding period", async () => {
    const { voucher, alice, bob } = await withLots({ hands: 1, holdingBlocks: 5 });
    const before = await voucher.lotOf(1);
    expectExecuted(await transfer(voucher, bob, alice, 0, 1));
    expectExecuted(await transferMany(voucher, bob, alice, [1, 1], [0, 0]));
    expect(await voucher.lotOf(1)).to.deep.equal(before);
  });

  it("have a holding period each", async () => {
    const { voucher, alice, bob, allocatedAt } = await withLots({ holdingBlocks: 10 });
    await upTo(allocatedAt + 9);
    expectReverted(await transfer(voucher, alice, bob, 40, 1), "VoucherHoldingPeriod", [alice.address, 1, 40, 0]);
    expectExecuted(await transferMany(voucher, alice, bob, [1, 2], [40, 20]));
    expect(await blockNumber()).to.equal(allocatedAt + 10);
    expectExecuted(await transfer(voucher, alice, bob, 5, 3));
    await upTo(allocatedAt + 20);
    const both = await transferMany(voucher, bob, alice, [1, 3], [40, 5]);
    expectReverted(both, "VoucherHoldingPeriod", [bob.address, 3, 5, 0]);
    expectExecuted(await transferMany(voucher, bob, alice, [1, 3], [40, 5]));
  });
});

describe("Voucher: whether a transfer is possible (ERC-7943)", () => {
  it("is answered as the transfer itself would be, for every rule", async () => {
    const p = await withPolicy({});
    const { voucher, alice, bob, carol, can } = p;
    expect([await can(100), await can(101), await can(0)]).to.deep.equal([true, false, true]);
    expect(await can(1, alice, carol)).to.equal(false);
    expect(await can(1, carol, alice)).to.equal(false);
    const zero = { address: ZeroAddress } as Participant;
    expect([await can(0, zero, bob), await can(0, alice, zero)]).to.deep.equal([false, false]);
    await expectRevert(voucher.requireTransfer(ZeroAddress, bob.address, 0, 1), "ERC1155InvalidSender", [ZeroAddress]);
    await expectRevert(voucher.requireTransfer(alice.address, ZeroAddress, 0, 1), "ERC1155InvalidReceiver", [
      ZeroAddress,
    ]);
    await ordered(p, voucher, "setFrozenTokens", [alice.address, 0, 60]);
    expect([await can(40), await can(41)]).to.deep.equal([true, false]);
    await ordered(p, voucher, "freeze", []);
    expect(await can(1)).to.equal(false);
  });

  it("is no while holders may not transfer to each other", async () => {
    const { voucher, bank, alice, bob, send, can } = await withPolicy({ secondary: false });
    expectReverted(await send(alice, bob, 1), "ERC7943CannotTransfer", [alice.address, bob.address, 0, 1]);
    const batch = await transferMany(voucher, alice, bob, [0], [1]);
    expectReverted(batch, "ERC7943CannotTransfer", [alice.address, bob.address, 0, 1]);
    expect(await can(1)).to.equal(false);
    expectExecuted(await bank.call(voucher, "allocate", [bob.address, 1]));
  });

  it("says of an account whether it may send and receive, and never reverts", async () => {
    const p = await withPolicy({});
    const { voucher, alice, carol, operator } = p;
    const both = async (who: string) => [await voucher.canSend(who), await voucher.canReceive(who)];
    expect(await both(alice.address)).to.deep.equal([true, true]);
    for (const other of [
      carol.address,
      operator.address,
      ZeroAddress,
      await voucher.getAddress(),
      walletOf("x").address,
    ]) {
      expect(await both(other)).to.deep.equal([false, false]);
    }
    await takeLevelOut(p);
    expect(await both(alice.address)).to.deep.equal([false, false]);
    expect(await p.can(1)).to.equal(false);
  });

  const takeLevelOut = (p: Town) => decide(p, [p.certifications, "setLevel", [LEVEL.realName, 0, 0]]);
});

describe("Voucher: batches", () => {
  it("whose amounts overflow move nothing", async () => {
    const { voucher, alice, bob } = await withPolicy({});
    const most = 2n ** 256n - 1n;
    const attempt = await alice.call(voucher, "safeBatchTransferFrom", [
      ...[alice.address, bob.address],
      ...[[0, 0], [most, 101n], "0x"],
    ]);
    expectReverted(attempt, "Panic", [17]);
    const huge = await alice.call(voucher, "safeTransferFrom", [alice.address, bob.address, 0, most, "0x"]);
    expectReverted(huge, "ERC1155InsufficientBalance", [alice.address, 100, most, 0]);
    expect(await voucher.balanceOf(bob.address, 0)).to.equal(0n);
  });

  it("of nothing are the holder's own affair, and judge both accounts all the same", async () => {
    const { voucher, alice, bob, carol } = await withPolicy({});
    expectExecuted(await transferMany(voucher, alice, bob, [], []));
    expectReverted(await transferMany(voucher, alice, carol, [], []), "VoucherHolderNotEligible", [carol.address, 3]);
    expectReverted(await transferMany(voucher, alice, bob, [0], []), "ERC1155InvalidArrayLength", [1, 0]);
    const lots = await withLots();
    expectReverted(
      await transferMany(lots.voucher, lots.alice, lots.bob, [1], []),
      "ERC1155InvalidArrayLength",
      [1, 0],
    );
  });

  it("that another sends for the holder without leave are refused, empty or not", async () => {
    const { voucher, alice, bob } = await withPolicy({});
    for (const [ids, amounts] of [
      [[0], [0]],
      [[], []],
    ]) {
      const attempt = await bob.call(voucher, "safeBatchTransferFrom", [
        alice.address,
        bob.address,
        ids,
        amounts,
        "0x",
      ]);
      expectReverted(attempt, "ERC1155MissingApprovalForAll", [bob.address, alice.address]);
    }
  });
});

/** Lots 1 of 40, 2 of 20 and 3 of 5 with Alice. */
async function withLots(changes: Partial<Application> = {}) {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank, { voucherType: 1, ...changes });
  const inputs = [Array(3).fill(p.alice.address), [40, 20, 5], Array(3).fill(digestOf("lot"))];
  expectExecuted(await p.bank.call(voucher, "allocateLots", inputs));
  return { ...p, voucher, allocatedAt: await blockNumber() };
}
