import { expect } from "chai";
import { Contract, ZeroAddress } from "ethers";
import type { Voucher } from "../../../generated/contracts/index.ts";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, provider, signerAt } from "../support/chain.ts";
import { expectFailure, expectRevert, readFailure } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { startFrom } from "../support/fixtures.ts";
import { asKeyResets, establish, mustOpen } from "../support/key-resets.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { enforce } from "../support/orders.ts";
import { certify, LEVEL, Participant, town } from "../support/participants.ts";
import { leg, makeVoucher } from "../support/vouchers.ts";

const STATUS = { none: 0n, open: 1n, accepted: 2n, cancelled: 3n, expired: 4n, void: 5n } as const;
const BLOCKS = 100;
const LATE = 2n ** 48n - 1n;
const NOT_LIVE = 2;

async function settle() {
  const p = await town();
  await establish(p, p.bank, p.alice.address);
  const milk = await makeVoucher(p, p.bank);
  const rice = await makeVoucher(p, p.bank, { symbol: "RICE" });
  expectExecuted(await certify(p, p.bank, p.carol, LEVEL.realName));
  for (const [voucher, holder] of [
    [milk, p.alice],
    [rice, p.bob],
    [rice, p.carol],
  ] as const) {
    expectExecuted(await p.bank.call(voucher, "allocate", [holder.address, 100]));
    const allow = [p.settlements.target, 0, 50, LATE];
    expectExecuted(await holder.call(voucher, "approve", allow));
  }
  return { ...p, milk, rice };
}

/** Alice holds 100 of milk, Bob and Carol 100 of rice each; all let Settlements move 50 of theirs. */
async function market() {
  const p = await startFrom(settle);
  const { milk, rice, settlements, alice, bob } = p;
  const offer = async (give = leg(milk, 10), want = leg(rice, 20), counterparty = ZeroAddress, blocks = BLOCKS) =>
    alice.call(settlements, "offer", [give, want, counterparty, (await blockNumber()) + blocks]);
  const accept = (id: number | bigint = 1, by: Participant = bob) => by.call(settlements, "accept", [id]);
  const balances = async () => {
    const held = async (voucher: Voucher, who: Participant) => Number(await voucher.balanceOf(who.address, 0));
    return [await held(milk, alice), await held(rice, alice), await held(milk, bob), await held(rice, bob)];
  };
  return { ...p, offer, accept, balances };
}

/** The same with 10 of milk offered for 20 of rice, to anybody, as number 1. */
async function withOffer() {
  const p = await market();
  expectExecuted(await p.offer());
  return p;
}

const BEFORE = [100, 0, 0, 100];

describe("Settlements", () => {
  describe("an offer", () => {
    it("keeps its terms and moves nothing", async () => {
      const { offer, settlements, milk, rice, alice, bob, balances } = await market();
      const [give, want] = [leg(milk, 10), leg(rice, 20)];
      const events = expectExecuted(await offer(give, want, bob.address));
      const lastBlock = (await blockNumber()) - 1 + BLOCKS;
      const legs = [give, want].map(({ voucher, id, amount }) => [voucher, BigInt(id), BigInt(amount)]);
      expectEvent(events, "Offered", [1, alice.address, bob.address, ...legs, lastBlock]);
      const kept = await settlements.offerOf(1);
      expect(kept).to.deep.equal([alice.address, BigInt(lastBlock), 0n, STATUS.open, bob.address, ...legs]);
      expect(await settlements.count()).to.equal(1n);
      expect(await balances()).to.deep.equal(BEFORE);
    });

    it("is for vouchers, amounts above 0, and different units on its sides", async () => {
      const { offer, milk, rice, records } = await market();
      expectReverted(await offer(leg(milk, 0)), "SettlementAmountMissing", []);
      expectReverted(await offer(leg(milk, 1), leg(rice, 0)), "SettlementAmountMissing", []);
      const stranger = { voucher: records.target as string, id: 0, amount: 1 };
      expectReverted(await offer(stranger), "SettlementVoucherUnknown", [records.target]);
      expectReverted(await offer(leg(milk, 1), stranger), "SettlementVoucherUnknown", [records.target]);
      expectReverted(await offer(leg(milk, 1), leg(milk, 2)), "SettlementSameUnits", [milk.target, 0]);
    });

    it("may swap lots of one voucher", async () => {
      const p = await market();
      const { offer, accept, settlements, bank, alice, bob } = p;
      const lots = await makeVoucher(p, bank, { voucherType: 1 });
      const [holders, faces] = [
        [alice.address, bob.address],
        [7, 8],
      ];
      const digests = [digestOf("first"), digestOf("second")];
      expectExecuted(await bank.call(lots, "allocateLots", [holders, faces, digests]));
      for (const holder of [alice, bob]) {
        expectExecuted(await holder.call(lots, "setApprovalForAll", [settlements.target, true]));
      }
      expectExecuted(await offer(leg(lots, 7, 1), leg(lots, 8, 2)));
      expectExecuted(await accept());
      const holdings = await Promise.all([alice, bob].map(({ address }) => lots.holdingOf(address)));
      expect(holdings).to.deep.equal([8n, 7n]);
    });

    it("is made by accounts, not to themselves and not for the past", async () => {
      const { settlements, stranger, alice, milk, rice } = await market();
      const legs = [leg(milk, 1), leg(rice, 1)] as const;
      const direct = settlements.connect(stranger).offer(...legs, ZeroAddress, LATE);
      await expectRevert(direct, "SettlementNotAccount", [stranger.address]);
      const own = await alice.call(settlements, "offer", [...legs, alice.address, LATE]);
      expectReverted(own, "SettlementWithOneself", [alice.address]);
      const block = await blockNumber();
      const past = await alice.call(settlements, "offer", [...legs, ZeroAddress, block]);
      expectReverted(past, "SettlementPast", [block, block + 1]);
      const lastMinute = await alice.call(settlements, "offer", [...legs, ZeroAddress, (await blockNumber()) + 1]);
      expectExecuted(lastMinute);
    });

    it("is taken back by its maker only, once", async () => {
      const { settlements, alice, bob, accept } = await withOffer();
      const cancel = (by: Participant) => by.call(settlements, "cancel", [1]);
      expectReverted(await cancel(bob), "SettlementNotMaker", [1, bob.address]);
      expectEvent(expectExecuted(await cancel(alice)), "OfferCancelled", [1]);
      expectReverted(await cancel(alice), "SettlementWrongStatus", [1, STATUS.cancelled]);
      expectReverted(await accept(), "SettlementWrongStatus", [1, STATUS.cancelled]);
      expect((await settlements.offerOf(1)).status).to.equal(STATUS.cancelled);
    });

    it("that was never made can not be found, taken or taken back", async () => {
      const { settlements, accept, alice } = await market();
      await expectRevert(settlements.offerOf(1), "SettlementWrongStatus", [1, STATUS.none]);
      expectReverted(await accept(), "SettlementWrongStatus", [1, STATUS.none]);
      expectReverted(await alice.call(settlements, "cancel", [1]), "SettlementWrongStatus", [1, STATUS.none]);
    });
  });

  describe("acceptance", () => {
    it("moves both legs within the approvals", async () => {
      const { accept, balances, bob, alice, milk, rice, settlements } = await withOffer();
      const events = expectExecuted(await accept());
      expectEvent(events, "OfferAccepted", [1, bob.address]);
      const operator = settlements.target;
      expectEvent(events, "TransferSingle", [operator, alice.address, bob.address, 0, 10]);
      expectEvent(events, "TransferSingle", [operator, bob.address, alice.address, 0, 20]);
      expect(await balances()).to.deep.equal([90, 20, 10, 80]);
      expect((await milk.allowance(alice.address, operator, 0))[0]).to.equal(40n);
      expect((await rice.allowance(bob.address, operator, 0))[0]).to.equal(30n);
      expect(await settlements.statusOf(1)).to.equal(STATUS.accepted);
    });

    it("happens once", async () => {
      const { accept, balances, carol } = await withOffer();
      expectExecuted(await accept());
      expectReverted(await accept(), "SettlementWrongStatus", [1, STATUS.accepted]);
      expectReverted(await accept(1, carol), "SettlementWrongStatus", [1, STATUS.accepted]);
      expect(await balances()).to.deep.equal([90, 20, 10, 80]);
    });

    it("is the counterparty's where one is named, and never the maker's", async () => {
      const { offer, accept, alice, bob, carol, milk, rice } = await market();
      expectExecuted(await offer(leg(milk, 1), leg(rice, 1), carol.address));
      expectReverted(await accept(1, bob), "SettlementNotCounterparty", [1, bob.address]);
      expectReverted(await accept(1, alice), "SettlementWithOneself", [alice.address]);
      expectExecuted(await accept(1, carol));
      expectExecuted(await offer());
      expectReverted(await accept(2, alice), "SettlementWithOneself", [alice.address]);
    });

    it("is possible in the offer's last block and not in the next", async () => {
      const { accept, offer, settlements, balances } = await withOffer();
      expectExecuted(await offer());
      const first = (await settlements.offerOf(1)).lastBlock;
      await mineTo(first - 1n);
      expectExecuted(await accept(1));
      expect(await blockNumber()).to.equal(Number(first));
      await mineTo((await settlements.offerOf(2)).lastBlock);
      expectReverted(await accept(2), "SettlementWrongStatus", [2, STATUS.expired]);
      expect(await settlements.statusOf(2)).to.equal(STATUS.expired);
      expect(await balances()).to.deep.equal([90, 20, 10, 80]);
    });

    it("moves nothing when either leg fails: too little, or beyond an approval", async () => {
      const { offer, accept, balances, milk, rice, alice, bob, settlements } = await market();
      expectExecuted(await offer(leg(milk, 51), leg(rice, 1)));
      const giveTooLow = [alice.address, settlements.target, 0, 50, 51];
      expectReverted(await accept(1), "VoucherAllowanceTooLow", giveTooLow);
      expectExecuted(await offer(leg(milk, 1), leg(rice, 51)));
      expectReverted(await accept(2), "VoucherAllowanceTooLow", [bob.address, settlements.target, 0, 50, 51]);
      expectExecuted(await bob.call(rice, "setApprovalForAll", [settlements.target, true]));
      expectExecuted(await offer(leg(milk, 1), leg(rice, 101)));
      expectReverted(await accept(3), "ERC1155InsufficientBalance", [bob.address, 100, 101, 0]);
      expect(await balances()).to.deep.equal(BEFORE);
      // What failed stays open: the taker may get what is missing.
      expect(await settlements.statusOf(2)).to.equal(STATUS.open);
      expectExecuted(await accept(2));
    });

    it("moves nothing once an approval is used up, taken back or past", async () => {
      const { offer, accept, balances, alice, bob, milk, rice, settlements } = await market();
      const operator = settlements.target;
      expectExecuted(await offer(leg(milk, 50), leg(rice, 1)));
      expectExecuted(await offer(leg(milk, 1), leg(rice, 1)));
      expectExecuted(await accept(1));
      expectReverted(await accept(2), "ERC1155MissingApprovalForAll", [operator, alice.address]);
      const soon = (await blockNumber()) + 2;
      expectExecuted(await alice.call(milk, "approve", [operator, 0, 10, soon]));
      await mineTo(soon);
      expectReverted(await accept(2), "ERC1155MissingApprovalForAll", [operator, alice.address]);
      expectExecuted(await alice.call(milk, "approve", [operator, 0, 10, LATE]));
      expectExecuted(await bob.call(rice, "approve", [operator, 0, 0, 0]));
      expectReverted(await accept(2), "ERC1155MissingApprovalForAll", [operator, bob.address]);
      expect(await balances()).to.deep.equal([50, 1, 50, 99]);
    });

    it("keeps to every rule of both vouchers", async () => {
      const p = await market();
      const { offer, accept, balances, bank, bob, certifications, settlements } = p;
      expectExecuted(await offer());
      const taker = settlements.connect(await signerAt(bob.address));
      expectExecuted(await bank.call(certifications, "suspend", [bob.address, digestOf("doubt")]));
      await expectRevert(taker.accept(1), "VoucherHolderNotEligible", [bob.address, NOT_LIVE]);
      expectExecuted(await bank.call(certifications, "resume", [bob.address, digestOf("no doubt")]));
      await enforce(p, callOf(p.rice, "freeze", []), p.rice.target as string);
      expectReverted(await accept(), "VoucherFrozen", []);
      await enforce(p, callOf(p.rice, "unfreeze", []), p.rice.target as string);
      const still = await makeVoucher(p, bank, { secondary: false });
      expectExecuted(await bank.call(still, "allocate", [p.alice.address, 5]));
      expectExecuted(await p.alice.call(still, "setApprovalForAll", [settlements.target, true]));
      expectExecuted(await offer(leg(still, 5), leg(p.rice, 1)));
      expectReverted(await accept(2), "ERC7943CannotTransfer", [p.alice.address, bob.address, 0, 5]);
      expect(await balances()).to.deep.equal(BEFORE);
    });
  });

  describe("a key reset", () => {
    it("lets settlements of its account wait while it is pending", async () => {
      const { accept, bank, alice, balances, ...p } = await withOffer();
      await mustOpen(p, bank, alice.address, walletOf("new key").address);
      expectReverted(await accept(), "VoucherSenderHeld");
      expect(await balances()).to.deep.equal(BEFORE);
    });

    it("voids the offers made before it, whatever its owner approves with the new key", async () => {
      const p = await withOffer();
      const { accept, alice, milk, settlements, balances } = p;
      const key = walletOf("new key");
      await (await asKeyResets(p, alice.address)).resetSigner(key.address);
      expect(await settlements.statusOf(1)).to.equal(STATUS.void);
      const owner = new Participant(alice.address, key);
      expectExecuted(await owner.call(milk, "approve", [settlements.target, 0, 50, LATE]));
      expectReverted(await accept(), "SettlementWrongStatus", [1, STATUS.void]);
      expectReverted(await owner.call(settlements, "cancel", [1]), "SettlementWrongStatus", [1, STATUS.void]);
      expect(await balances()).to.deep.equal(BEFORE);
      const lastBlock = (await blockNumber()) + BLOCKS;
      const anew = [leg(milk, 10), leg(p.rice, 20), ZeroAddress, lastBlock];
      expectExecuted(await owner.call(settlements, "offer", anew));
      expect((await settlements.offerOf(2)).resets).to.equal(1n);
      expectExecuted(await accept(2));
    });

    it("voids what the taker had approved", async () => {
      const p = await withOffer();
      const { accept, bob, settlements } = p;
      const key = walletOf("new key");
      await (await asKeyResets(p, bob.address)).resetSigner(key.address);
      const owner = new Participant(bob.address, key);
      expectReverted(await accept(1, owner), "ERC1155MissingApprovalForAll", [settlements.target, bob.address]);
    });
  });

  it("can not be taken again from within: the first taking is done before anything moves", async () => {
    const { settlements, bob, balances, operator } = await withOffer();
    const { abi, deployedBytecode } = readArtifact("testing/ReentrantReceiver");
    await provider.request({ method: "hardhat_setCode", params: [bob.address, deployedBytecode] });
    const receiver = new Contract(bob.address, abi, operator);
    await receiver.getFunction("arm")(settlements.target, settlements.interface.encodeFunctionData("accept", [1]));
    await settlements.connect(await signerAt(bob.address)).accept(1);
    const [event] = await receiver.queryFilter("Reentered");
    const [success, answer] = receiver.interface.decodeEventLog("Reentered", event?.data ?? "0x");
    expect(success).to.equal(false);
    expectFailure(readFailure(answer), "SettlementWrongStatus", [1, STATUS.accepted]);
    expect(await balances()).to.deep.equal([90, 20, 10, 80]);
  });
});
