import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { leafKey, statementDigest } from "../../../src/core/custody-statement.ts";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import type { SumLeafProof } from "../../../src/core/merkle-sum-proof.ts";
import { digestOf } from "../support/actors.ts";
import { blockNumber, CHAIN_ID, networkHelpers } from "../support/chain.ts";
import {
  type Exchange,
  exchangeTown,
  honestLeaves,
  keyOf,
  leafOf,
  OWED,
  proofOf,
  publish,
  TOTAL,
  treeOf,
} from "../support/custody.ts";
import { STATUS } from "../support/custody-disputes.ts";
import { plain } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { type BundleResult, callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makePartner, type Participant } from "../support/participants.ts";
import { recordOf } from "../support/records.ts";
import { makeVoucher } from "../support/vouchers.ts";

const DAY = 28_800;
const honest = () => new MerkleSumTree(honestLeaves());

/** Tries to publish a tree for a block. */
async function tryPublish(
  p: Exchange,
  block: number,
  tree = honest(),
  who: Participant = p.exchange,
): Promise<BundleResult> {
  return who.call(p.custodyProofs, "publish", [p.units, block, treeOf(tree)]);
}

describe("CustodyProofs", () => {
  describe("a proof of an exchange", () => {
    it("is proven when its total is the custody account's balance at the block it names", async () => {
      const p = await exchangeTown();
      const { id, block, tree, events } = await publish(p);
      expectEvent(events, "CustodyProven", [id, p.exchange.address, p.units, block, [...treeOf(tree)]]);
      expect(await p.custodyProofs.statusOf(id)).to.equal(STATUS.proven);
      expect(await p.custodyProofs.proofOf(id)).to.deep.equal(
        plain([p.exchange.address, block, block + 1, p.units, 5, 0, false, tree.root, TOTAL, ZeroHash]),
      );
      expect(await p.custodyProofs.proofId(p.exchange.address, p.units, block)).to.equal(id);
    });

    it("shows every user its own leaf, and that others have none", async () => {
      const p = await exchangeTown();
      const { id } = await publish(p);
      const tree = honest();
      for (const name of Object.keys(OWED)) {
        const leaf = tree.inclusion(keyOf(name)) as SumLeafProof;
        expect(await p.custodyProofs.verifyInclusion(id, proofOf(leaf) as never), name).to.equal(true);
        const more = { ...leaf, amount: leaf.amount + 1n };
        expect(await p.custodyProofs.verifyInclusion(id, proofOf(more) as never), name).to.equal(false);
        expect(await p.custodyProofs.verifyAbsence(id, keyOf(name), [proofOf(leaf)] as never), name).to.equal(false);
      }
      for (const name of ["fay", "gus", "hal"]) {
        const leaves = tree.absence(keyOf(name)) as SumLeafProof[];
        expect(await p.custodyProofs.verifyAbsence(id, keyOf(name), leaves.map(proofOf) as never), name).to.equal(true);
      }
      expect(await p.custodyProofs.verifyInclusion(ZeroHash, proofOf(tree.proof(0)) as never)).to.equal(false);
    });

    it("holds the end of the block: a balance that moved within it counts as it was left", async () => {
      const p = await exchangeTown();
      const transfer = (from: Participant, to: Participant, amount: number) =>
        callOf(p.voucher, "safeTransferFrom", [from.address, to.address, 0, amount, "0x"]);
      const approval = callOf(p.voucher, "setApprovalForAll", [p.exchange.address, true]);
      expectExecuted(await p.alice.operate([approval]));
      // Out, partly back and out again within one operation.
      const calls = [
        transfer(p.exchange, p.alice, 400),
        transfer(p.alice, p.exchange, 200),
        transfer(p.exchange, p.bob, 300),
      ];
      expectExecuted(await p.exchange.operate(calls));
      const block = await blockNumber();
      expectExecuted(await p.alice.operate([transfer(p.alice, p.exchange, 200)]));
      expectReverted(await tryPublish(p, block), "CustodyTotalDiffers", [TOTAL, 500]);
      expectExecuted(await tryPublish(p, block, new MerkleSumTree([leafOf("ann", 500n)])));
      expectReverted(await tryPublish(p, block + 1), "CustodyTotalDiffers", [TOTAL, 700]);
      expectExecuted(await tryPublish(p, block - 1));
    });

    it("needs a total that is neither more nor less than the balance", async () => {
      const p = await exchangeTown();
      for (const total of [TOTAL - 1n, TOTAL + 1n, 0n]) {
        const tree = new MerkleSumTree([leafOf("ann", total)]);
        expectReverted(await tryPublish(p, await blockNumber(), tree), "CustodyTotalDiffers", [total, TOTAL]);
      }
    });

    it("needs a block that is over, after the account was opened, and at most a day ago", async () => {
      const p = await exchangeTown();
      const now = await blockNumber();
      for (const block of [now + 1, now + 2, 2 ** 48 - 1]) {
        expectReverted(await tryPublish(p, block), "VoucherBlockNotPast");
      }
      expectExecuted(await tryPublish(p, now));
      await networkHelpers.mine(now + DAY - (await blockNumber()));
      expectReverted(await tryPublish(p, now), "CustodyBlockTooOld", [now, now + 1]);
      expectExecuted(await tryPublish(p, now + 2));
      expectReverted(await tryPublish(p, 0), "CustodyBlockTooOld");
    });

    it("needs a custody account that was open at the block, also for a total of nothing", async () => {
      const p = await exchangeTown();
      const other = await makeVoucher(p, p.bank);
      const before = await blockNumber();
      const nothing = treeOf(new MerkleSumTree([leafOf("ann", 0n)]));
      const attempt = async (block: number) =>
        p.exchange.call(p.custodyProofs, "publish", [await other.getAddress(), block, nothing]);
      const unknown = [p.exchange.address, before];
      expectReverted(await attempt(before), "VoucherCustodyUnknown", unknown);
      expectExecuted(await p.exchange.call(other, "openCustody", []));
      expectReverted(await attempt(before), "VoucherCustodyUnknown", unknown);
      expectExecuted(await attempt(await blockNumber()));
    });

    it("is published once for a block, so that none takes the place of a disputed one", async () => {
      const p = await exchangeTown();
      const { id, block } = await publish(p);
      expectReverted(await tryPublish(p, block), "CustodyProofExists", [id]);
      expectReverted(await tryPublish(p, block, new MerkleSumTree([leafOf("ann", TOTAL)])), "CustodyProofExists", [id]);
      expectExecuted(await tryPublish(p, block + 1));
    });

    it("comes from partners with the custody permission", async () => {
      const p = await exchangeTown();
      const block = await blockNumber();
      expectReverted(await tryPublish(p, block, honest(), p.alice), "PartnerNotAdmitted", [p.alice.address]);
      expectReverted(await tryPublish(p, block, honest(), p.school), "PartnerPermissionMissing", [p.school.address, 8]);
      await p.partners.connect(p.operator).suspend(p.exchange.address, digestOf("ground"));
      expectReverted(await tryPublish(p, block), "PartnerNotAdmitted", [p.exchange.address]);
    });

    it("is about vouchers of the platform: no other contract's word counts for a balance", async () => {
      const p = await exchangeTown();
      const block = await blockNumber();
      for (const contract of [p.custodyProofs, p.records]) {
        const address = await contract.getAddress();
        const attempt = await p.exchange.call(p.custodyProofs, "publish", [address, block, treeOf(honest())]);
        expectReverted(attempt, "CustodyVoucherUnlisted", [address]);
      }
      const attempt = await p.exchange.call(p.custodyProofs, "publish", [p.exchange.address, block, treeOf(honest())]);
      expectReverted(attempt, "CustodyVoucherUnlisted", [p.exchange.address]);
    });

    it("needs a tree", async () => {
      const p = await exchangeTown();
      const block = await blockNumber();
      for (const tree of [
        [ZeroHash, TOTAL, 1],
        [digestOf("root"), TOTAL, 0],
      ]) {
        expectReverted(await p.exchange.call(p.custodyProofs, "publish", [p.units, block, tree]), "CustodyTreeMissing");
      }
    });

    it("counts the faces of lots", async () => {
      const p = await exchangeTown();
      const lots = await makeVoucher(p, p.bank, { voucherType: 1 });
      expectExecuted(await p.exchange.call(lots, "openCustody", []));
      expectExecuted(await p.bank.call(lots, "allocateLot", [p.exchange.address, 70, digestOf("lot 1")]));
      expectExecuted(await p.bank.call(lots, "allocateLot", [p.exchange.address, 30, digestOf("lot 2")]));
      const block = await blockNumber();
      const tree = new MerkleSumTree([leafOf("ann", 70n), leafOf("ben", 30n)]);
      expectExecuted(await p.exchange.call(p.custodyProofs, "publish", [await lots.getAddress(), block, treeOf(tree)]));
    });

    it("belongs to its exchange: another's of the same block stands beside it", async () => {
      const p = await exchangeTown();
      const other = await makePartner(p, "other exchange");
      expectExecuted(await certify(p, p.bank, other, LEVEL.realName));
      expectExecuted(await other.call(p.voucher, "openCustody", []));
      const block = await blockNumber();
      expectReverted(await tryPublish(p, block, honest(), other), "CustodyTotalDiffers", [TOTAL, 0]);
      expectExecuted(await tryPublish(p, block));
      expectExecuted(await tryPublish(p, block, new MerkleSumTree([leafOf("ann", 0n)]), other));
    });
  });

  describe("a declared total", () => {
    it("is bound to a valid record of the publisher's, and shown as declared", async () => {
      const p = await exchangeTown();
      const input = recordOf("donations in 2026");
      expectExecuted(await p.school.call(p.records, "record", [input]));
      const record = await p.records.recordId(p.school.address, input.digest, ZeroHash);
      const tree = new MerkleSumTree([leafOf("ann", 2n ** 127n)]);
      const publishArgs = [input.digest, ZeroHash, treeOf(tree)];
      const events = expectExecuted(await p.school.call(p.custodyProofs, "publishDeclared", publishArgs));
      const id = await p.custodyProofs.declaredId(p.school.address, record);
      const block = (await blockNumber()) - 1;
      expectEvent(events, "CustodyDeclared", [id, p.school.address, record, block, [...treeOf(tree)]]);
      expect(await p.custodyProofs.statusOf(id)).to.equal(STATUS.declared);
      expect(await p.custodyProofs.proofOf(id)).to.deep.equal(
        plain([p.school.address, block, block + 1, ZeroAddress, 1, 0, false, tree.root, 2n ** 127n, record]),
      );
      expectReverted(await p.school.call(p.custodyProofs, "publishDeclared", publishArgs), "CustodyProofExists", [id]);
    });

    it("is refused without a record, on another's, and on one that was revoked", async () => {
      const p = await exchangeTown();
      const input = recordOf("donations");
      const attempt = async (who: Participant) =>
        who.call(p.custodyProofs, "publishDeclared", [input.digest, ZeroHash, treeOf(honest())]);
      const idOf = (who: Participant) => p.records.recordId(who.address, input.digest, ZeroHash);
      expectReverted(await attempt(p.school), "CustodyRecordNotValid", [await idOf(p.school)]);
      expectExecuted(await p.school.call(p.records, "record", [input]));
      expectReverted(await attempt(p.exchange), "CustodyRecordNotValid", [await idOf(p.exchange)]);
      expectExecuted(await p.school.call(p.records, "revoke", [input.digest, ZeroHash, digestOf("reason")]));
      expectReverted(await attempt(p.school), "CustodyRecordNotValid", [await idOf(p.school)]);
    });
  });

  describe("statements", () => {
    it("have the digests that wallets and core compute", async () => {
      const { custodyProofs, custody, exchange, units: at } = await exchangeTown();
      const common = { leafKey: keyOf("ann"), amount: 2n ** 255n };
      const proven = { exchange: exchange.address, voucher: at, blockNumber: 2 ** 40, ...common };
      expect(
        await custodyProofs.statementDigest(exchange.address, at, 2 ** 40, common.leafKey, common.amount),
      ).to.equal(statementDigest(proven, custody, CHAIN_ID));
      const declared = { publisher: exchange.address, record: digestOf("record"), ...common };
      expect(
        await custodyProofs.declaredStatementDigest(
          exchange.address,
          digestOf("record"),
          common.leafKey,
          common.amount,
        ),
      ).to.equal(statementDigest(declared, custody, CHAIN_ID));
    });

    it("name a leaf by account and salt", () => {
      const account = `0x${"Ab".repeat(20)}`;
      const words = AbiCoder.defaultAbiCoder().encode(
        ["address", "bytes32"],
        [account.toLowerCase(), digestOf("salt")],
      );
      expect(leafKey(account, digestOf("salt"))).to.equal(keccak256(words));
    });
  });
});
