import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { networkHelpers } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted } from "../support/operations.ts";
import { certify, LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";

const ANSWER = { accepted: 0, notCertified: 1, notLive: 2, notRecognised: 3, levelTooLow: 4 } as const;
const GROUND = digestOf("ground");
const NOBODY = { address: ZeroAddress } as Participant;

/** What a voucher of the bank's hears about a transfer. */
const check = async (p: Town, from: Participant, to: Participant, level: number = LEVEL.realName) => {
  const [refused, answer] = await p.certifications.checkTransfer(p.bank.address, from.address, to.address, level);
  return [refused, Number(answer)];
};

describe("Whether a voucher may move between two accounts (VO-4, ID-5)", () => {
  it("yes: its issuer accepts both, and allocation and redemption have one side only", async () => {
    const p = await town();
    for (const [from, to] of [
      [p.alice, p.bob],
      [NOBODY, p.bob],
      [p.alice, NOBODY],
      [p.alice, p.alice],
    ] as const) {
      expect(await check(p, from, to)).to.deep.equal([ZeroAddress, ANSWER.accepted]);
    }
  });

  it("no: names the first who is not accepted, and why", async () => {
    const p = await town();
    expect(await check(p, p.alice, p.carol)).to.deep.equal([p.carol.address, ANSWER.notRecognised]);
    expect(await check(p, p.carol, p.alice)).to.deep.equal([p.carol.address, ANSWER.notRecognised]);
    expectExecuted(await p.bank.call(p.certifications, "suspend", [p.bob.address, GROUND]));
    expect(await check(p, p.bob, p.carol)).to.deep.equal([p.bob.address, ANSWER.notLive]);
    expect(await check(p, p.alice, p.bob, LEVEL.certificate)).to.deep.equal([p.alice.address, ANSWER.levelTooLow]);
  });

  it("yes: one certification that the issuer recognises is enough, behind a stronger one that it does not", async () => {
    const p = await town();
    expectExecuted(await certify(p, p.dairy, p.bob, LEVEL.certificate));
    expect(await check(p, p.alice, p.bob)).to.deep.equal([ZeroAddress, ANSWER.accepted]);
    expect(await check(p, p.alice, p.bob, LEVEL.certificate)).to.deep.equal([p.alice.address, ANSWER.levelTooLow]);
    expectExecuted(await p.bank.call(p.partners, "recognise", [p.dairy.address, LEVEL.certificate]));
    expect(await check(p, NOBODY, p.bob, LEVEL.certificate)).to.deep.equal([ZeroAddress, ANSWER.accepted]);
  });

  it("no: the level that is accepted does not permit vouchers, however low the voucher's own demand", async () => {
    const p = await town();
    const phone = await makeUser(p, p.bank, "phone only", LEVEL.phone);
    expect(await check(p, p.alice, phone, LEVEL.phone)).to.deep.equal([phone.address, ANSWER.levelTooLow]);
    await decide(p, [p.certifications, "setLevel", [LEVEL.phone, 40, 16]]);
    expect(await check(p, p.alice, phone, LEVEL.phone)).to.deep.equal([ZeroAddress, ANSWER.accepted]);
  });

  it("no longer in the second in which a certification expires", async () => {
    const p = await town();
    const brief = await makeUser(p, p.bank, "brief", LEVEL.realName, { lifetime: 3_600 });
    const { expiresAt } = await p.certifications.certification(brief.address, p.bank.address);
    await networkHelpers.time.increaseTo(expiresAt - 1n);
    expect(await check(p, p.alice, brief)).to.deep.equal([ZeroAddress, ANSWER.accepted]);
    await networkHelpers.time.increaseTo(expiresAt);
    expect(await check(p, p.alice, brief)).to.deep.equal([brief.address, ANSWER.notLive]);
  });

  it("is no question at a level that does not exist", async () => {
    const p = await town();
    await expectRevert(check(p, p.alice, p.bob, 7), "CertificationLevelUnknown", [7]);
  });
});

describe("Whether a partner certifies an account and is in good standing", () => {
  const isLive = ({ certifications }: Town, account: Participant, certifier: { address: string }) =>
    certifications.isLiveCertifier(account.address, certifier.address);

  it("yes, while both its certification and itself are", async () => {
    const p = await town();
    expect(await isLive(p, p.alice, p.bank)).to.equal(true);
    expect(await isLive(p, p.alice, p.dairy)).to.equal(false);
    expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
    expect(await isLive(p, p.alice, p.bank)).to.equal(false);
    await p.partners.connect(p.operator).suspend(p.bank.address, GROUND);
    expect(await isLive(p, p.bob, p.bank)).to.equal(false);
    await p.partners.connect(p.operator).reinstate(p.bank.address, GROUND);
    expect(await isLive(p, p.bob, p.bank)).to.equal(true);
    await p.partners.connect(p.operator).terminate(p.bank.address, GROUND);
    expect(await isLive(p, p.bob, p.bank)).to.equal(false);
  });

  it("yes of an admission party, which certifies institutions", async () => {
    const p = await town();
    expect(await isLive(p, p.bank, p.operator)).to.equal(true);
    expect(await isLive(p, p.bank, p.admissionParty)).to.equal(false);
  });

  it("no longer in the second of the expiry", async () => {
    const p = await town();
    const { expiresAt } = await p.certifications.certification(p.alice.address, p.bank.address);
    await networkHelpers.time.increaseTo(expiresAt - 1n);
    expect(await isLive(p, p.alice, p.bank)).to.equal(true);
    await networkHelpers.time.increaseTo(expiresAt);
    expect(await isLive(p, p.alice, p.bank)).to.equal(false);
  });
});
