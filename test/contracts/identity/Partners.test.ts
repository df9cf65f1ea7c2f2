import { expect } from "chai";
import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, makeApplicant, PARTNER, publishAgreement, signAgreement, town } from "../support/participants.ts";
import { AGREEMENT } from "../support/platform.ts";

const STATUS = { none: 0n, admitted: 1n, suspended: 2n, terminated: 3n } as const;
const GROUND = digestOf("ground");

/** The town and an institution that has signed the agreement in force. */
async function withSigner() {
  const p = await town();
  const applicant = await makeApplicant(p, "applicant");
  expectExecuted(await signAgreement(p, applicant));
  return { ...p, applicant };
}

describe("Partners", () => {
  describe("admission", () => {
    it("records who was admitted, by whom, under which document and with what permissions", async () => {
      const { partners, admissionParty, applicant } = await withSigner();
      const { address } = applicant;
      const admitted = partners.connect(admissionParty).admit(address, PARTNER.evidence, AGREEMENT, "Dairy 乳业");
      expectEvent(await eventsOf(admitted), "PartnerAdmitted", [
        address,
        admissionParty.address,
        PARTNER.evidence,
        AGREEMENT,
        "Dairy 乳业",
      ]);
      expect(await partners.partner(address)).to.deep.equal([
        STATUS.admitted,
        BigInt(PARTNER.evidence),
        BigInt(await blockNumber()),
        admissionParty.address,
        AGREEMENT,
        "Dairy 乳业",
      ]);
      expect(await partners.isAdmitted(address)).to.equal(true);
    });

    it("needs the signature of the version in force", async () => {
      const p = await withSigner();
      const { partners, operator, applicant } = p;
      const unsigned = await makeApplicant(p, "unsigned");
      const acting = partners.connect(operator);
      const attempt = acting.admit(unsigned.address, 1, AGREEMENT, "Unsigned");
      await expectRevert(attempt, "PartnerUnsigned", [unsigned.address, AGREEMENT]);
      const other = encodeBytes32String("other");
      const elsewhere = acting.admit(applicant.address, 1, other, "Applicant");
      await expectRevert(elsewhere, "PartnerUnsigned", [applicant.address, other]);
      await publishAgreement(p, "newer agreement");
      const outdated = acting.admit(applicant.address, 1, AGREEMENT, "Applicant");
      await expectRevert(outdated, "PartnerUnsigned", [applicant.address, AGREEMENT]);
    });

    it("happens once, and never again after termination", async () => {
      const { partners, operator, bank } = await town();
      const acting = partners.connect(operator);
      const again = acting.admit(bank.address, 1, AGREEMENT, "Bank");
      await expectRevert(again, "PartnerKnown", [bank.address, STATUS.admitted]);
      await acting.terminate(bank.address, GROUND);
      const after = acting.admit(bank.address, 1, AGREEMENT, "Bank");
      await expectRevert(after, "PartnerKnown", [bank.address, STATUS.terminated]);
    });

    it("needs a name", async () => {
      const { partners, operator, applicant } = await withSigner();
      const attempt = partners.connect(operator).admit(applicant.address, 1, AGREEMENT, "");
      await expectRevert(attempt, "PartnerNameMissing", []);
    });

    it("takes a name once: no partner goes by another's, not even a terminated one's", async () => {
      const { partners, operator, applicant, bank } = await withSigner();
      const acting = partners.connect(operator);
      const attempt = () => acting.admit(applicant.address, 1, AGREEMENT, "bank");
      await expectRevert(attempt(), "PartnerNameTaken", ["bank", bank.address]);
      await acting.terminate(bank.address, GROUND);
      await expectRevert(attempt(), "PartnerNameTaken", ["bank", bank.address]);
      expect(await partners.partnerNamed("bank")).to.equal(bank.address);
      expect(await partners.partnerNamed("applicant")).to.equal(ZeroAddress);
    });
  });

  describe("permissions", () => {
    it("are asked for bit by bit", async () => {
      const { partners, school } = await town();
      expect(await partners.hasPermission(school.address, PARTNER.evidence)).to.equal(true);
      expect(await partners.hasPermission(school.address, PARTNER.identity)).to.equal(false);
      expect(await partners.hasPermission(school.address, PARTNER.evidence | PARTNER.identity)).to.equal(false);
      expect(await partners.hasPermission(school.address, 0)).to.equal(true);
      const missing = partners.requirePermission(school.address, PARTNER.vouchers);
      await expectRevert(missing, "PartnerPermissionMissing", [school.address, PARTNER.vouchers]);
    });

    it("belong to admitted partners only", async () => {
      const { partners, operator, alice, bank } = await town();
      expect(await partners.hasPermission(alice.address, 0)).to.equal(false);
      await expectRevert(partners.requirePermission(alice.address, 0), "PartnerNotAdmitted", [alice.address]);
      await partners.connect(operator).suspend(bank.address, GROUND);
      expect(await partners.hasPermission(bank.address, PARTNER.identity)).to.equal(false);
      await expectRevert(partners.requirePermission(bank.address, 0), "PartnerNotAdmitted", [bank.address]);
    });

    it("are changed by an admission party, for a suspended partner too", async () => {
      const { partners, admissionParty, operator, bank } = await town();
      const acting = partners.connect(admissionParty);
      expectEvent(await eventsOf(acting.setPermissions(bank.address, 2)), "PermissionsChanged", [bank.address, 2]);
      expect(await partners.hasPermission(bank.address, PARTNER.identity)).to.equal(false);
      await partners.connect(operator).suspend(bank.address, GROUND);
      await acting.setPermissions(bank.address, 3);
      expect((await partners.partner(bank.address)).permissions).to.equal(3n);
    });

    it("are not changed for strangers and terminated partners", async () => {
      const { partners, operator, alice, bank } = await town();
      const acting = partners.connect(operator);
      const stranger = acting.setPermissions(alice.address, 1);
      await expectRevert(stranger, "PartnerWrongStatus", [alice.address, STATUS.none]);
      await acting.terminate(bank.address, GROUND);
      const ended = acting.setPermissions(bank.address, 1);
      await expectRevert(ended, "PartnerWrongStatus", [bank.address, STATUS.terminated]);
    });
  });

  describe("supervision", () => {
    it("suspends, reinstates and terminates on a ground that stands in the event", async () => {
      const { partners, operator, bank } = await town();
      const acting = partners.connect(operator);
      const { address } = bank;
      expectEvent(await eventsOf(acting.suspend(address, GROUND)), "PartnerSuspended", [address, GROUND]);
      expect(await partners.statusOf(address)).to.equal(STATUS.suspended);
      expectEvent(await eventsOf(acting.reinstate(address, GROUND)), "PartnerReinstated", [address, GROUND]);
      expect(await partners.isAdmitted(address)).to.equal(true);
      expectEvent(await eventsOf(acting.terminate(address, GROUND)), "PartnerTerminated", [address, GROUND]);
      expect(await partners.statusOf(address)).to.equal(STATUS.terminated);
    });

    it("terminates a suspended partner too", async () => {
      const { partners, operator, bank } = await town();
      await partners.connect(operator).suspend(bank.address, GROUND);
      await partners.connect(operator).terminate(bank.address, GROUND);
      expect(await partners.statusOf(bank.address)).to.equal(STATUS.terminated);
    });

    it("keeps the ground, and tells Quota whether the partner may still pay for others", async () => {
      const { partners, operator, bank, quota } = await town();
      const acting = partners.connect(operator);
      const steps = [
        ["suspend", true],
        ["reinstate", false],
        ["terminate", true],
      ] as const;
      for (const [step, barred] of steps) {
        await acting[step](bank.address, digestOf(step));
        expect(await partners.groundOf(bank.address)).to.equal(digestOf(step));
        expect((await quota.allowanceOf(bank.address)).barred).to.equal(barred);
      }
    });

    it("does nothing without a ground", async () => {
      const { partners, operator, bank } = await town();
      const acting = partners.connect(operator);
      await expectRevert(acting.suspend(bank.address, ZeroHash), "PartnerGroundMissing", []);
      await expectRevert(acting.reinstate(bank.address, ZeroHash), "PartnerGroundMissing", []);
      await expectRevert(acting.terminate(bank.address, ZeroHash), "PartnerGroundMissing", []);
    });

    it("keeps to the order of the states: a terminated partner never comes back", async () => {
      const { partners, operator, alice, bank } = await town();
      const acting = partners.connect(operator);
      const wrong = async (attempt: Promise<unknown>, address: string, status: bigint) =>
        expectRevert(attempt, "PartnerWrongStatus", [address, status]);
      await wrong(acting.reinstate(bank.address, GROUND), bank.address, STATUS.admitted);
      await wrong(acting.suspend(alice.address, GROUND), alice.address, STATUS.none);
      await wrong(acting.terminate(alice.address, GROUND), alice.address, STATUS.none);
      await acting.suspend(bank.address, GROUND);
      await wrong(acting.suspend(bank.address, GROUND), bank.address, STATUS.suspended);
      await acting.terminate(bank.address, GROUND);
      await wrong(acting.suspend(bank.address, GROUND), bank.address, STATUS.terminated);
      await wrong(acting.reinstate(bank.address, GROUND), bank.address, STATUS.terminated);
      await wrong(acting.terminate(bank.address, GROUND), bank.address, STATUS.terminated);
    });
  });

  describe("recognition", () => {
    it("is declared by a partner for another, from a level up, and ended with 0", async () => {
      const { partners, bank, dairy } = await town();
      const events = expectExecuted(await bank.call(partners, "recognise", [dairy.address, LEVEL.realName]));
      expectEvent(events, "RecognitionChanged", [bank.address, dairy.address, LEVEL.realName]);
      expect(await partners.recognition(bank.address, dairy.address)).to.equal(BigInt(LEVEL.realName));
      // One-sided: the other has said nothing.
      expect(await partners.recognition(dairy.address, bank.address)).to.equal(0n);
      expectExecuted(await bank.call(partners, "recognise", [dairy.address, 0]));
      expect(await partners.recognition(bank.address, dairy.address)).to.equal(0n);
    });

    it("reaches admission parties, which certify institutions", async () => {
      const { partners, bank, operator, admissionParty } = await town();
      for (const party of [operator, admissionParty]) {
        expectExecuted(await bank.call(partners, "recognise", [party.address, LEVEL.realName]));
      }
    });

    it("reaches nobody else", async () => {
      const { partners, bank, alice, regulator } = await town();
      for (const outsider of [alice.address, regulator.address, ZeroAddress, walletOf("nobody").address]) {
        const attempt = await bank.call(partners, "recognise", [outsider, LEVEL.realName]);
        expectReverted(attempt, "PartnerNotACertifier", [outsider]);
      }
    });

    it("is for admitted partners", async () => {
      const { partners, alice, bank, dairy, operator } = await town();
      const byUser = await alice.call(partners, "recognise", [dairy.address, LEVEL.realName]);
      expectReverted(byUser, "PartnerNotAdmitted", [alice.address]);
      await partners.connect(operator).suspend(bank.address, GROUND);
      const suspended = await bank.call(partners, "recognise", [dairy.address, LEVEL.realName]);
      expectReverted(suspended, "PartnerNotAdmitted", [bank.address]);
    });
  });
});
