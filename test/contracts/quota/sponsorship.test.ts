import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, mineTo, networkHelpers, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectRefused, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makeUser, type Town, town } from "../support/participants.ts";
import { ownPoints, priceOf, setClass, USER_CLASS } from "../support/quota.ts";
import { recordOf } from "../support/records.ts";

const GROUND = digestOf("ground");
const LIMIT = 1_000_000_000n;
const recording = ({ records }: Town, name: string) => [callOf(records, "record", [recordOf(name)])];

/** The town; the bank pays for Dora, who has 1,800 points of her own and gets none. */
async function withSponsor() {
  const p = await town();
  await setClass(p, USER_CLASS, { ceiling: 3_000, grant: 0, initial: 1_800, periodBlocks: 10 });
  const dora = await makeUser(p, p.bank, "dora");
  const events = expectExecuted(await p.bank.call(p.quota, "sponsor", [dora.address, LIMIT]));
  return { ...p, dora, events };
}

describe("Sponsorship (QU-3)", () => {
  it("is taken on by a partner that certified the account, and stands in an event", async () => {
    const { quota, bank, dora, events } = await withSponsor();
    expectEvent(events, "SponsorChanged", [dora.address, bank.address, LIMIT]);
    expect(await quota.sponsorOf(dora.address)).to.equal(bank.address);
    expect((await quota.allowanceOf(dora.address)).sponsored).to.equal(true);
  });

  it("makes the partner's points pay first", async () => {
    const { dora, bank, ...p } = await withSponsor();
    const price = await priceOf({ ...p, bank }, dora, recording({ ...p, bank }, "one"));
    const { own, sponsored } = await p.quota.pointsOf(dora.address);
    expect(own).to.equal(1_800n);
    const events = expectExecuted(await dora.operate(recording({ ...p, bank }, "one")));
    expectEvent(events, "Charged", [dora.address, bank.address, price]);
    expect(await p.quota.pointsOf(dora.address)).to.deep.equal([1_800n, sponsored - price]);
  });

  it("falls back on the account's own points, and then refuses", async () => {
    const p = await withSponsor();
    // The bank's class shrinks below the price of an operation.
    await decide(p, [p.quota, "setClass", [16, { ceiling: 10, grant: 0, initial: 0, periodBlocks: 10 }]]);
    const price = await priceOf(p, p.dora, recording(p, "one"));
    const events = expectExecuted(await p.dora.operate(recording(p, "one")));
    expectEvent(events, "Charged", [p.dora.address, p.dora.address, price]);
    expectExecuted(await p.dora.operate(recording(p, "two")));
    const attempt = await p.dora.operate(recording(p, "three"));
    expect(attempt.refused?.failure?.name).to.equal("QuotaExhausted");
    expect(await p.quota.pointsOf(p.dora.address)).to.deep.equal([1_800n - 2n * price, 10n]);
  });

  it("counts for the time when points are there: whichever of the two has them first", async () => {
    const p = await withSponsor();
    await decide(p, [p.quota, "setClass", [16, { ceiling: 5_000, grant: 100, initial: 0, periodBlocks: 50 }]]);
    const own = await ownPoints(p, p.dora);
    const { sponsored } = await p.quota.pointsOf(p.dora.address);
    expect(sponsored).to.equal(5_000n);
    expect((await p.quota.shortfall(p.dora.address, own + 1n)).missing).to.equal(0n);
    const [missing, block] = await p.quota.shortfall(p.dora.address, 5_001);
    expect([missing, block]).to.deep.equal([5_001n - own, 2n ** 256n - 1n]);
  });

  it("is ended by the partner, or by the account that does not want it", async () => {
    for (const who of ["bank", "dora"] as const) {
      const p = await withSponsor();
      const events = expectExecuted(await p[who].call(p.quota, "endSponsorship", [p.dora.address]));
      expectEvent(events, "SponsorChanged", [p.dora.address, ZeroAddress, 0n]);
      expect(await p.quota.sponsorOf(p.dora.address)).to.equal(ZeroAddress);
      const charged = expectExecuted(await p.dora.operate(recording(p, "one")));
      expect(charged.find(({ name }) => name === "Charged")?.args[1]).to.equal(p.dora.address);
    }
  });

  it("is not ended by others, nor where there is none", async () => {
    const p = await withSponsor();
    const byOther = await p.dairy.call(p.quota, "endSponsorship", [p.dora.address]);
    expectReverted(byOther, "QuotaNotSponsor", [p.dairy.address, p.dora.address]);
    const byNobody = await p.alice.call(p.quota, "endSponsorship", [p.alice.address]);
    expectReverted(byNobody, "QuotaNotSponsor", [p.alice.address, p.alice.address]);
  });

  it("has one partner at a time", async () => {
    const p = await withSponsor();
    expectExecuted(await certify(p, p.dairy, p.dora, LEVEL.realName));
    const attempt = await p.dairy.call(p.quota, "sponsor", [p.dora.address, LIMIT]);
    expectReverted(attempt, "QuotaSponsorTaken", [p.dora.address, p.bank.address]);
    expectExecuted(await p.dora.call(p.quota, "endSponsorship", [p.dora.address]));
    expectExecuted(await p.dairy.call(p.quota, "sponsor", [p.dora.address, LIMIT]));
  });

  it("is for admitted partners with an active certification of the account", async () => {
    const p = await withSponsor();
    const stranger = await p.dairy.call(p.quota, "sponsor", [p.alice.address, LIMIT]);
    expectReverted(stranger, "QuotaNotSponsor", [p.dairy.address, p.alice.address]);
    const user = await p.bob.call(p.quota, "sponsor", [p.alice.address, LIMIT]);
    expectReverted(user, "PartnerNotAdmitted", [p.bob.address]);
    expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
    const suspended = await p.bank.call(p.quota, "sponsor", [p.alice.address, LIMIT]);
    expectReverted(suspended, "QuotaNotSponsor", [p.bank.address, p.alice.address]);
    await p.partners.connect(p.operator).suspend(p.bank.address, GROUND);
    const notAdmitted = await p.bank.call(p.quota, "sponsor", [p.bob.address, LIMIT]);
    expectReverted(notAdmitted, "PartnerNotAdmitted", [p.bank.address]);
  });

  it("does not make up for a missing certification", async () => {
    const p = await withSponsor();
    expectExecuted(await p.bank.call(p.certifications, "revoke", [p.dora.address, GROUND]));
    expectRefused(await p.dora.operate(recording(p, "one")), "QuotaUncertified", [p.dora.address]);
  });

  it("of a partner whose own certification lapsed is worth nothing unless it has a class of its own", async () => {
    const p = await withSponsor();
    await p.quota.connect(p.operator).assignClass(p.bank.address, 0);
    await p.certifications.connect(p.operator).revoke(p.bank.address, GROUND);
    await networkHelpers.mine(50);
    expect((await p.quota.pointsOf(p.dora.address)).sponsored).to.equal(0n);
    const events = expectExecuted(await p.dora.operate(recording(p, "one")));
    expect(events.find(({ name }) => name === "Charged")?.args[1]).to.equal(p.dora.address);
  });

  it("pays up to its limit in a usage period, and again in the next", async () => {
    const p = await withSponsor();
    const price = await priceOf(p, p.dora, recording(p, "one"));
    expectExecuted(await p.bank.call(p.quota, "sponsor", [p.dora.address, price + 1n]));
    expect(await p.quota.sponsorLimitOf(p.dora.address)).to.equal(price + 1n);
    const payer = async (name: string) => {
      const events = expectExecuted(await p.dora.operate(recording(p, name)));
      return events.find((event) => event.name === "Charged")?.args[1];
    };
    expect(await payer("one")).to.equal(p.bank.address);
    expect((await p.quota.pointsOf(p.dora.address)).sponsored).to.equal(1n);
    expect(await payer("two")).to.equal(p.dora.address);
    await mineTo((Math.floor((await blockNumber()) / 28_800) + 1) * 28_800);
    expect(await payer("three")).to.equal(p.bank.address);
  });

  it("names the next usage period when only its limit is used up", async () => {
    const p = await withSponsor();
    const price = await priceOf(p, p.dora, recording(p, "one"));
    expectExecuted(await p.bank.call(p.quota, "sponsor", [p.dora.address, 3n * price]));
    for (const name of ["one", "two", "three"]) expectExecuted(await p.dora.operate(recording(p, name)));
    for (const name of ["four", "own"]) expectExecuted(await p.dora.operate(recording(p, name)));
    const own = await ownPoints(p, p.dora);
    expect(own < price).to.equal(true);
    const [missing, block] = await p.quota.shortfall(p.dora.address, price);
    const next = BigInt((Math.floor((await blockNumber()) / 28_800) + 1) * 28_800);
    expect([missing, block]).to.deep.equal([price, next]);
    await mineTo(Number(next) - 2);
    expectRefused(await p.dora.operate(recording(p, "five")), "QuotaExhausted", [p.dora.address, price, next]);
    await mineTo(Number(next) - 1);
    expectExecuted(await p.dora.operate(recording(p, "five")));
  });

  it("can not be taken on without a limit", async () => {
    const p = await withSponsor();
    expectReverted(await p.bank.call(p.quota, "sponsor", [p.dora.address, 0]), "QuotaLimitMissing", []);
  });

  it("of a barred partner pays nothing until the bar is lifted", async () => {
    const p = await withSponsor();
    const partners = await signerAt(p.partners.target as string);
    const events = await eventsOf(p.quota.connect(partners).setBarred(p.bank.address, true));
    expectEvent(events, "SponsoringBarred", [p.bank.address, true]);
    expect((await p.quota.allowanceOf(p.bank.address)).barred).to.equal(true);
    expect(await p.quota.pointsOf(p.dora.address)).to.deep.equal([1_800n, 0n]);
    expect((await p.quota.shortfall(p.dora.address, 1_801)).availableBlock).to.equal(2n ** 256n - 1n);
    const charged = expectExecuted(await p.dora.operate(recording(p, "one")));
    expect(charged.find(({ name }) => name === "Charged")?.args[1]).to.equal(p.dora.address);
    await p.quota.connect(partners).setBarred(p.bank.address, false);
    const again = expectExecuted(await p.dora.operate(recording(p, "two")));
    expect(again.find(({ name }) => name === "Charged")?.args[1]).to.equal(p.bank.address);
    await expectRevert(p.quota.connect(p.operator).setBarred(p.bank.address, true), "QuotaNotPartners", [
      p.operator.address,
    ]);
  });

  it("moves no points: both keep what they have when it begins and ends", async () => {
    const p = await withSponsor();
    const bank = async () => (await p.quota.allowanceOf(p.bank.address)).points;
    const before = [await ownPoints(p, p.dora), await bank()];
    await p.quota.connect(p.operator).assignClass(p.bank.address, 16);
    expectExecuted(await p.dora.call(p.quota, "endSponsorship", [p.dora.address]));
    const [own = 0n] = before;
    // The end itself was paid by the sponsor, which it still had.
    expect(await ownPoints(p, p.dora)).to.equal(own);
  });
});
