import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, mineTo, networkHelpers, signerAt } from "../support/chain.ts";
import { pause } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { startFrom } from "../support/fixtures.ts";
import { mustOpen } from "../support/key-resets.ts";
import { callOf, expectExecuted, expectRefused, expectReverted } from "../support/operations.ts";
import { enforce, fileOrder } from "../support/orders.ts";
import { type Participant, town } from "../support/participants.ts";
import { application, makeVoucher } from "../support/vouchers.ts";

const STATUS = { none: 0n, presented: 1n, redeemed: 2n, refused: 3n, overdue: 4n } as const;
const NOTE = digestOf("delivery note");
const RECEIPT = digestOf("receipt");
const GROUND = digestOf("ground");
const BLOCKS = application().redemptionBlocks;
const NOT_LIVE = 2;

async function settle() {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
  return { ...p, voucher };
}

/** A voucher of the bank's, 100 units of it with Alice, and what the tests do with them. */
async function withVoucher() {
  const p = await startFrom(settle);
  const { voucher, redemptions, alice, bank } = p;
  const present = (amount: number | bigint, by = alice, id = 0) =>
    by.call(redemptions, "present", [voucher.target, id, amount, NOTE]);
  const confirm = (redemption: number, by: Participant = bank, receipt = RECEIPT) =>
    by.call(redemptions, "confirm", [redemption, receipt]);
  const refuse = (redemption: number, by: Participant = bank, ground = GROUND) =>
    by.call(redemptions, "refuse", [redemption, ground]);
  const giveBack = (redemption: number) => redemptions.connect(p.stranger).giveBackOverdue(redemption);
  const balances = async () => {
    const held = await Promise.all([alice.address, redemptions.target].map((who) => voucher.balanceOf(who, 0)));
    return [...held, await voucher.circulating()].map(Number);
  };
  /** The next transaction stands in the first block after the issuer's last one. */
  const letPass = async (redemption: number) => mineTo((await redemptions.redemptionOf(redemption)).lastBlock);
  return { ...p, present, confirm, refuse, giveBack, balances, letPass };
}

/** The same with 40 units presented, as number 1. */
async function withPresentation() {
  const p = await withVoucher();
  expectExecuted(await p.present(40));
  return p;
}

describe("Redemptions", () => {
  describe("presenting", () => {
    it("takes the units from their holder and leaves them in circulation", async () => {
      const p = await withVoucher();
      const events = expectExecuted(await p.present(40));
      const block = await blockNumber();
      const { voucher, alice, redemptions } = p;
      expectEvent(events, "Presented", [1, voucher.target, alice.address, 0, 40, block + BLOCKS, NOTE]);
      expect(await p.balances()).to.deep.equal([60, 40, 100]);
      const [lastBlock, amounts] = [block + BLOCKS, [0n, 40n]];
      const expected = [
        voucher.target,
        block,
        lastBlock,
        alice.address,
        0,
        STATUS.presented,
        ...amounts,
        NOTE,
        ZeroHash,
      ];
      expect((await redemptions.redemptionOf(1)).map(String)).to.deep.equal(expected.map(String));
      expect(await redemptions.count()).to.equal(1n);
    });

    it("wants units that the holder has, and more than none", async () => {
      const { present, alice } = await withVoucher();
      expectReverted(await present(0), "VoucherAmountMissing", []);
      expectReverted(await present(101), "ERC1155InsufficientBalance", [alice.address, 100, 101, 0]);
      // The lowest bits of this amount, and of this token id, are those of units that Alice has.
      const wide = 2n ** 128n + 40n;
      expectReverted(await present(wide), "ERC1155InsufficientBalance", [alice.address, 100, wide, 0]);
    });

    it("is of the caller's own units: whoever holds none has nothing to present", async () => {
      const { present, bob, bank, voucher } = await withVoucher();
      expectReverted(await present(1, bob), "ERC1155InsufficientBalance", [bob.address, 0, 1, 0]);
      expectExecuted(await bank.call(voucher, "allocate", [bob.address, 1]));
      expectExecuted(await present(1, bob));
    });

    it("takes vouchers only, not contracts that look like one", async () => {
      const { redemptions, alice, records } = await withVoucher();
      for (const target of [records.target, alice.address, ZeroAddress]) {
        const attempt = await alice.call(redemptions, "present", [target, 0, 1, NOTE]);
        expectReverted(attempt, "RedemptionVoucherUnknown", [target]);
      }
    });

    it("is refused while the voucher or the amount is frozen", async () => {
      const { present, voucher, alice, ...p } = await withVoucher();
      const call = callOf(voucher, "setFrozenTokens", [alice.address, 0, 61]);
      const order = await fileOrder(p, call, { subject: alice.address, executor: p.bank.address });
      expectExecuted(await p.bank.call(p.orders, "execute", [order, call.data]));
      const frozen = await present(40);
      expectReverted(frozen, "ERC7943InsufficientUnfrozenBalance", [alice.address, 0, 40, 39]);
      expectExecuted(await present(39));
      await enforce(p, callOf(voucher, "freeze", []), voucher.target as string);
      expectReverted(await present(1), "VoucherFrozen", []);
    });

    it("is refused to a holder whose certification lapsed, who keeps the title", async () => {
      const { present, alice, bank, certifications, balances, redemptions, voucher } = await withVoucher();
      expectExecuted(await bank.call(certifications, "revoke", [alice.address, GROUND]));
      // Without a certification the account has no quota either.
      expectRefused(await present(1), "QuotaUncertified");
      const direct = redemptions.connect(await signerAt(alice.address)).present(voucher.target, 0, 1, NOTE);
      await expectRevert(direct, "VoucherHolderNotEligible", [alice.address, NOT_LIVE]);
      expect(await balances()).to.deep.equal([100, 0, 100]);
    });

    it("waits while the holder's key is being reset", async () => {
      const { present, alice, bank, ...p } = await withVoucher();
      await mustOpen(p, bank, alice.address, p.bob.wallet.address);
      expectReverted(await present(1), "VoucherSenderHeld");
    });

    it("goes on without secondary transfers, and in spite of holding period and amount per period", async () => {
      const p = await withVoucher();
      const voucher = await makeVoucher(p, p.bank, {
        secondary: false,
        holdingBlocks: 1_000,
        periodBlocks: 1_000,
        periodAmount: 1n,
      });
      expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 10]));
      expectExecuted(await p.alice.call(p.redemptions, "present", [voucher.target, 0, 10, ZeroHash]));
    });

    it("takes a lot whole", async () => {
      const p = await withVoucher();
      const lots = await makeVoucher(p, p.bank, { voucherType: 1 });
      expectExecuted(await p.bank.call(lots, "allocateLot", [p.alice.address, 70, digestOf("metadata")]));
      const present = (id: bigint | number, amount: number) =>
        p.alice.call(p.redemptions, "present", [lots.target, id, amount, NOTE]);
      expectReverted(await present(1, 69), "VoucherLotIndivisible", [1, 70, 69]);
      expectReverted(await present(2n ** 128n + 1n, 70), "ERC1155InsufficientBalance");
      expectExecuted(await present(1, 70));
      expect(await lots.holdingOf(p.alice.address)).to.equal(0n);
      expectReverted(await present(1, 70), "ERC1155InsufficientBalance");
      expectExecuted(await p.confirm(1));
      expect((await lots.lotOf(1)).redeemed).to.equal(true);
      expect(await lots.circulating()).to.equal(0n);
    });
  });

  describe("confirming", () => {
    it("ends the units, with the issuer's receipt on record", async () => {
      const { confirm, balances, redemptions, bank } = await withPresentation();
      const events = expectExecuted(await confirm(1));
      expectEvent(events, "RedemptionConfirmed", [1, RECEIPT]);
      expectEvent(events, "Redeemed", [0, 40, 60]);
      expect(await balances()).to.deep.equal([60, 0, 60]);
      const redemption = await redemptions.redemptionOf(1);
      expect(redemption.status).to.equal(STATUS.redeemed);
      expect(redemption.answer).to.equal(RECEIPT);
      expect(redemption.closedBlock).to.equal(BigInt(await blockNumber()));
      expect(await redemptions.defaultsOf(bank.address)).to.deep.equal([0n, 0n]);
    });

    it("happens once, and not after a refusal", async () => {
      const { confirm, refuse, present, giveBack, balances } = await withPresentation();
      expectExecuted(await present(10));
      expectExecuted(await confirm(1));
      expectReverted(await confirm(1), "RedemptionWrongStatus", [1, STATUS.redeemed]);
      expectReverted(await refuse(1), "RedemptionWrongStatus", [1, STATUS.redeemed]);
      await expectRevert(giveBack(1), "RedemptionWrongStatus", [1, STATUS.redeemed]);
      expectExecuted(await refuse(2));
      expectReverted(await confirm(2), "RedemptionWrongStatus", [2, STATUS.refused]);
      expect(await balances()).to.deep.equal([60, 0, 60]);
    });

    it("is the issuer's alone: neither the holder nor another partner can", async () => {
      const { confirm, refuse, alice, dairy } = await withPresentation();
      for (const other of [alice, dairy]) {
        expectReverted(await confirm(1, other), "RedemptionNotIssuer", [1, other.address]);
        expectReverted(await refuse(1, other), "RedemptionNotIssuer", [1, other.address]);
      }
    });

    it("needs a receipt, and a presentation", async () => {
      const { confirm, redemptions, balances } = await withPresentation();
      expectReverted(await confirm(1, undefined, ZeroHash), "RedemptionAnswerMissing", []);
      expectReverted(await confirm(2), "RedemptionWrongStatus", [2, STATUS.none]);
      await expectRevert(redemptions.redemptionOf(0), "RedemptionWrongStatus", [0, STATUS.none]);
      expect(await redemptions.statusOf(2)).to.equal(STATUS.none);
      expect(await balances()).to.deep.equal([60, 40, 100]);
    });

    it("is possible to the last block and not in the next", async () => {
      const { confirm, letPass, redemptions, present } = await withPresentation();
      expectExecuted(await present(1));
      const { lastBlock } = await redemptions.redemptionOf(1);
      await mineTo(lastBlock - 1n);
      expect(await redemptions.statusOf(1)).to.equal(STATUS.presented);
      expectExecuted(await confirm(1));
      expect(await blockNumber()).to.equal(Number(lastBlock));
      await letPass(2);
      expectReverted(await confirm(2), "RedemptionWrongStatus", [2, STATUS.overdue]);
    });

    it("is possible while the voucher is frozen, and while the issuer is suspended or terminated: it owes", async () => {
      const p = await withPresentation();
      const { confirm, present, bank, partners, operator, voucher } = p;
      for (let more = 0; more < 3; more++) expectExecuted(await present(1));
      await enforce(p, callOf(voucher, "freeze", []), voucher.target as string);
      expectExecuted(await confirm(1));
      await partners.connect(operator).suspend(bank.address, GROUND);
      expectExecuted(await confirm(2));
      await partners.connect(operator).terminate(bank.address, GROUND);
      const issuer = p.redemptions.connect(await signerAt(bank.address));
      await issuer.confirm(3, RECEIPT);
      await issuer.refuse(4, GROUND);
      expect(await p.balances()).to.deep.equal([58, 0, 58]);
    });
  });

  describe("refusing", () => {
    it("gives the units back and counts a default of the issuer and of the voucher", async () => {
      const { refuse, balances, redemptions, bank, voucher } = await withPresentation();
      const events = expectExecuted(await refuse(1));
      expectEvent(events, "RedemptionRefused", [1, GROUND]);
      expect(await balances()).to.deep.equal([100, 0, 100]);
      expect((await redemptions.redemptionOf(1)).answer).to.equal(GROUND);
      expect(await redemptions.defaultsOf(bank.address)).to.deep.equal([1n, 0n]);
      expect(await redemptions.defaultsOf(voucher.target)).to.deep.equal([1n, 0n]);
    });

    it("needs a ground", async () => {
      const { refuse } = await withPresentation();
      expectReverted(await refuse(1, undefined, ZeroHash), "RedemptionAnswerMissing", []);
    });

    it("gives back to a holder whose certification lapsed, and who can not move it", async () => {
      const { refuse, present, bank, alice, bob, voucher, certifications, balances } = await withPresentation();
      expectExecuted(await bank.call(certifications, "revoke", [alice.address, digestOf("gone")]));
      expectExecuted(await refuse(1));
      expect(await balances()).to.deep.equal([100, 0, 100]);
      expectRefused(await present(1), "QuotaUncertified");
      const direct = voucher.connect(await signerAt(alice.address));
      const transfer = direct.safeTransferFrom(alice.address, bob.address, 0, 1, "0x");
      await expectRevert(transfer, "VoucherHolderNotEligible", [alice.address, NOT_LIVE]);
    });

    it("comes too late once the time is over: the default stays", async () => {
      const { refuse, giveBack, letPass, redemptions, bank } = await withPresentation();
      await letPass(1);
      expectReverted(await refuse(1), "RedemptionWrongStatus", [1, STATUS.overdue]);
      await giveBack(1);
      expectReverted(await refuse(1), "RedemptionWrongStatus", [1, STATUS.overdue]);
      expect(await redemptions.defaultsOf(bank.address)).to.deep.equal([0n, 1n]);
    });
  });

  describe("what is overdue", () => {
    it("is given back by anybody, in the very block after the last one, and once", async () => {
      const { giveBack, letPass, redemptions, balances, bank, voucher } = await withPresentation();
      const { lastBlock } = await redemptions.redemptionOf(1);
      await mineTo(lastBlock - 1n);
      await expectRevert(giveBack(1), "RedemptionNotOverdue", [1, lastBlock]);
      await letPass(1);
      expect(await blockNumber()).to.equal(Number(lastBlock));
      expectEvent(await eventsOf(giveBack(1)), "RedemptionDefaulted", [1]);
      expect(await blockNumber()).to.equal(Number(lastBlock) + 1);
      expect(await balances()).to.deep.equal([100, 0, 100]);
      const redemption = await redemptions.redemptionOf(1);
      expect([redemption.status, redemption.answer]).to.deep.equal([STATUS.overdue, ZeroHash]);
      expect(await redemptions.defaultsOf(bank.address)).to.deep.equal([0n, 1n]);
      expect(await redemptions.defaultsOf(voucher.target)).to.deep.equal([0n, 1n]);
      await expectRevert(giveBack(1), "RedemptionWrongStatus", [1, STATUS.overdue]);
      await expectRevert(giveBack(2), "RedemptionWrongStatus", [2, STATUS.none]);
    });

    it("goes back although holder and issuer are gone and the voucher is frozen", async () => {
      const { giveBack, letPass, bank, alice, voucher, balances, ...p } = await withPresentation();
      expectExecuted(await bank.call(p.certifications, "revoke", [alice.address, GROUND]));
      await enforce(p, callOf(voucher, "freeze", []), voucher.target as string);
      await p.partners.connect(p.operator).terminate(bank.address, GROUND);
      await letPass(1);
      await giveBack(1);
      expect(await balances()).to.deep.equal([100, 0, 100]);
    });

    it("is so later by the blocks of an emergency pause, in which the issuer could not answer", async () => {
      const { confirm, giveBack, letPass, redemptions, present, bank, ...p } = await withPresentation();
      expectExecuted(await present(1));
      const { lastBlock: planned } = await redemptions.redemptionOf(1);
      const paused = await pause(p);
      const lastBlock = planned + paused.lastBlock + 1n - paused.firstBlock;
      expect((await redemptions.redemptionOf(1)).lastBlock).to.equal(lastBlock);
      await mineTo(paused.lastBlock - 1n);
      expect(await redemptions.statusOf(1)).to.equal(STATUS.presented);
      await expectRevert(giveBack(1), "RedemptionNotOverdue", [1, lastBlock]);
      await mineTo(paused.lastBlock);
      expectExecuted(await confirm(1));
      await letPass(2);
      expect(await redemptions.statusOf(2)).to.equal(STATUS.presented);
      await giveBack(2);
      expect(await redemptions.defaultsOf(bank.address)).to.deep.equal([0n, 1n]);
    });

    it("is not made good by a pause after its last block", async () => {
      const { giveBack, letPass, redemptions, ...p } = await withPresentation();
      await letPass(1);
      const { lastBlock } = await redemptions.redemptionOf(1);
      await pause(p);
      expect((await redemptions.redemptionOf(1)).lastBlock).to.equal(lastBlock);
      await giveBack(1);
    });

    it("is not longer by what there was of a pause before the presentation", async () => {
      const { redemptions, present, letPass, confirm, ...p } = await withVoucher();
      await mineTo((await pause(p)).lastBlock);
      expectExecuted(await present(1));
      const { presentedBlock, lastBlock } = await redemptions.redemptionOf(1);
      expect(lastBlock).to.equal(presentedBlock + BigInt(BLOCKS));
      await letPass(1);
      expectReverted(await confirm(1), "RedemptionWrongStatus", [1, STATUS.overdue]);
    });

    it("can be presented again", async () => {
      const { giveBack, letPass, present, confirm, balances } = await withPresentation();
      await letPass(1);
      await giveBack(1);
      expectExecuted(await present(100));
      expectExecuted(await confirm(2));
      expect(await balances()).to.deep.equal([0, 0, 0]);
    });
  });

  it("of many mixed presentations keep the books: what circulates is what is held", async () => {
    const { present, confirm, refuse, giveBack, balances, redemptions, bank } = await withVoucher();
    for (const amount of [1, 2, 3, 4, 5, 6]) expectExecuted(await present(amount));
    expectExecuted(await confirm(2));
    expectExecuted(await refuse(4));
    expectExecuted(await confirm(6));
    expect(await balances()).to.deep.equal([83, 9, 92]);
    await networkHelpers.mine(BLOCKS + 1);
    for (const redemption of [1, 3, 5]) await giveBack(redemption);
    expect(await balances()).to.deep.equal([92, 0, 92]);
    expect(await redemptions.defaultsOf(bank.address)).to.deep.equal([1n, 3n]);
  });
});
