import { expect } from "chai";
import { ZeroHash } from "ethers";
import { statementDigest } from "../../../src/core/custody-statement.ts";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import { walletOf } from "../support/actors.ts";
import { blockNumber, CHAIN_ID, mineTo } from "../support/chain.ts";
import {
  exchangeTown,
  keyOf,
  leafOf,
  proofOf,
  publish,
  sign,
  signedStatement,
  stated,
  treeOf,
} from "../support/custody.ts";
import {
  ANSWER_BLOCKS,
  challenge,
  DISPUTE_BLOCKS,
  disputeAmount,
  later,
  STATUS,
  statusOf,
  withoutAnn,
} from "../support/custody-disputes.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makePartner } from "../support/participants.ts";
import { personalSignature } from "../support/personal-signature.ts";
import { accountAt } from "../support/platform.ts";

describe("Statements about custody that do not count", () => {
  it("of another exchange, voucher, block, amount or leaf", async () => {
    const p = await exchangeTown();
    const published = await publish(p, withoutAnn());
    const { digest } = await stated(p, published, "ann", 500n);
    const { alice, bank } = p;
    for (const changes of [
      { exchange: bank.address },
      { voucher: bank.address },
      { blockNumber: published.block + 1 },
      { amount: 501n },
      { leafKey: keyOf("ben") },
    ]) {
      const { signature } = await signedStatement(p, published, "ann", 500n, changes);
      const attempt = await alice.call(p.custodyProofs, "challenge", [published.id, keyOf("ann"), 500n, signature]);
      expectReverted(attempt, "CustodyStatementInvalid", [published.id, digest]);
    }
  });

  it("signed by somebody else, for another chain, for another account of the same key, or not at all", async () => {
    const p = await exchangeTown();
    const published = await publish(p, withoutAnn());
    const { statement, digest } = await stated(p, published, "ann", 500n);
    const { exchange, bank } = p;
    const otherChain = CHAIN_ID + 1;
    for (const signature of [
      sign(p, statement, bank.address, bank.wallet),
      sign(p, statement, exchange.address, bank.wallet),
      sign(p, statement, bank.address, exchange.wallet),
      sign(p, statement, exchange.address, exchange.wallet, otherChain),
      personalSignature(exchange.address, statementDigest(statement, p.custody, otherChain), exchange.wallet),
      personalSignature(exchange.address, statementDigest(statement, bank.address, CHAIN_ID), exchange.wallet),
      exchange.wallet.signingKey.sign(digest).serialized,
      "0x",
    ]) {
      const refused = [published.id, digest];
      expectReverted(await challenge(p, published.id, { statement, signature }), "CustodyStatementInvalid", refused);
    }
    const personal = personalSignature(exchange.address, digest, exchange.wallet);
    expectExecuted(await challenge(p, published.id, { statement, signature: personal }));
  });

  it("count as of the proof's block: a new key neither unmakes nor makes one", async () => {
    const p = await exchangeTown();
    const published = await publish(p, withoutAnn());
    const signed = await signedStatement(p, published, "ann", 500n);
    const newKey = walletOf("the exchange's new key");
    expectExecuted(await p.exchange.call(accountAt(p.exchange.address), "setSigner", [newKey.address]));
    const { statement, digest } = signed;
    const byNewKey = { statement, signature: sign(p, statement, p.exchange.address, newKey) };
    expectReverted(await challenge(p, published.id, byNewKey), "CustodyStatementInvalid", [published.id, digest]);
    expectExecuted(await challenge(p, published.id, signed));
  });

  it("against a proof of another exchange, to which the same user is owed as much", async () => {
    const p = await exchangeTown();
    const other = await makePartner(p, "other exchange");
    expectExecuted(await certify(p, p.bank, other, LEVEL.realName));
    expectExecuted(await other.call(p.voucher, "openCustody", []));
    const block = await blockNumber();
    const tree = new MerkleSumTree([leafOf("ben", 0n)]);
    expectExecuted(await other.call(p.custodyProofs, "publish", [p.units, block, treeOf(tree)]));
    const id = await p.custodyProofs.proofId(other.address, p.units, block);
    const published = { id, block, tree, events: [] };
    const signed = await signedStatement(p, published, "ann", 500n);
    expectReverted(await challenge(p, id, signed), "CustodyStatementInvalid");
  });

  it("against a proof that is not there, or was published more than 30 days ago", async () => {
    const p = await exchangeTown();
    const tree = withoutAnn();
    const published = await publish(p, tree);
    const { id } = published;
    const signed = await signedStatement(p, published, "ann", 500n);
    expectReverted(await challenge(p, ZeroHash, signed), "CustodyProofUnknown", [ZeroHash]);
    const leaf = proofOf(tree.proof(0));
    const { alice, custodyProofs, stranger } = p;
    expectReverted(await alice.call(custodyProofs, "disputeOrder", [ZeroHash, leaf, leaf]), "CustodyProofUnknown");
    const lastBlock = published.block + 1 + DISPUTE_BLOCKS;
    await mineTo(lastBlock - 1);
    const args = [id, signed.statement.leafKey, 500n, signed.signature] as const;
    await later(custodyProofs.connect(stranger).challenge(...args));
    const second = await signedStatement(p, published, "ann", 600n);
    expectReverted(await challenge(p, id, second), "CustodyDisputeTooLate", [id, lastBlock]);
    expectReverted(await disputeAmount(p, id, second, tree.proof(0)), "CustodyDisputeTooLate", [id, lastBlock]);
    expectReverted(await alice.call(custodyProofs, "disputeOrder", [id, leaf, leaf]), "CustodyDisputeTooLate");
    // What was asked in time is still decided.
    await mineTo(lastBlock + ANSWER_BLOCKS);
    const { digest } = await stated(p, published, "ann", 500n);
    await later(custodyProofs.connect(stranger).disputeSilence(id, digest));
    expect(await statusOf(p, published)).to.equal(STATUS.disputed);
  });
});
