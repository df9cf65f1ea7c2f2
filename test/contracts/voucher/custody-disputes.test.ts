import { expect } from "chai";
import { ZeroHash } from "ethers";
import { statementDigest } from "../../../src/core/custody-statement.ts";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import type { SumLeafProof } from "../../../src/core/merkle-sum-proof.ts";
import { forgeTree } from "../../core/forged-sum-tree.ts";
import { CHAIN_ID } from "../support/chain.ts";
import {
  exchangeTown,
  honestLeaves,
  keyOf,
  leafOf,
  OWED,
  proofOf,
  publish,
  sign,
  signedStatement,
  TOTAL,
  treeOf,
} from "../support/custody.ts";
import {
  challenge,
  disputeAbsence,
  disputeAmount,
  leafIn,
  STATEMENT,
  STATUS,
  shortChanged,
  statusOf,
  withoutAnn,
} from "../support/custody-disputes.ts";
import { expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { recordOf } from "../support/records.ts";

describe("Disputes of custody proofs", () => {
  describe("by the amount in the tree", () => {
    it("are won by who was promised another amount", async () => {
      const p = await exchangeTown();
      const tree = shortChanged();
      const published = await publish(p, tree);
      const signed = await signedStatement(p, published, "ann", OWED.ann);
      const events = expectExecuted(await disputeAmount(p, published.id, signed, leafIn(tree, "ann")));
      expectEvent(events, "CustodyDisputed", [published.id, signed.digest]);
      expect(await statusOf(p, published)).to.equal(STATUS.disputed);
      expect((await p.custodyProofs.statementOf(published.id, signed.digest)).status).to.equal(STATEMENT.contradicted);
      const again = await disputeAmount(p, published.id, signed, leafIn(tree, "ann"));
      expectReverted(again, "CustodyStatementWrongStatus", [published.id, signed.digest, STATEMENT.contradicted]);
    });

    it("are open to every user who was short-changed, each with the own statement", async () => {
      const p = await exchangeTown();
      const tree = shortChanged();
      const published = await publish(p, tree);
      for (const name of ["ann", "ben"]) {
        const signed = await signedStatement(p, published, name, 999n);
        expectExecuted(await disputeAmount(p, published.id, signed, leafIn(tree, name)));
      }
    });

    it("are lost where statement and tree agree, or the leaf is not in the tree", async () => {
      const p = await exchangeTown();
      const tree = new MerkleSumTree(honestLeaves());
      const published = await publish(p, tree);
      const agreed = await signedStatement(p, published, "ann", OWED.ann);
      const leaf = leafIn(tree, "ann");
      const refused = [published.id];
      expectReverted(await disputeAmount(p, published.id, agreed, leaf), "CustodyNotContradicted", refused);
      for (const forged of [
        { ...leaf, amount: 1n },
        { ...leaf, index: leaf.index + 1 },
        { ...leaf, siblings: leaf.siblings.slice(1) },
      ]) {
        const other = await signedStatement(p, published, "ann", 777n);
        expectReverted(await disputeAmount(p, published.id, other, forged), "CustodyNotContradicted", refused);
      }
      expect(await statusOf(p, published)).to.equal(STATUS.proven);
    });

    it("are won where a stated amount does not even fit the tree", async () => {
      const p = await exchangeTown();
      const published = await publish(p);
      const signed = await signedStatement(p, published, "ann", 2n ** 255n);
      const leaf = leafIn(new MerkleSumTree(honestLeaves()), "ann");
      expectExecuted(await disputeAmount(p, published.id, signed, leaf));
    });

    it("are won where a user's key is there twice, once with too little", async () => {
      const p = await exchangeTown();
      const leaves = [leafOf("ann", 500n), leafOf("ann", 100n), leafOf("ben", 400n)];
      const tree = forgeTree(leaves);
      const published = await publish(p, tree);
      const signed = await signedStatement(p, published, "ann", 500n);
      expectReverted(await disputeAmount(p, published.id, signed, tree.proof(0)), "CustodyNotContradicted");
      expectExecuted(await disputeAmount(p, published.id, signed, tree.proof(1)));
    });
  });

  describe("by absence from the tree", () => {
    it("are won by who was left out", async () => {
      const p = await exchangeTown();
      const tree = withoutAnn();
      const published = await publish(p, tree);
      const signed = await signedStatement(p, published, "ann", OWED.ann);
      const leaves = tree.absence(keyOf("ann")) as SumLeafProof[];
      const events = expectExecuted(await disputeAbsence(p, published.id, signed, leaves));
      expectEvent(events, "CustodyDisputed", [published.id, signed.digest]);
      expect(await statusOf(p, published)).to.equal(STATUS.disputed);
    });

    it("are won in a tree of one leaf, which has only ends", async () => {
      const p = await exchangeTown();
      const tree = new MerkleSumTree([leafOf("eve", TOTAL)]);
      const published = await publish(p, tree);
      for (const name of ["ann", "ben", "dan"]) {
        const signed = await signedStatement(p, published, name, 1n);
        expectExecuted(await disputeAbsence(p, published.id, signed, [tree.proof(0)]));
      }
    });

    it("are lost by who is there, by who was promised nothing, and with leaves that show nothing", async () => {
      const p = await exchangeTown();
      const tree = new MerkleSumTree(honestLeaves());
      const published = await publish(p, tree);
      const refused = [published.id];
      const ann = await signedStatement(p, published, "ann", OWED.ann);
      const at = leafIn(tree, "ann").index;
      const around = [tree.proof(Math.max(at - 1, 0)), tree.proof(Math.min(at + 1, 4))];
      for (const leaves of [around, [leafIn(tree, "ann")], [], [tree.proof(0), tree.proof(1), tree.proof(2)]]) {
        expectReverted(await disputeAbsence(p, published.id, ann, leaves), "CustodyNotContradicted", refused);
      }
      const fay = await signedStatement(p, published, "fay", 0n);
      const absence = tree.absence(keyOf("fay")) as SumLeafProof[];
      expectReverted(await disputeAbsence(p, published.id, fay, absence), "CustodyNotContradicted", refused);
    });
  });

  describe("by a tree that is not ordered", () => {
    it("need no statement", async () => {
      const p = await exchangeTown();
      const tree = forgeTree([...honestLeaves()].sort((a, b) => (a.key < b.key ? 1 : -1)));
      const published = await publish(p, tree);
      const args = [published.id, proofOf(tree.proof(0)), proofOf(tree.proof(4))];
      const events = expectExecuted(await p.alice.call(p.custodyProofs, "disputeOrder", args));
      expectEvent(events, "CustodyDisputed", [published.id, ZeroHash]);
      expect(await statusOf(p, published)).to.equal(STATUS.disputed);
    });

    it("are lost against an ordered one", async () => {
      const p = await exchangeTown();
      const tree = new MerkleSumTree(honestLeaves());
      const { id } = await publish(p, tree);
      for (const [a, b] of [
        [0, 1],
        [1, 0],
        [2, 2],
      ] as const) {
        const args = [id, proofOf(tree.proof(a)), proofOf(tree.proof(b))];
        expectReverted(await p.alice.call(p.custodyProofs, "disputeOrder", args), "CustodyNotContradicted", [id]);
      }
    });
  });

  describe("of a declared total", () => {
    it("go by statements about its record", async () => {
      const p = await exchangeTown();
      const input = recordOf("donations");
      expectExecuted(await p.exchange.call(p.records, "record", [input]));
      const record = await p.records.recordId(p.exchange.address, input.digest, ZeroHash);
      const tree = shortChanged();
      const args = [input.digest, ZeroHash, treeOf(tree)];
      expectExecuted(await p.exchange.call(p.custodyProofs, "publishDeclared", args));
      const id = await p.custodyProofs.declaredId(p.exchange.address, record);

      const statement = { publisher: p.exchange.address, record, leafKey: keyOf("ann"), amount: 500n };
      const signature = sign(p, statement, p.exchange.address, p.exchange.wallet);
      const proven = await signedStatement(p, { id, block: 1, tree, events: [] }, "ann", 500n);
      const wrong = await disputeAmount(p, id, proven, leafIn(tree, "ann"));
      expectReverted(wrong, "CustodyStatementInvalid", [id, statementDigest(statement, p.custody, CHAIN_ID)]);
      expectExecuted(await challenge(p, id, { statement, signature }));
      expect(await p.custodyProofs.statusOf(id)).to.equal(STATUS.challenged);
      expectExecuted(await disputeAmount(p, id, { statement, signature }, leafIn(tree, "ann")));
      expect(await p.custodyProofs.statusOf(id)).to.equal(STATUS.disputed);
    });
  });
});
