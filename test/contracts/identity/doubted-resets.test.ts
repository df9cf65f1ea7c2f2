import { expect } from "chai";
import { walletOf } from "../support/actors.ts";
import { blockNumber, mineTo } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectEvent } from "../support/events.ts";
import { startFrom } from "../support/fixtures.ts";
import {
  establish,
  GROUND,
  letLapse,
  MINIMUM_AGE,
  mustOpen,
  openReset,
  RESET,
  waitFor,
} from "../support/key-resets.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makePartner, type Participant, signerOf, town } from "../support/participants.ts";
import { accountAt } from "../support/platform.ts";

const WAITING = 100;
const newKey = walletOf("alice's new key");

/** Alice is certified by three partners: bank, dairy and clinic. */
async function settle() {
  const p = await town();
  const clinic = await makePartner(p, "clinic");
  await decide(p, [p.keyResets, "setWaitingBlocks", [WAITING]], [p.keyResets, "setMinimumAge", [MINIMUM_AGE]]);
  for (const partner of [p.dairy, clinic]) expectExecuted(await certify(p, partner, p.alice, LEVEL.realName));
  await establish(p, clinic, p.alice.address);
  const open = (partner: Participant) => mustOpen(p, partner, p.alice.address, newKey.address);
  const heldUntil = async () => (await accountAt(p.alice.address).resetState()).heldUntil;
  const doubted = (partner: Participant) => p.keyResets.isDoubted(p.alice.address, partner.address);
  return { ...p, clinic, open, heldUntil, doubted };
}

const threePartners = () => startFrom(settle);

/** Alice, and a first reset by the bank that came to nothing. */
async function withDoubt(how: "objected" | "cancelled" | "lapsed") {
  const p = await threePartners();
  const first = await p.open(p.bank);
  if (how === "objected") expectExecuted(await p.alice.call(p.keyResets, "objectTo", [first, GROUND]));
  if (how === "cancelled") expectExecuted(await p.bank.call(p.keyResets, "cancel", [first, GROUND]));
  if (how === "lapsed") await letLapse(p, first);
  return { ...p, first };
}

describe("A partner that freezes people by repeated key resets", () => {
  for (const how of ["objected", "cancelled", "lapsed"] as const) {
    it(`holds an account once: after a reset that was ${how} it can only propose`, async () => {
      const p = await withDoubt(how);
      const { bank, alice, keyResets, open, heldUntil, doubted } = p;
      expect(await keyResets.statusOf(p.first)).to.equal(RESET[how]);
      expect(await doubted(bank)).to.equal(true);
      const before = await heldUntil();
      for (let turn = 0; turn < 3; turn++) {
        const id = await open(bank);
        expect(await keyResets.statusOf(id)).to.equal(RESET.proposed);
        expect((await keyResets.resetOf(id)).waitingUntil).to.equal(0n);
        expect(await keyResets.runningOf(alice.address)).to.equal(0n);
        expect(await heldUntil()).to.equal(before);
        const attempt = await bank.call(keyResets, "complete", [id]);
        expectReverted(attempt, "KeyResetWrongStatus", [id, RESET.proposed]);
      }
      await mineTo((await blockNumber()) + WAITING + 1);
      const last = await keyResets.count();
      expectReverted(await bank.call(keyResets, "complete", [last]), "KeyResetWrongStatus", [last, RESET.lapsed]);
      expect(await heldUntil()).to.equal(before);
    });
  }

  it("does not stand in another partner's way with its proposals", async () => {
    const p = await withDoubt("objected");
    const proposal = await p.open(p.bank);
    const honest = await p.open(p.dairy);
    expect(await p.keyResets.statusOf(honest)).to.equal(RESET.waiting);
    await waitFor(p, honest);
    expectExecuted(await p.dairy.call(p.keyResets, "complete", [honest]));
    expect(await signerOf(p.alice)).to.equal(newKey.address.toLowerCase());
    const late = await p.clinic.call(p.keyResets, "endorse", [proposal]);
    expectReverted(late, "KeyResetWrongStatus", [proposal, RESET.lapsed]);
  });

  it("is in doubt for that account only, so that one user's objection keeps nobody else from a new key", async () => {
    const p = await withDoubt("objected");
    expect(await p.keyResets.isDoubted(p.bob.address, p.bank.address)).to.equal(false);
    const id = await mustOpen(p, p.bank, p.bob.address, newKey.address);
    expect(await p.keyResets.statusOf(id)).to.equal(RESET.waiting);
  });

  it("is not cleared by certifying anew, by endorsing itself, or by time", async () => {
    const p = await withDoubt("objected");
    const { bank, alice, keyResets, certifications, doubted } = p;
    expectExecuted(await bank.call(certifications, "revoke", [alice.address, GROUND]));
    expectExecuted(await certify(p, bank, alice, LEVEL.realName));
    await mineTo((await blockNumber()) + 50 * WAITING);
    expect(await doubted(bank)).to.equal(true);
    const id = await p.open(bank);
    expectReverted(await bank.call(keyResets, "endorse", [id]), "KeyResetOwn", [id, bank.address]);
    // Nor can it make itself trusted by standing in for another one.
    const other = await withDoubtOf(p, p.dairy);
    expectReverted(await bank.call(keyResets, "endorse", [other]), "KeyResetDoubted", [alice.address, bank.address]);
  });
});

describe("The second certifier", () => {
  it("starts a doubted partner's reset: only now the account is held", async () => {
    const p = await withDoubt("objected");
    const { bank, dairy, alice, keyResets, open, heldUntil, doubted } = p;
    const id = await open(bank);
    const events = expectExecuted(await dairy.call(keyResets, "endorse", [id]));
    const until = (await blockNumber()) + WAITING;
    expectEvent(events, "KeyResetEndorsed", [id, alice.address, dairy.address]);
    expectEvent(events, "KeyResetStarted", [id, alice.address, until, until + WAITING]);
    expect(await heldUntil()).to.equal(BigInt(until));
    const again = await p.clinic.call(keyResets, "endorse", [id]);
    expectReverted(again, "KeyResetWrongStatus", [id, RESET.waiting]);
    await waitFor(p, id);
    expectReverted(await dairy.call(keyResets, "complete", [id]), "KeyResetNotOpener", [id, dairy.address]);
    expectExecuted(await bank.call(keyResets, "complete", [id]));
    expect(await signerOf(alice)).to.equal(newKey.address.toLowerCase());
    // What two partners completed, and nobody objected to, clears both.
    for (const partner of [bank, dairy]) expect(await doubted(partner)).to.equal(false);
  });

  it("is a live certifier with the identity permission, and not in doubt itself", async () => {
    const p = await withDoubt("objected");
    const { bank, dairy, school, bob, alice, operator, partners, keyResets, open } = p;
    const id = await open(bank);
    for (const outsider of [school, bob, alice]) {
      const attempt = await outsider.call(keyResets, "endorse", [id]);
      expectReverted(attempt, "KeyResetNotCertifier", [alice.address, outsider.address]);
    }
    await partners.connect(operator).setPermissions(dairy.address, 14);
    expectReverted(await dairy.call(keyResets, "endorse", [id]), "KeyResetNotCertifier");
    await partners.connect(operator).setPermissions(dairy.address, 15);
    expectExecuted(await dairy.call(keyResets, "endorse", [id]));
  });

  it("does not start one while another runs", async () => {
    const p = await withDoubt("objected");
    const proposal = await p.open(p.bank);
    const running = await p.open(p.clinic);
    const attempt = await p.dairy.call(p.keyResets, "endorse", [proposal]);
    expectReverted(attempt, "KeyResetRunning", [p.alice.address, running]);
  });

  it("answers for it: after an objection neither of the two is trusted alone", async () => {
    const p = await withDoubt("objected");
    const { bank, dairy, clinic, alice, keyResets, open, doubted } = p;
    const second = await open(bank);
    expectExecuted(await dairy.call(keyResets, "endorse", [second]));
    expectExecuted(await alice.call(keyResets, "objectTo", [second, GROUND]));
    for (const partner of [bank, dairy]) expect(await doubted(partner)).to.equal(true);
    const third = await open(bank);
    const attempt = await dairy.call(keyResets, "endorse", [third]);
    expectReverted(attempt, "KeyResetDoubted", [alice.address, dairy.address]);
    expect(await keyResets.statusOf(await open(dairy))).to.equal(RESET.proposed);
    expectExecuted(await clinic.call(keyResets, "endorse", [third]));
  });

  it("does not answer for an opener that let it lapse", async () => {
    const p = await withDoubt("objected");
    const second = await p.open(p.bank);
    expectExecuted(await p.dairy.call(p.keyResets, "endorse", [second]));
    await letLapse(p, second);
    expect(await p.doubted(p.bank)).to.equal(true);
    expect(await p.doubted(p.dairy)).to.equal(false);
    expect(await p.keyResets.statusOf(await p.open(p.dairy))).to.equal(RESET.waiting);
  });

  it("must still stand behind the account at the completion", async () => {
    const p = await withDoubt("objected");
    const { bank, dairy, alice, keyResets, certifications } = p;
    const id = await p.open(bank);
    expectExecuted(await dairy.call(keyResets, "endorse", [id]));
    expectExecuted(await dairy.call(certifications, "suspend", [alice.address, GROUND]));
    await waitFor(p, id);
    const attempt = await bank.call(keyResets, "complete", [id]);
    expectReverted(attempt, "KeyResetNotCertifier", [alice.address, dairy.address]);
    expectExecuted(await dairy.call(certifications, "resume", [alice.address, GROUND]));
    expectExecuted(await bank.call(keyResets, "complete", [id]));
  });

  it("may object instead, as may the account: a proposal is then over", async () => {
    const p = await withDoubt("lapsed");
    const { bank, dairy, alice, clinic, keyResets } = p;
    for (const objector of [dairy, alice]) {
      const id = await p.open(bank);
      const before = await p.heldUntil();
      const events = expectExecuted(await objector.call(keyResets, "objectTo", [id, GROUND]));
      expect(events.map(({ name }) => name)).to.not.include("TransfersReleased");
      expect(await p.heldUntil()).to.equal(before);
      const attempt = await clinic.call(keyResets, "endorse", [id]);
      expectReverted(attempt, "KeyResetWrongStatus", [id, RESET.objected]);
    }
    expectReverted(await clinic.call(keyResets, "endorse", [99]), "KeyResetWrongStatus", [99, RESET.none]);
  });

  it("has as long as a waiting period lasts", async () => {
    const p = await withDoubt("cancelled");
    const id = await p.open(p.bank);
    const { lastBlock, openedBlock } = await p.keyResets.resetOf(id);
    expect(lastBlock - openedBlock).to.equal(BigInt(WAITING));
    await mineTo(lastBlock - 1n);
    expectExecuted(await p.dairy.call(p.keyResets, "endorse", [id]));
    expect(await blockNumber()).to.equal(Number(lastBlock));
  });
});

/** A reset that another partner proposes after one of its own was objected to. @returns its number */
async function withDoubtOf(p: Awaited<ReturnType<typeof settle>>, partner: Participant): Promise<bigint> {
  const first = await p.open(partner);
  expectExecuted(await p.alice.call(p.keyResets, "objectTo", [first, GROUND]));
  expectExecuted(await openReset(p, partner, p.alice.address, newKey.address));
  return p.keyResets.count();
}
