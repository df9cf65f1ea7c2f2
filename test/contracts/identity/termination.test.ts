import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, type Participant, type Town, town } from "../support/participants.ts";
import { recordOf } from "../support/records.ts";

const ANSWER = { accepted: 0n, notLive: 2n } as const;
const GROUND = digestOf("ground");
const EVIDENCE = 2;

const suspend = ({ partners, operator }: Town, partner: Participant) =>
  partners.connect(operator).suspend(partner.address, GROUND);
const terminate = ({ partners, operator }: Town, partner: Participant) =>
  partners.connect(operator).terminate(partner.address, GROUND);

describe("Users of a partner in trouble", () => {
  describe("that is suspended", () => {
    it("go on as before: a dispute freezes nobody", async () => {
      const p = await town();
      await suspend(p, p.bank);
      expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([BigInt(LEVEL.realName), p.bank.address]);
      const [answer] = await p.certifications.accepts(p.bank.address, p.alice.address, LEVEL.realName);
      expect(answer).to.equal(ANSWER.accepted);
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("during the dispute")]));
    });

    it("get nothing new from it, and can lose what they have", async () => {
      const p = await town();
      await suspend(p, p.bank);
      const renewed = await certify(p, p.bank, p.alice, LEVEL.certificate);
      expectReverted(renewed, "CertificationNotAuthorised", [p.bank.address, LEVEL.certificate]);
      expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
      expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([0n, ZeroAddress]);
    });
  });

  describe("that is terminated", () => {
    it("lose what it certified at once, in every answer", async () => {
      const p = await town();
      const { certifications, alice, bob, bank } = p;
      await terminate(p, bank);
      expect(await certifications.levelOf(alice.address)).to.deep.equal([0n, ZeroAddress]);
      expect(await certifications.permits(alice.address, EVIDENCE)).to.equal(false);
      expect(await certifications.isLiveCertifier(alice.address, bank.address)).to.equal(false);
      const refusal = [alice.address, 0, EVIDENCE];
      await expectRevert(certifications.requireEvidence(alice.address), "CertificationNotPermitted", refusal);
      const accepted = await certifications.accepts(bank.address, alice.address, LEVEL.realName);
      expect(accepted).to.deep.equal([ANSWER.notLive, bank.address]);
      const checked = await certifications.checkTransfer(bank.address, alice.address, bob.address, LEVEL.realName);
      expect(checked).to.deep.equal([alice.address, ANSWER.notLive]);
      // The history stays.
      expect((await certifications.certification(alice.address, bank.address)).status).to.equal(1n);
    });

    it("keep what others certified", async () => {
      const p = await town();
      expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.phone));
      await terminate(p, p.bank);
      expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([BigInt(LEVEL.phone), p.dairy.address]);
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("under the dairy")]));
    });

    it("have a level again as soon as another partner certifies them", async () => {
      const p = await town();
      await terminate(p, p.bank);
      expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.realName));
      expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([BigInt(LEVEL.realName), p.dairy.address]);
    });

    it("are not brought back by it: it neither certifies nor resumes, and can still take back", async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.certifications, "suspend", [p.bob.address, GROUND]));
      expectExecuted(await certify(p, p.dairy, p.bank, LEVEL.realName));
      await terminate(p, p.bank);
      const refusal = [p.bank.address, LEVEL.realName];
      expectReverted(await certify(p, p.bank, p.alice, LEVEL.realName), "CertificationNotAuthorised", refusal);
      const resumed = await p.bank.call(p.certifications, "resume", [p.bob.address, GROUND]);
      expectReverted(resumed, "CertificationNotAuthorised", refusal);
      expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
    });

    it("keep the accounts of Quota as they were until anybody asks to refresh them", async () => {
      const p = await town();
      const { quota, certifications, alice, carol } = p;
      await terminate(p, p.bank);
      expect(await quota.classOf(alice.address)).to.equal(BigInt(LEVEL.realName));
      expectExecuted(await carol.call(certifications, "refresh", [alice.address]));
      expect(await quota.classOf(alice.address)).to.equal(0n);
    });
  });
});

describe("Refreshing an account", () => {
  it("tells Quota what a change of the level table made of it", async () => {
    const p = await town();
    const { quota, certifications, carol, bank } = p;
    expectExecuted(await certify(p, bank, carol, LEVEL.realName));
    await decide(p, [certifications, "setLevel", [LEVEL.phone, 70, EVIDENCE]]);
    expect(await certifications.levelOf(carol.address)).to.deep.equal([BigInt(LEVEL.phone), p.dairy.address]);
    expect(await quota.classOf(carol.address)).to.equal(BigInt(LEVEL.realName));
    await certifications.connect(p.stranger).refresh(carol.address);
    expect(await quota.classOf(carol.address)).to.equal(BigInt(LEVEL.phone));
  });

  it("gives nothing: no points, however often", async () => {
    const p = await town();
    const [before] = await p.quota.pointsOf(p.alice.address);
    for (let round = 0; round < 3; ++round) {
      await p.certifications.connect(p.stranger).refresh(p.alice.address);
      const [now] = await p.quota.pointsOf(p.alice.address);
      expect(now).to.equal(before);
    }
  });

  it("opens no account that nobody certified", async () => {
    const p = await town();
    await p.certifications.connect(p.stranger).refresh(p.stranger.address);
    expect(await p.quota.classOf(p.stranger.address)).to.equal(0n);
    expect((await p.quota.allowanceOf(p.stranger.address)).updatedBlock).to.equal(0n);
  });

  it("is not how a termination is told: that is for Partners alone", async () => {
    const { certifications, operator, bank } = await town();
    const attempt = certifications.connect(operator).noteTermination(bank.address);
    await expectRevert(attempt, "CertificationNotPartners", [operator.address]);
  });
});
