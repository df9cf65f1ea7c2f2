import { expect } from "chai";
import { digestOf } from "../support/actors.ts";
import { networkHelpers } from "../support/chain.ts";
import { type Exchange, exchangeTown, OWED, proofOf, publish, signedStatement, TOTAL } from "../support/custody.ts";
import { leafIn, STATUS, shortChanged } from "../support/custody-disputes.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL } from "../support/participants.ts";
import { transfer } from "../support/vouchers.ts";

const GROUND = digestOf("ground");
const NOT_LIVE = 2;
/** The operator certified it too, whom the issuer does not recognise. */
const NOT_RECOGNISED = 3;

async function suspend(p: Exchange, account: string): Promise<void> {
  expectExecuted(await p.bank.call(p.certifications, "suspend", [account, GROUND]));
}

describe("A certification that lapses while units are in custody", () => {
  it("being the exchange's: it keeps them all, moves none, and its proofs go on", async () => {
    const p = await exchangeTown();
    expectExecuted(await certify(p, p.bank, p.exchange, LEVEL.realName, { lifetime: 600 }));
    await networkHelpers.time.increase(601);
    const refusal = [p.exchange.address, NOT_RECOGNISED];
    expectReverted(await transfer(p.voucher, p.exchange, p.alice, 1), "VoucherHolderNotEligible", refusal);
    const present = await p.exchange.call(p.redemptions, "present", [p.units, 0, 1, GROUND]);
    expectReverted(present, "VoucherHolderNotEligible", refusal);
    expectReverted(
      await p.bank.call(p.voucher, "allocate", [p.exchange.address, 1]),
      "VoucherHolderNotEligible",
      refusal,
    );
    const { id } = await publish(p);
    expect(await p.custodyProofs.statusOf(id)).to.equal(STATUS.proven);
    expect(await p.voucher.balanceOf(p.exchange.address, 0)).to.equal(TOTAL);

    expectExecuted(await certify(p, p.bank, p.exchange, LEVEL.realName));
    expectExecuted(await transfer(p.voucher, p.exchange, p.alice, 1));
  });

  it("being a user's: nothing can be paid out to it, and nothing leaves the exchange's total for that", async () => {
    const p = await exchangeTown();
    await suspend(p, p.alice.address);
    const refused = await transfer(p.voucher, p.exchange, p.alice, 10);
    expectReverted(refused, "VoucherHolderNotEligible", [p.alice.address, NOT_LIVE]);
    const { id, tree } = await publish(p);
    expect(tree.total).to.equal(TOTAL);
    expect(await p.custodyProofs.statusOf(id)).to.equal(STATUS.proven);

    expectExecuted(await p.bank.call(p.certifications, "resume", [p.alice.address, GROUND]));
    expectExecuted(await transfer(p.voucher, p.exchange, p.alice, 10));
  });

  it("being a user's: it is not silenced, since anybody brings what the exchange signed for it", async () => {
    const p = await exchangeTown();
    const tree = shortChanged();
    const published = await publish(p, tree);
    const { signature } = await signedStatement(p, published, "ann", OWED.ann);
    await suspend(p, p.alice.address);
    const args = [published.id, OWED.ann, signature, proofOf(leafIn(tree, "ann"))];
    expectExecuted(await p.bob.call(p.custodyProofs, "disputeAmount", args));
    expect(await p.custodyProofs.statusOf(published.id)).to.equal(STATUS.disputed);
  });
});
