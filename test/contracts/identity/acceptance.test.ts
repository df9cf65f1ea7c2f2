import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { networkHelpers } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted } from "../support/operations.ts";
import { certify, LEVEL, makeUser, Participant, type Town, town } from "../support/participants.ts";

const ANSWER = { accepted: 0, notCertified: 1, notLive: 2, notRecognised: 3, levelTooLow: 4 } as const;
const GROUND = digestOf("ground");

const accepts = async ({ certifications }: Town, partner: Participant, account: Participant, level: number) => {
  const [answer, certifier] = await certifications.accepts(partner.address, account.address, level);
  return [Number(answer), certifier];
};

/** The town, in which the bank recognises the dairy's real-name certifications. */
async function withRecognition() {
  const p = await town();
  expectExecuted(await p.bank.call(p.partners, "recognise", [p.dairy.address, LEVEL.realName]));
  return p;
}

describe("Whether a partner accepts an account (ID-6)", () => {
  it("yes: it certified the account itself", async () => {
    const p = await town();
    expect(await accepts(p, p.bank, p.alice, LEVEL.realName)).to.deep.equal([ANSWER.accepted, p.bank.address]);
    expect(await accepts(p, p.bank, p.alice, LEVEL.registered)).to.deep.equal([ANSWER.accepted, p.bank.address]);
  });

  it("no: its own certification is too low", async () => {
    const p = await town();
    const answer = [ANSWER.levelTooLow, p.bank.address];
    expect(await accepts(p, p.bank, p.alice, LEVEL.certificate)).to.deep.equal(answer);
  });

  it("no: nobody certified the account", async () => {
    const p = await town();
    const nobody = new Participant(walletOf("nobody").address, walletOf("nobody"));
    expect(await accepts(p, p.bank, nobody, LEVEL.registered)).to.deep.equal([ANSWER.notCertified, ZeroAddress]);
  });

  it("no: the certification is suspended, revoked or expired", async () => {
    const p = await town();
    const brief = await makeUser(p, p.bank, "brief", LEVEL.realName, { lifetime: 3_600 });
    expect(await accepts(p, p.bank, brief, LEVEL.realName)).to.deep.equal([ANSWER.accepted, p.bank.address]);
    const { expiresAt } = await p.certifications.certification(brief.address, p.bank.address);
    expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
    expectExecuted(await p.bank.call(p.certifications, "revoke", [p.bob.address, GROUND]));
    await networkHelpers.time.increaseTo(expiresAt);
    for (const account of [p.alice, p.bob, brief]) {
      expect(await accepts(p, p.bank, account, LEVEL.registered)).to.deep.equal([ANSWER.notLive, p.bank.address]);
    }
  });

  it("no: it does not recognise who certified the account", async () => {
    const p = await town();
    const answer = [ANSWER.notRecognised, p.dairy.address];
    expect(await accepts(p, p.bank, p.carol, LEVEL.phone)).to.deep.equal(answer);
    // Recognition has one direction.
    expectExecuted(await p.dairy.call(p.partners, "recognise", [p.bank.address, LEVEL.registered]));
    expect(await accepts(p, p.bank, p.carol, LEVEL.phone)).to.deep.equal(answer);
  });

  it("yes: it recognises who certified it, from that level up", async () => {
    const p = await withRecognition();
    expectExecuted(await certify(p, p.dairy, p.carol, LEVEL.realName));
    expect(await accepts(p, p.bank, p.carol, LEVEL.phone)).to.deep.equal([ANSWER.accepted, p.dairy.address]);
    expectExecuted(await certify(p, p.dairy, p.carol, LEVEL.certificate));
    expect(await accepts(p, p.bank, p.carol, LEVEL.realName)).to.deep.equal([ANSWER.accepted, p.dairy.address]);
  });

  it("no: it recognises who certified it, but only from a higher level up", async () => {
    const p = await withRecognition();
    const answer = [ANSWER.levelTooLow, p.dairy.address];
    expect(await accepts(p, p.bank, p.carol, LEVEL.registered)).to.deep.equal(answer);
  });

  it("no: the recognised level is high enough for recognition, not for the question", async () => {
    const p = await withRecognition();
    expectExecuted(await certify(p, p.dairy, p.carol, LEVEL.realName));
    const answer = [ANSWER.levelTooLow, p.dairy.address];
    expect(await accepts(p, p.bank, p.carol, LEVEL.certificate)).to.deep.equal(answer);
  });

  it("yes: one certification among several is enough, whichever", async () => {
    const p = await withRecognition();
    expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.registered));
    expect(await accepts(p, p.bank, p.alice, LEVEL.realName)).to.deep.equal([ANSWER.accepted, p.bank.address]);
    expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
    expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.realName));
    expect(await accepts(p, p.bank, p.alice, LEVEL.realName)).to.deep.equal([ANSWER.accepted, p.dairy.address]);
  });

  it("names the closest miss among several", async () => {
    const p = await town();
    expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
    expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.certificate));
    const answer = [ANSWER.notRecognised, p.dairy.address];
    expect(await accepts(p, p.bank, p.alice, LEVEL.realName)).to.deep.equal(answer);
  });

  it("ends with the recognition", async () => {
    const p = await withRecognition();
    expectExecuted(await certify(p, p.dairy, p.carol, LEVEL.realName));
    expectExecuted(await p.bank.call(p.partners, "recognise", [p.dairy.address, 0]));
    const answer = [ANSWER.notRecognised, p.dairy.address];
    expect(await accepts(p, p.bank, p.carol, LEVEL.realName)).to.deep.equal(answer);
  });

  it("no: recognition from a level that is no row of the table recognises nothing", async () => {
    const p = await town();
    expectExecuted(await p.bank.call(p.partners, "recognise", [p.dairy.address, 200]));
    const answer = [ANSWER.levelTooLow, p.dairy.address];
    expect(await accepts(p, p.bank, p.carol, LEVEL.registered)).to.deep.equal(answer);
  });

  it("no: recognition from a level that Council took out of use recognises nothing", async () => {
    const p = await withRecognition();
    await decide(p, [p.certifications, "setLevel", [LEVEL.realName, 0, 0]]);
    const answer = [ANSWER.levelTooLow, p.dairy.address];
    expect(await accepts(p, p.bank, p.carol, LEVEL.registered)).to.deep.equal(answer);
  });

  it("is no question at a level that does not exist", async () => {
    const p = await town();
    for (const unknown of [0, 7]) {
      const question = p.certifications.accepts(p.bank.address, p.alice.address, unknown);
      await expectRevert(question, "CertificationLevelUnknown", [unknown]);
    }
  });
});
