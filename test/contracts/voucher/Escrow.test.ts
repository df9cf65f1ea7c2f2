import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { networkHelpers } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { mustOpen, resetTown } from "../support/key-resets.ts";
import { expectExecuted } from "../support/operations.ts";
import { LEVEL, makeUser, town } from "../support/participants.ts";
import { asRedemptions, makeVoucher, ordered, policy, transfer } from "../support/vouchers.ts";

const GROUND = digestOf("ground");

/** 100 units with Alice, and the voucher as Redemptions calls it. */
async function withUnits(changes = {}, start = town) {
  const p = await start();
  const voucher = await makeVoucher(p, p.bank, changes);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
  const keeper = await asRedemptions(p, voucher);
  const keeperAddress = await p.directory.addressOf(encodeBytes32String("Redemptions"));
  const balance = async (who: string) => Number(await voucher.balanceOf(who, 0));
  return { ...p, voucher, keeper, keeperAddress, balance };
}

describe("Voucher: units that wait for their redemption (VO-5)", () => {
  it("leave the holder and stay in circulation", async () => {
    const { voucher, keeper, keeperAddress, alice, balance } = await withUnits();
    const events = await eventsOf(keeper.escrow(alice.address, 0, 40));
    expectEvent(events, "TransferSingle", [keeperAddress, alice.address, keeperAddress, 0, 40]);
    expect([await balance(alice.address), await balance(keeperAddress)]).to.deep.equal([60, 40]);
    expect(await voucher.circulating()).to.equal(100n);
  });

  it("end when they are redeemed: they circulate no more, and the cap has room again", async () => {
    const { voucher, keeper, keeperAddress, bank, alice, balance } = await withUnits({ cap: 100n });
    await keeper.escrow(alice.address, 0, 40);
    const events = await eventsOf(keeper.redeem(0, 30));
    expectEvent(events, "Redeemed", [0, 30, 70]);
    expectEvent(events, "TransferSingle", [keeperAddress, keeperAddress, ZeroAddress, 0, 30]);
    expect([await balance(keeperAddress), await voucher.circulating()]).to.deep.equal([10, 70n]);
    await expectRevert(keeper.redeem(0, 11), "ERC1155InsufficientBalance", [keeperAddress, 10, 11, 0]);
    await expectRevert(keeper.redeem(0, 71), "Panic", [17]);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 30]));
  });

  it("come back even to a holder who may no longer receive", async () => {
    const { keeper, keeperAddress, alice, bank, certifications, balance } = await withUnits();
    await keeper.escrow(alice.address, 0, 40);
    expectExecuted(await bank.call(certifications, "revoke", [alice.address, GROUND]));
    await expectRevert(keeper.escrow(alice.address, 0, 1), "VoucherHolderNotEligible", [alice.address, 2]);
    await keeper.giveBack(alice.address, 0, 40);
    expect([await balance(alice.address), await balance(keeperAddress)]).to.deep.equal([100, 0]);
  });

  it("come back as if they had never been away: no holding period begins anew", async () => {
    const p = await withUnits({ holdingBlocks: 20 });
    const { keeper, alice, bob, voucher } = p;
    await networkHelpers.mine(10);
    await keeper.escrow(alice.address, 0, 100);
    await networkHelpers.mine(10);
    await keeper.giveBack(alice.address, 0, 100);
    expectExecuted(await transfer(voucher, alice, bob, 100));
  });

  it("are presented whatever limits secondary transfers have", async () => {
    const p = await withUnits({ secondary: false, holdingBlocks: 1_000, periodBlocks: 1_000, periodAmount: 1n });
    await p.keeper.escrow(p.alice.address, 0, 100);
    expect(await p.balance(p.alice.address)).to.equal(0);
  });

  it("are not presented from a frozen amount, nor at all while the voucher is frozen; what was presented still ends", async () => {
    const p = await withUnits();
    const { voucher, keeper, alice } = p;
    await keeper.escrow(alice.address, 0, 20);
    await ordered(p, voucher, "setFrozenTokens", [alice.address, 0, 70]);
    await expectRevert(keeper.escrow(alice.address, 0, 11), "ERC7943InsufficientUnfrozenBalance", [
      alice.address,
      0,
      11,
      10,
    ]);
    await ordered(p, voucher, "freeze", []);
    await expectRevert(keeper.escrow(alice.address, 0, 1), "VoucherFrozen", []);
    await keeper.redeem(0, 10);
    await keeper.giveBack(alice.address, 0, 10);
    await ordered(p, voucher, "unfreeze", []);
    await keeper.escrow(alice.address, 0, 20);
    expect(await p.balance(alice.address)).to.equal(70);
  });

  it("are not presented while the holder's key is being reset", async () => {
    const p = await withUnits({}, resetTown as typeof town);
    const { keeper, alice, keyResets } = p;
    const reset = await mustOpen(p, p.bank, alice.address, "0x00000000000000000000000000000000000000aa");
    const { waitingUntil } = await keyResets.resetOf(reset);
    await expectRevert(keeper.escrow(alice.address, 0, 1), "VoucherSenderHeld", [alice.address, waitingUntil]);
  });

  it("are real units: at least one, and no more than there are", async () => {
    const { keeper, keeperAddress, alice, bob } = await withUnits();
    await expectRevert(keeper.escrow(alice.address, 0, 0), "VoucherAmountMissing", []);
    await expectRevert(keeper.escrow(alice.address, 0, 101), "ERC1155InsufficientBalance", [
      alice.address,
      100,
      101,
      0,
    ]);
    await expectRevert(keeper.giveBack(bob.address, 0, 1), "ERC1155InsufficientBalance", [keeperAddress, 0, 1, 0]);
  });

  it("are out of reach: nobody transfers to where they wait, and no order takes them from there", async () => {
    const p = await withUnits();
    const { voucher, keeper, keeperAddress, alice, bob } = p;
    await keeper.escrow(alice.address, 0, 40);
    expect(await voucher.canReceive(keeperAddress)).to.equal(false);
    expect(await voucher.canSend(keeperAddress)).to.equal(false);
    const taking = ordered(p, voucher, "forcedTransfer", [keeperAddress, bob.address, 0, 1]);
    await expectRevert(taking, "ERC7943CannotSend", [keeperAddress]);
    const giving = ordered(p, voucher, "forcedTransfer", [alice.address, keeperAddress, 0, 1]);
    await expectRevert(giving, "ERC7943CannotReceive", [keeperAddress]);
  });

  it("are kept by Redemptions alone", async () => {
    const { voucher, operator, regulator, alice } = await withUnits();
    for (const caller of [operator, regulator]) {
      const acting = voucher.connect(caller);
      const denied = [caller.address];
      await expectRevert(acting.escrow(alice.address, 0, 1), "VoucherNotRedemptions", denied);
      await expectRevert(acting.giveBack(alice.address, 0, 1), "VoucherNotRedemptions", denied);
      await expectRevert(acting.redeem(0, 1), "VoucherNotRedemptions", denied);
    }
  });

  it("of a lot are the whole lot, and a redeemed lot is marked as such for good", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank, { voucherType: 1 });
    expectExecuted(await p.bank.call(voucher, "allocateLot", [p.alice.address, 40, GROUND]));
    const keeper = await asRedemptions(p, voucher);
    await expectRevert(keeper.escrow(p.alice.address, 1, 39), "VoucherLotIndivisible", [1, 40, 39]);
    await keeper.escrow(p.alice.address, 1, 40);
    const before = await voucher.lotOf(1);
    await expectRevert(keeper.giveBack(p.alice.address, 1, 1), "VoucherLotIndivisible", [1, 40, 1]);
    await expectRevert(keeper.redeem(1, 20), "VoucherLotIndivisible", [1, 40, 20]);
    await keeper.giveBack(p.alice.address, 1, 40);
    expect(await voucher.lotOf(1)).to.deep.equal(before);
    await keeper.escrow(p.alice.address, 1, 40);
    await keeper.redeem(1, 40);
    expect((await voucher.lotOf(1)).redeemed).to.equal(true);
    expect([await voucher.circulating(), await voucher.holdingOf(p.alice.address)]).to.deep.equal([0n, 0n]);
  });

  it("say within how many blocks the issuer answers", async () => {
    const { voucher } = await withUnits({ redemptionBlocks: 77 });
    expect(await voucher.redemptionBlocks()).to.equal(77n);
  });

  it("of a holder below the level are not presented", async () => {
    const p = await withUnits();
    const phone = await makeUser(p, p.bank, "phone", LEVEL.phone);
    await expectRevert(p.keeper.escrow(phone.address, 0, 1), "VoucherHolderNotEligible", [phone.address, 4]);
    await ordered(p, p.voucher, "setPolicy", [policy({ holderLevel: LEVEL.certificate })]);
    await expectRevert(p.keeper.escrow(p.alice.address, 0, 1), "VoucherHolderNotEligible", [p.alice.address, 4]);
  });
});
