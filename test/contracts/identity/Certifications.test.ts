import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { networkHelpers, now, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent, readEvents } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makePartner, makeUser, type Participant, type Town, town } from "../support/participants.ts";

const STATUS = { none: 0n, active: 1n, suspended: 2n, revoked: 3n } as const;
const MAY = { sign: 1, evidence: 2, evidenceUnderPartner: 4, confirm: 8, vouchers: 16 } as const;
const GROUND = digestOf("ground");
const DIGEST = digestOf("identity");
const HOUR = 3600;

const levelOf = async ({ certifications }: Town, account: Participant) => {
  const [number, certifier] = await certifications.levelOf(account.address);
  return [Number(number), certifier];
};

describe("Certifications", () => {
  describe("certifying", () => {
    it("keeps level, digest, times and status for account and certifier", async () => {
      const { certifications, bank, carol } = await town();
      const expiry = (await now()) + 5_000;
      const inputs = [carol.address, LEVEL.realName, true, expiry, DIGEST];
      const events = expectExecuted(await bank.call(certifications, "certify", inputs));
      const { none } = STATUS;
      const [account, level, responsible, , digest] = inputs;
      expectEvent(events, "Certified", [account, bank.address, level, responsible, expiry, digest, none]);
      expect(await certifications.certification(carol.address, bank.address)).to.deep.equal([
        BigInt(LEVEL.realName),
        STATUS.active,
        true,
        BigInt(await now()),
        BigInt(expiry),
        DIGEST,
      ]);
    });

    it("renews, raises and lowers the caller's own, and says what stood before", async () => {
      const p = await town();
      for (const level of [LEVEL.certificate, LEVEL.phone, LEVEL.phone]) {
        const events = expectExecuted(await certify(p, p.bank, p.alice, level));
        const certified = events.find(({ name }) => name === "Certified");
        expect(certified?.args.slice(0, 3)).to.deep.equal([p.alice.address, p.bank.address, BigInt(level)]);
        expect(certified?.args[6]).to.equal(STATUS.active);
        expect(await levelOf(p, p.alice)).to.deep.equal([level, p.bank.address]);
      }
      expect(await p.certifications.certifiersOf(p.alice.address)).to.deep.equal([p.bank.address]);
    });

    it("is for partners with the identity permission", async () => {
      const { certifications, alice, bob, school, seats, regulator } = await town();
      const expiry = (await now()) + HOUR;
      const inputs = [bob.address, LEVEL.realName, false, expiry, DIGEST] as const;
      for (const participant of [alice, school]) {
        const attempt = await participant.call(certifications, "certify", inputs);
        expectReverted(attempt, "CertificationNotAuthorised", [participant.address, LEVEL.realName]);
      }
      for (const outsider of [regulator, seats[0]]) {
        const attempt = certifications.connect(outsider).certify(...inputs);
        await expectRevert(attempt, "CertificationNotAuthorised", [outsider?.address, LEVEL.realName]);
      }
    });

    it("is for admission parties as far as it goes for institutions: applicants, and partners at any level", async () => {
      const p = await town();
      const expiry = (await now()) + HOUR;
      const certifications = p.certifications.connect(p.admissionParty);
      const certifyAt = (account: string, level: number) =>
        certifications.certify(account, level, false, expiry, DIGEST);
      await certifyAt(p.bob.address, LEVEL.applicant);
      await certifyAt(p.dairy.address, LEVEL.certificate);
      for (const level of Object.values(LEVEL).filter((one) => one !== LEVEL.applicant)) {
        const expected = [p.admissionParty.address, level];
        await expectRevert(certifyAt(p.bob.address, level), "CertificationNotAuthorised", expected);
      }
      await p.partners.connect(p.operator).terminate(p.dairy.address, GROUND);
      const late = certifyAt(p.dairy.address, LEVEL.certificate);
      await expectRevert(late, "CertificationNotAuthorised", [p.admissionParty.address, LEVEL.certificate]);
    });

    it("is not for a suspended partner", async () => {
      const p = await town();
      await p.partners.connect(p.operator).suspend(p.bank.address, GROUND);
      const attempt = await certify(p, p.bank, p.alice, LEVEL.certificate);
      expectReverted(attempt, "CertificationNotAuthorised", [p.bank.address, LEVEL.certificate]);
    });

    it("reaches the platform's accounts only: no key, no other contract", async () => {
      const { certifications, bank, addresses } = await town();
      const expiry = (await now()) + HOUR;
      for (const target of [walletOf("alice").address, addresses.Records, addresses.Account, ZeroAddress]) {
        const inputs = [target, LEVEL.realName, false, expiry, DIGEST];
        const attempt = await bank.call(certifications, "certify", inputs);
        expectReverted(attempt, "CertificationNotAccount", [target]);
      }
    });

    it("needs a known level, an expiry in the future and a digest", async () => {
      const { certifications, bank, alice } = await town();
      const expiry = (await now()) + HOUR;
      const attempt = (level: number, expiresAt: number, digest: string) =>
        bank.call(certifications, "certify", [alice.address, level, false, expiresAt, digest]);
      for (const unknown of [0, 7, 255]) {
        expectReverted(await attempt(unknown, expiry, DIGEST), "CertificationLevelUnknown", [unknown]);
      }
      expectReverted(await attempt(LEVEL.realName, expiry, ZeroHash), "CertificationDigestMissing", []);
      const past = await attempt(LEVEL.realName, (await now()) + 1, DIGEST);
      expectReverted(past, "CertificationExpiryPast", [await now(), await now()]);
    });

    it("is done by at most eight for one account", async () => {
      const p = await town();
      const names = ["three", "four", "five", "six", "seven", "eight", "nine"];
      const others: Participant[] = [];
      for (const name of names) others.push(await makePartner(p, name));
      for (const partner of [p.dairy, ...others.slice(0, 6)]) {
        expectExecuted(await certify(p, partner, p.alice, LEVEL.phone));
      }
      const ninth = await certify(p, others[6] as Participant, p.alice, LEVEL.phone);
      expectReverted(ninth, "CertificationTooManyCertifiers", [p.alice.address, 8]);
      expect((await p.certifications.certifiersOf(p.alice.address)).length).to.equal(8);
      // Who is in the list can still renew.
      expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.realName));
    });
  });

  describe("the strongest live certification", () => {
    it("is nobody's for an account that nobody certified", async () => {
      const { certifications, bank, accountFactory } = await town();
      const events = expectExecuted(await bank.call(accountFactory, "create", [walletOf("x").address, ZeroHash]));
      const account = events.find(({ name }) => name === "AccountCreated")?.args[0] as string;
      expect(await certifications.levelOf(account)).to.deep.equal([0n, ZeroAddress]);
      expect(await certifications.permits(account, MAY.evidence)).to.equal(false);
    });

    it("decides, whoever certified first", async () => {
      const p = await town();
      expect(await levelOf(p, p.carol)).to.deep.equal([LEVEL.phone, p.dairy.address]);
      expectExecuted(await certify(p, p.bank, p.carol, LEVEL.certificate));
      expect(await levelOf(p, p.carol)).to.deep.equal([LEVEL.certificate, p.bank.address]);
      expectExecuted(await certify(p, p.bank, p.carol, LEVEL.registered));
      expect(await levelOf(p, p.carol)).to.deep.equal([LEVEL.phone, p.dairy.address]);
    });

    it("gives way to the next strongest in the second it expires", async () => {
      const p = await town();
      expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.certificate, { lifetime: HOUR }));
      const { expiresAt } = await p.certifications.certification(p.alice.address, p.dairy.address);
      await networkHelpers.time.increaseTo(expiresAt - 1n);
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.certificate, p.dairy.address]);
      await networkHelpers.time.increaseTo(expiresAt);
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.realName, p.bank.address]);
      await networkHelpers.time.increase(400 * 24 * HOUR);
      expect(await levelOf(p, p.alice)).to.deep.equal([0, ZeroAddress]);
    });

    it("gives way when it is suspended or revoked, and comes back when it is resumed", async () => {
      const p = await town();
      expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.certificate));
      expectExecuted(await p.dairy.call(p.certifications, "suspend", [p.alice.address, GROUND]));
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.realName, p.bank.address]);
      expectExecuted(await p.dairy.call(p.certifications, "resume", [p.alice.address, GROUND]));
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.certificate, p.dairy.address]);
      expectExecuted(await p.dairy.call(p.certifications, "revoke", [p.alice.address, GROUND]));
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.realName, p.bank.address]);
    });
  });

  describe("suspending, resuming and revoking", () => {
    it("are the certifier's own, with a ground that stands in the event", async () => {
      const { certifications, bank, alice } = await town();
      const steps = [
        ["suspend", "CertificationSuspended", STATUS.suspended],
        ["resume", "CertificationResumed", STATUS.active],
        ["revoke", "CertificationRevoked", STATUS.revoked],
      ] as const;
      for (const [step, event, status] of steps) {
        const empty = await bank.call(certifications, step, [alice.address, ZeroHash]);
        expectReverted(empty, "CertificationGroundMissing", []);
        const events = expectExecuted(await bank.call(certifications, step, [alice.address, GROUND]));
        expectEvent(events, event, [alice.address, bank.address, GROUND]);
        expect((await certifications.certification(alice.address, bank.address)).status).to.equal(status);
      }
    });

    it("do not touch another certifier's", async () => {
      const { certifications, dairy, alice } = await town();
      for (const step of ["suspend", "revoke", "resume"]) {
        const attempt = await dairy.call(certifications, step, [alice.address, GROUND]);
        expectReverted(attempt, "CertificationWrongStatus", [alice.address, dairy.address, STATUS.none]);
      }
    });

    it("keep to the order of the states", async () => {
      const { certifications, bank, alice } = await town();
      const run = (step: string) => bank.call(certifications, step, [alice.address, GROUND]);
      const wrong = async (step: string, status: bigint) =>
        expectReverted(await run(step), "CertificationWrongStatus", [alice.address, bank.address, status]);
      await wrong("resume", STATUS.active);
      expectExecuted(await run("suspend"));
      await wrong("suspend", STATUS.suspended);
      expectExecuted(await run("revoke"));
      for (const step of ["suspend", "resume", "revoke"]) await wrong(step, STATUS.revoked);
    });

    it("leave the way open to certify anew", async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
      const events = expectExecuted(await certify(p, p.bank, p.alice, LEVEL.realName));
      expect(events.find(({ name }) => name === "Certified")?.args[6]).to.equal(STATUS.revoked);
      expect(await levelOf(p, p.alice)).to.deep.equal([LEVEL.realName, p.bank.address]);
    });

    it("let a partner that may no longer certify take back, but not bring back", async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
      await p.partners.connect(p.operator).terminate(p.bank.address, GROUND);
      const resumed = await p.bank.call(p.certifications, "resume", [p.alice.address, GROUND]);
      expectReverted(resumed, "CertificationNotAuthorised", [p.bank.address, LEVEL.realName]);
      expect(await levelOf(p, p.alice)).to.deep.equal([0, ZeroAddress]);
      expectExecuted(await p.bank.call(p.certifications, "suspend", [p.bob.address, GROUND]));
      expectExecuted(await p.bank.call(p.certifications, "revoke", [p.bob.address, GROUND]));
    });
  });

  describe("the level table", () => {
    const everything = MAY.sign | MAY.evidence | MAY.confirm | MAY.vouchers;
    const rows: [string, number, number, number][] = [
      ["applicants sign legal documents", LEVEL.applicant, 10, MAY.sign],
      ["registered accounts only query", LEVEL.registered, 20, 0],
      ["anonymous accounts record under a partner", LEVEL.anonymous, 30, MAY.evidenceUnderPartner],
      ["phone-verified accounts record and confirm", LEVEL.phone, 40, MAY.evidence | MAY.confirm],
      ["real-name accounts do everything", LEVEL.realName, 50, everything],
      ["accounts with a digital certificate do everything", LEVEL.certificate, 60, everything],
    ];
    for (const [title, number, rank, permissions] of rows) {
      it(`starts so that ${title}`, async () => {
        const { certifications } = await town();
        expect(await certifications.level(number)).to.deep.equal([BigInt(rank), BigInt(permissions)]);
      });
    }

    it("is what `permits` goes by: every bit asked for", async () => {
      const { certifications, alice, carol } = await town();
      expect(await certifications.permits(alice.address, everything)).to.equal(true);
      expect(await certifications.permits(carol.address, MAY.evidence | MAY.confirm)).to.equal(true);
      expect(await certifications.permits(carol.address, MAY.evidence | MAY.vouchers)).to.equal(false);
    });

    it("is changed by Council, at once and for everybody", async () => {
      const p = await town();
      const { certifications, alice, carol } = p;
      expectExecuted(await certify(p, p.bank, carol, LEVEL.realName));
      const receipt = await decide(
        p,
        [certifications, "setLevel", [LEVEL.phone, 70, MAY.evidence]],
        [certifications, "setLevel", [9, 55, 0]],
      );
      expectEvent(readEvents(receipt.logs), "LevelSet", [LEVEL.phone, 70, MAY.evidence]);
      expect(await levelOf(p, carol)).to.deep.equal([LEVEL.phone, p.dairy.address]);
      expect(await levelOf(p, alice)).to.deep.equal([LEVEL.realName, p.bank.address]);
      expectExecuted(await certify(p, p.bank, carol, 9));
    });

    it("takes a level out of use with rank 0: nobody is certified at it, and who was is at none", async () => {
      const p = await town();
      await decide(p, [p.certifications, "setLevel", [LEVEL.phone, 0, 0]]);
      expect(await levelOf(p, p.carol)).to.deep.equal([0, ZeroAddress]);
      const attempt = await certify(p, p.bank, p.carol, LEVEL.phone);
      expectReverted(attempt, "CertificationLevelUnknown", [LEVEL.phone]);
    });

    it("has no level 0 and none above 15, and is filled once", async () => {
      const { certifications, operator } = await town();
      const council = certifications.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      await expectRevert(council.setLevel(0, 1, 1), "CertificationLevelUnknown", [0]);
      // From 16 up numbers are those of quota classes that are given by name.
      await expectRevert(council.setLevel(16, 1, 1), "CertificationLevelUnknown", [16]);
      const again = certifications.connect(operator).initialise();
      await expectRevert(again, "UnauthorisedNotCouncil", [operator.address]);
    });
  });

  describe("evidence of an anonymous account", () => {
    const requireEvidence = ({ certifications }: Town, account: Participant) =>
      certifications.requireEvidence(account.address);

    it("is permitted under the partner that takes responsibility", async () => {
      const p = await town();
      const masked = await makeUser(p, p.bank, "masked", LEVEL.anonymous, { responsible: true });
      expect(await requireEvidence(p, masked)).to.equal(p.bank.address);
    });

    it("is refused when nobody takes responsibility", async () => {
      const p = await town();
      const masked = await makeUser(p, p.bank, "masked", LEVEL.anonymous);
      await expectRevert(requireEvidence(p, masked), "CertificationNotPermitted", [
        masked.address,
        LEVEL.anonymous,
        MAY.evidence,
      ]);
    });

    it("is permitted when one of several certifiers takes responsibility, whoever came first", async () => {
      const p = await town();
      const masked = await makeUser(p, p.dairy, "masked", LEVEL.anonymous);
      expectExecuted(await certify(p, p.bank, masked, LEVEL.anonymous, { responsible: true }));
      expect(await requireEvidence(p, masked)).to.equal(p.bank.address);
      const other = await makeUser(p, p.bank, "other", LEVEL.anonymous, { responsible: true });
      expectExecuted(await certify(p, p.dairy, other, LEVEL.anonymous));
      expect(await requireEvidence(p, other)).to.equal(p.bank.address);
    });

    it("is decided by the strongest that is left when the strongest of all has expired", async () => {
      const p = await town();
      const account = await makeUser(p, p.dairy, "account", LEVEL.phone);
      expectExecuted(await certify(p, p.bank, account, LEVEL.anonymous, { responsible: true }));
      const guild = await makePartner(p, "guild");
      expectExecuted(await certify(p, guild, account, LEVEL.certificate, { lifetime: HOUR }));
      expect(await requireEvidence(p, account)).to.equal(ZeroAddress);
      await networkHelpers.time.increase(2 * HOUR);
      expect(await requireEvidence(p, account)).to.equal(ZeroAddress);
    });

    it("is its own once it is better known, and refused to accounts below", async () => {
      const p = await town();
      const masked = await makeUser(p, p.bank, "masked", LEVEL.anonymous, { responsible: true });
      expectExecuted(await certify(p, p.dairy, masked, LEVEL.phone));
      expect(await requireEvidence(p, masked)).to.equal(ZeroAddress);
      const registered = await makeUser(p, p.bank, "registered", LEVEL.registered, { responsible: true });
      await expectRevert(requireEvidence(p, registered), "CertificationNotPermitted", [
        registered.address,
        LEVEL.registered,
        MAY.evidence,
      ]);
    });
  });

  it("lets an admission party certify an institution directly", async () => {
    const { certifications, operator, school } = await town();
    const expiry = (await now()) + HOUR;
    const acting = certifications.connect(operator);
    const events = await eventsOf(acting.certify(school.address, LEVEL.realName, false, expiry, DIGEST));
    expect(events.map(({ name }) => name)).to.include("Certified");
  });
});
