import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { networkHelpers } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makePartner, type Participant, type Town, town } from "../support/participants.ts";

const GROUND = digestOf("ground");
const HOUR = 3_600;
const NAMES = ["three", "four", "five", "six", "seven", "eight", "nine"];

/** Alice with eight certifiers, the bank the first of them, and a ninth partner who waits. */
async function crowded() {
  const p = await town();
  const others: Participant[] = [];
  for (const name of NAMES) others.push(await makePartner(p, name));
  const [third, ...rest] = [p.dairy, ...others] as [Participant, ...Participant[]];
  const ninth = rest.pop() as Participant;
  expectExecuted(await certify(p, third, p.alice, LEVEL.phone, { lifetime: HOUR }));
  for (const partner of rest) expectExecuted(await certify(p, partner, p.alice, LEVEL.phone));
  return { ...p, ninth, brief: third, rest };
}

const levelOf = async ({ certifications }: Town, account: Participant) => {
  const [number, certifier] = await certifications.levelOf(account.address);
  return [Number(number), certifier];
};

describe("Who certifies an account", () => {
  describe("itself", () => {
    it("never does: no partner vouches for its own account", async () => {
      const p = await town();
      const attempt = await certify(p, p.bank, p.bank, LEVEL.certificate);
      expectReverted(attempt, "CertificationOfOneself", [p.bank.address]);
    });

    it("never does, though two partners certify each other: each stands for the other in public", async () => {
      const p = await town();
      expectExecuted(await certify(p, p.bank, p.dairy, LEVEL.realName));
      expectExecuted(await certify(p, p.dairy, p.bank, LEVEL.realName));
      expect(await p.certifications.certifiersOf(p.bank.address)).to.include(p.dairy.address);
      // Neither recognises the other: what they say of one another counts for nobody else.
      const [answer] = await p.certifications.accepts(p.school.address, p.bank.address, LEVEL.registered);
      expect(answer).to.equal(3n);
    });
  });

  describe("with eight others", () => {
    it("waits while each of them is live or suspended", async () => {
      const p = await crowded();
      const refused = [p.alice.address, 8];
      expectReverted(await certify(p, p.ninth, p.alice, LEVEL.phone), "CertificationTooManyCertifiers", refused);
      expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
      expectReverted(await certify(p, p.ninth, p.alice, LEVEL.phone), "CertificationTooManyCertifiers", refused);
      expectExecuted(await p.bank.call(p.certifications, "resume", [p.alice.address, GROUND]));
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.realName, p.bank.address]);
    });

    it("takes the place of one that revoked", async () => {
      const p = await crowded();
      expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
      expectExecuted(await certify(p, p.ninth, p.alice, LEVEL.certificate));
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.certificate, p.ninth.address]);
    });

    it("takes the place of one that expired, in the very second", async () => {
      const p = await crowded();
      const { expiresAt } = await p.certifications.certification(p.alice.address, p.brief.address);
      await networkHelpers.time.setNextBlockTimestamp(expiresAt - 1n);
      const early = await certify(p, p.ninth, p.alice, LEVEL.phone);
      expectReverted(early, "CertificationTooManyCertifiers", [p.alice.address, 8]);
      await networkHelpers.time.setNextBlockTimestamp(expiresAt);
      expectExecuted(await certify(p, p.ninth, p.alice, LEVEL.phone));
    });

    it("takes the place of a terminated partner, not of a suspended one", async () => {
      const p = await crowded();
      await p.partners.connect(p.operator).suspend(p.bank.address, GROUND);
      const early = await certify(p, p.ninth, p.alice, LEVEL.phone);
      expectReverted(early, "CertificationTooManyCertifiers", [p.alice.address, 8]);
      await p.partners.connect(p.operator).terminate(p.bank.address, GROUND);
      expectExecuted(await certify(p, p.ninth, p.alice, LEVEL.phone));
    });

    it("leaves who was there in the list of all, which names everybody once", async () => {
      const p = await crowded();
      const { alice, bank, ninth, certifications } = p;
      const everybody = [bank, p.brief, ...p.rest, ninth].map(({ address }) => address);
      const others = [...p.rest, ninth];
      for (const leaving of p.rest.slice(0, 3)) {
        expectExecuted(await leaving.call(certifications, "revoke", [alice.address, GROUND]));
        const waiting = others.find(({ address }) => address === ninth.address) as Participant;
        expectExecuted(await certify(p, waiting, alice, LEVEL.phone));
        // And back again, when the one who took the place leaves.
        expectExecuted(await waiting.call(certifications, "revoke", [alice.address, GROUND]));
        expectExecuted(await certify(p, leaving, alice, LEVEL.phone));
      }
      const listed = await certifications.certifiersOf(alice.address);
      expect([...listed].sort()).to.deep.equal([...everybody].sort());
    });

    it("can not be kept out by what nobody can resume: an expired certification that was suspended before", async () => {
      const p = await crowded();
      expectExecuted(await p.brief.call(p.certifications, "suspend", [p.alice.address, GROUND]));
      await networkHelpers.time.increase(HOUR);
      expectExecuted(await certify(p, p.ninth, p.alice, LEVEL.phone));
      // Resuming it then brings nothing to life, and pushes nobody out.
      expectExecuted(await p.brief.call(p.certifications, "resume", [p.alice.address, GROUND]));
      expect(await p.certifications.isLiveCertifier(p.alice.address, p.brief.address)).to.equal(false);
      expect(await p.certifications.isLiveCertifier(p.alice.address, p.ninth.address)).to.equal(true);
    });
  });

  describe("weakly", () => {
    it("never takes away what another live certification permits", async () => {
      const p = await town();
      const { certifications, alice, dairy, bank } = p;
      // A level above all others that permits nothing.
      await decide(p, [certifications, "setLevel", [9, 90, 0]]);
      expectExecuted(await certify(p, dairy, alice, 9));
      expect(await levelOf(p, alice)).to.deep.equal([9, dairy.address]);
      expect(await certifications.permits(alice.address, 31 - 4)).to.equal(true);
      expect(await certifications.requireEvidence(alice.address)).to.equal(ZeroAddress);
      const [, answer] = await certifications.checkTransfer(bank.address, alice.address, alice.address, LEVEL.realName);
      expect(answer).to.equal(0n);
    });

    it("adds what it permits to what the others do", async () => {
      const p = await town();
      const { certifications, alice, dairy } = p;
      const evidenceUnderPartner = 4;
      expectExecuted(await certify(p, dairy, alice, LEVEL.anonymous, { responsible: true }));
      expect(await certifications.permits(alice.address, 31)).to.equal(true);
      expect(await certifications.permits(alice.address, evidenceUnderPartner)).to.equal(true);
      expectExecuted(await dairy.call(certifications, "suspend", [alice.address, GROUND]));
      expect(await certifications.permits(alice.address, evidenceUnderPartner)).to.equal(false);
    });

    it("leaves evidence under the responsible partner, behind a stronger one that permits none", async () => {
      const p = await town();
      const { certifications, carol, bank, dairy } = p;
      expectExecuted(await certify(p, dairy, carol, LEVEL.registered));
      expectReverted(await carol.call(p.records, "openObject", [GROUND, []]), "CertificationNotPermitted", [
        carol.address,
        LEVEL.registered,
        2,
      ]);
      await decide(p, [certifications, "setLevel", [LEVEL.registered, 35, 0]]);
      expectExecuted(await certify(p, bank, carol, LEVEL.anonymous, { responsible: true }));
      expect(await levelOf(p, carol)).to.deep.equal([LEVEL.registered, dairy.address]);
      expect(await certifications.requireEvidence(carol.address)).to.equal(bank.address);
    });
  });

  describe("equally", () => {
    it("comes first by responsibility, then by address, whoever certified first", async () => {
      const p = await town();
      const [lower, higher] = BigInt(p.bank.address) < BigInt(p.dairy.address) ? [p.bank, p.dairy] : [p.dairy, p.bank];
      for (const partner of [higher, lower, higher]) {
        expectExecuted(await certify(p, partner, p.alice, LEVEL.certificate));
      }
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.certificate, lower.address]);
      expectExecuted(await certify(p, higher, p.alice, LEVEL.certificate, { responsible: true }));
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.certificate, higher.address]);
    });
  });
});
