import { expect } from "chai";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import { digestOf } from "../support/actors.ts";
import { blockNumber, mineTo } from "../support/chain.ts";
import { pause } from "../support/council.ts";
import { exchangeTown, honestLeaves, OWED, publish, signedStatement, stated, TOTAL } from "../support/custody.ts";
import {
  ANSWER_BLOCKS,
  answer,
  challenge,
  disputeAmount,
  later,
  leafIn,
  STATEMENT,
  STATUS,
  shortChanged,
  statusOf,
} from "../support/custody-disputes.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";

describe("Challenges of custody proofs", () => {
  it("are won when the exchange keeps its tree back", async () => {
    const p = await exchangeTown();
    const published = await publish(p, { root: digestOf("no tree at all"), total: TOTAL, count: 5 });
    const signed = await signedStatement(p, published, "ann", OWED.ann);
    const events = expectExecuted(await challenge(p, published.id, signed));
    const lastBlock = (await blockNumber()) + ANSWER_BLOCKS;
    const { leafKey, amount } = signed.statement;
    expectEvent(events, "CustodyChallenged", [published.id, signed.digest, leafKey, amount, lastBlock]);
    expect(await statusOf(p, published)).to.equal(STATUS.challenged);
    const { custodyProofs, stranger } = p;
    const silence = () => custodyProofs.connect(stranger).disputeSilence(published.id, signed.digest);
    expectReverted(
      await p.alice.call(custodyProofs, "disputeSilence", [published.id, signed.digest]),
      "CustodyAnswerDue",
      [signed.digest, lastBlock],
    );
    await mineTo(lastBlock);
    await later(silence());
    expect(await statusOf(p, published)).to.equal(STATUS.disputed);
    expect((await custodyProofs.proofOf(published.id)).openChallenges).to.equal(0n);
  });

  it("are lost when the leaf is shown in time, to the last block", async () => {
    const p = await exchangeTown();
    const tree = new MerkleSumTree(honestLeaves());
    const published = await publish(p, tree);
    const signed = await signedStatement(p, published, "ann", OWED.ann);
    expectExecuted(await challenge(p, published.id, signed));
    await mineTo((await blockNumber()) + ANSWER_BLOCKS - 1);
    const events = expectExecuted(await answer(p, published.id, leafIn(tree, "ann")));
    expectEvent(events, "CustodyChallengeAnswered", [published.id, signed.digest]);
    expect(await statusOf(p, published)).to.equal(STATUS.proven);
    const wrong = [published.id, signed.digest, STATEMENT.answered];
    expectReverted(await challenge(p, published.id, signed), "CustodyStatementWrongStatus", wrong);
    const silence = await p.alice.call(p.custodyProofs, "disputeSilence", [published.id, signed.digest]);
    expectReverted(silence, "CustodyStatementWrongStatus", wrong);
  });

  it("can be answered for as much longer as an emergency pause kept the exchange from it", async () => {
    const p = await exchangeTown();
    const tree = new MerkleSumTree(honestLeaves());
    const published = await publish(p, tree);
    const signed = await signedStatement(p, published, "ann", OWED.ann);
    expectExecuted(await challenge(p, published.id, signed));
    const { id } = published;
    const planned = BigInt((await blockNumber()) + ANSWER_BLOCKS);
    await mineTo((await blockNumber()) + 10);
    const paused = await pause(p);
    const lastBlock = planned + paused.lastBlock + 1n - paused.firstBlock;
    expect((await p.custodyProofs.statementOf(id, signed.digest)).lastBlock).to.equal(lastBlock);
    await mineTo(planned);
    const hasty = p.custodyProofs.connect(p.stranger).disputeSilence(id, signed.digest);
    await expectRevert(hasty, "CustodyAnswerDue", [signed.digest, lastBlock]);
    await mineTo(lastBlock - 1n);
    expectExecuted(await answer(p, id, leafIn(tree, "ann")));
    expect(await statusOf(p, published)).to.equal(STATUS.proven);
  });

  it("are won after a pause too, when the exchange stays silent beyond it", async () => {
    const p = await exchangeTown();
    const published = await publish(p, { root: digestOf("no tree at all"), total: TOTAL, count: 5 });
    const signed = await signedStatement(p, published, "ann", OWED.ann);
    expectExecuted(await challenge(p, published.id, signed));
    await pause(p);
    const { lastBlock } = await p.custodyProofs.statementOf(published.id, signed.digest);
    await mineTo(lastBlock);
    await later(p.custodyProofs.connect(p.stranger).disputeSilence(published.id, signed.digest));
    expect(await statusOf(p, published)).to.equal(STATUS.disputed);
  });

  it("are not answered too late, with another leaf, or unasked", async () => {
    const p = await exchangeTown();
    const tree = new MerkleSumTree(honestLeaves());
    const published = await publish(p, tree);
    const { id } = published;
    const [ann, ben] = [await signedStatement(p, published, "ann", OWED.ann), await stated(p, published, "ben", 300n)];
    const unasked = [id, ben.digest, STATEMENT.none];
    expectReverted(await answer(p, id, leafIn(tree, "ben")), "CustodyStatementWrongStatus", unasked);
    expectExecuted(await challenge(p, id, ann));
    const lastBlock = (await blockNumber()) + ANSWER_BLOCKS;
    expectReverted(await answer(p, id, leafIn(tree, "ben")), "CustodyStatementWrongStatus", unasked);
    const forged = { ...leafIn(tree, "ann"), siblings: leafIn(tree, "ben").siblings };
    expectReverted(await answer(p, id, forged), "CustodyAnswerWrong", [id]);
    await mineTo(lastBlock);
    expectReverted(await answer(p, id, leafIn(tree, "ann")), "CustodyAnswerTooLate", [ann.digest, lastBlock]);
  });

  it("end where the contradiction is shown at once, and count one by one", async () => {
    const p = await exchangeTown();
    const tree = shortChanged();
    const published = await publish(p, tree);
    const [ann, ben] = [
      await signedStatement(p, published, "ann", OWED.ann),
      await signedStatement(p, published, "ben", 300n),
    ];
    for (const signed of [ann, ben]) expectExecuted(await challenge(p, published.id, signed));
    expectReverted(await challenge(p, published.id, ann), "CustodyStatementWrongStatus", [
      published.id,
      ann.digest,
      STATEMENT.challenged,
    ]);
    const open = async () => (await p.custodyProofs.proofOf(published.id)).openChallenges;
    expect(await open()).to.equal(2n);
    expectExecuted(await disputeAmount(p, published.id, ann, leafIn(tree, "ann")));
    expect(await open()).to.equal(1n);
    expectExecuted(await answer(p, published.id, leafIn(tree, "ben")));
    expect(await open()).to.equal(0n);
    expect(await statusOf(p, published)).to.equal(STATUS.disputed);
  });

  it("are refused for a statement of nothing, which needs no leaf", async () => {
    const p = await exchangeTown();
    const published = await publish(p);
    const signed = await signedStatement(p, published, "fay", 0n);
    expectReverted(await challenge(p, published.id, signed), "CustodyNotContradicted", [published.id]);
  });
});
