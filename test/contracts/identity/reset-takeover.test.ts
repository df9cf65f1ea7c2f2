import { expect } from "chai";
import { walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent, readEvents } from "../support/events.ts";
import { startFrom } from "../support/fixtures.ts";
import { GROUND, MINIMUM_AGE, RESET, recordEvidence, resetTown, waitFor } from "../support/key-resets.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makePartner, type Participant, signerOf, town } from "../support/participants.ts";

const thief = walletOf("thief");

/** The clinic certifies alice, who never was there, and opens a reset to a key of its own in the next blocks. */
async function settle() {
  const p = await resetTown();
  const clinic = await makePartner(p, "clinic");
  expectExecuted(await certify(p, clinic, p.alice, LEVEL.realName));
  const certified = await blockNumber();
  const propose = async (partner: Participant) => {
    const digests = await recordEvidence(p, partner, p.alice.address, `claim in block ${await blockNumber()}`);
    expectExecuted(await partner.call(p.keyResets, "open", [p.alice.address, thief.address, ...digests]));
    return p.keyResets.count();
  };
  const from = (partner: Participant) => p.keyResets.establishedFrom(p.alice.address, partner.address);
  return { ...p, clinic, certified, propose, from };
}

const withIntruder = () => startFrom(settle);

describe("A partner that certifies an account unasked, to take it over by a key reset", () => {
  it("can only propose: nothing is held, and nothing can be completed", async () => {
    const p = await withIntruder();
    const { clinic, alice, keyResets } = p;
    const id = await p.propose(clinic);
    expect(await keyResets.statusOf(id)).to.equal(RESET.proposed);
    expect(await keyResets.runningOf(alice.address)).to.equal(0n);
    expect(await p.heldUntil()).to.equal(0n);
    expectReverted(await clinic.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.proposed]);
    expectReverted(await clinic.call(keyResets, "endorse", [id]), "KeyResetOwn", [id, clinic.address]);
    await mineTo((await keyResets.resetOf(id)).lastBlock);
    expectReverted(await clinic.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.lapsed]);
    expect(await signerOf(alice)).to.equal(alice.wallet.address.toLowerCase());
  });

  it("is not helped by an accomplice that has certified the account as newly", async () => {
    const p = await withIntruder();
    const accomplice = await makePartner(p, "accomplice");
    expectExecuted(await certify(p, accomplice, p.alice, LEVEL.realName));
    const id = await p.propose(p.clinic);
    const attempt = await accomplice.call(p.keyResets, "endorse", [id]);
    const refusal = [p.alice.address, accomplice.address, await p.from(accomplice)];
    expectReverted(attempt, "KeyResetNotEstablished", refusal);
  });

  it("waits for the whole age, to the block", async () => {
    for (const [early, status] of [
      [1n, RESET.proposed],
      [0n, RESET.waiting],
    ] as const) {
      const p = await withIntruder();
      const from = await p.from(p.clinic);
      expect(from).to.equal(BigInt(p.certified + MINIMUM_AGE));
      const digests = await recordEvidence(p, p.clinic, p.alice.address, "claim");
      await mineTo(from - 1n - early);
      expectExecuted(await p.clinic.call(p.keyResets, "open", [p.alice.address, thief.address, ...digests]));
      expect(BigInt(await blockNumber())).to.equal(from - early);
      expect(await p.keyResets.statusOf(1n)).to.equal(status);
    }
  });

  it("still has to wait for the owner's objection when it is old enough", async () => {
    const p = await withIntruder();
    await mineTo(await p.from(p.clinic));
    const id = await p.propose(p.clinic);
    expect(await p.keyResets.statusOf(id)).to.equal(RESET.waiting);
    expectExecuted(await p.alice.call(p.keyResets, "objectTo", [id, GROUND]));
    await waitFor(p, id);
    expectReverted(await p.clinic.call(p.keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.objected]);
  });

  it("does not gain age at a level below real name, nor while its certification is suspended or revoked", async () => {
    const p = await withIntruder();
    const { clinic, alice, certifications } = p;
    const again = async () => {
      expect(await p.from(clinic)).to.equal(0n);
      await mineTo((await blockNumber()) + 2 * MINIMUM_AGE);
      expect(await p.from(clinic)).to.equal(0n);
    };
    const anew = async () => expect(await p.from(clinic)).to.equal(BigInt((await blockNumber()) + MINIMUM_AGE));
    expectExecuted(await certify(p, clinic, alice, LEVEL.phone));
    await again();
    expectExecuted(await certify(p, clinic, alice, LEVEL.certificate));
    await anew();
    expectExecuted(await clinic.call(certifications, "suspend", [alice.address, GROUND]));
    await again();
    expectExecuted(await clinic.call(certifications, "resume", [alice.address, GROUND]));
    await anew();
    expectExecuted(await clinic.call(certifications, "revoke", [alice.address, GROUND]));
    await again();
    expectExecuted(await certify(p, clinic, alice, LEVEL.realName));
    await anew();
  });

  it("is found out by an objection to the proposal, and then is in doubt however old it gets", async () => {
    const p = await withIntruder();
    const id = await p.propose(p.clinic);
    expectExecuted(await p.alice.call(p.keyResets, "objectTo", [id, GROUND]));
    await mineTo(await p.from(p.clinic));
    expect(await p.keyResets.isDoubted(p.alice.address, p.clinic.address)).to.equal(true);
    expect(await p.keyResets.statusOf(await p.propose(p.clinic))).to.equal(RESET.proposed);
  });
});

describe("A partner that is new to an account, and honest", () => {
  it("resets the key at once with a certifier that the owner has long known", async () => {
    const p = await withIntruder();
    const id = await p.propose(p.clinic);
    const events = expectExecuted(await p.bank.call(p.keyResets, "endorse", [id]));
    expectEvent(events, "KeyResetEndorsed", [id, p.alice.address, p.bank.address]);
    await waitFor(p, id);
    expectExecuted(await p.clinic.call(p.keyResets, "complete", [id]));
    expect(await signerOf(p.alice)).to.equal(thief.address.toLowerCase());
  });

  it("is not in doubt for a proposal that came to nothing", async () => {
    const p = await withIntruder();
    const cancelled = await p.propose(p.clinic);
    expectExecuted(await p.clinic.call(p.keyResets, "cancel", [cancelled, GROUND]));
    const lapsed = await p.propose(p.clinic);
    await mineTo((await p.keyResets.resetOf(lapsed)).lastBlock + 1n);
    expect(await p.keyResets.statusOf(lapsed)).to.equal(RESET.lapsed);
    expect(await p.keyResets.isDoubted(p.alice.address, p.clinic.address)).to.equal(false);
    await mineTo(await p.from(p.clinic));
    expect(await p.keyResets.statusOf(await p.propose(p.clinic))).to.equal(RESET.waiting);
  });

  it("keeps its age when it renews or raises the certification in time", async () => {
    const p = await withIntruder();
    const from = await p.from(p.clinic);
    expectExecuted(await certify(p, p.clinic, p.alice, LEVEL.realName));
    expectExecuted(await certify(p, p.clinic, p.alice, LEVEL.certificate));
    expect(await p.from(p.clinic)).to.equal(from);
  });
});

describe("The age of a certification that a key reset takes", () => {
  it("is a week of blocks at first", async () => {
    expect(await (await town()).keyResets.minimumAge()).to.equal(201_600n);
  });

  it("is Council's to set, between one block and a quarter of a year", async () => {
    const p = await town();
    const { keyResets } = p;
    const receipt = await decide(p, [keyResets, "setMinimumAge", [2_592_000]], [keyResets, "setMinimumAge", [7]]);
    expectEvent(readEvents(receipt.logs), "MinimumAgeSet", [2_592_000]);
    expect(await keyResets.minimumAge()).to.equal(7n);
    const council = keyResets.connect(await signerAt(await p.council.getAddress()));
    for (const blocks of [0, 2_592_001, 2 ** 48 - 1]) {
      await expectRevert(council.setMinimumAge(blocks), "KeyResetAgeInvalid", [blocks]);
    }
  });
});
