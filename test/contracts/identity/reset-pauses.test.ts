import { expect } from "chai";
import { walletOf } from "../support/actors.ts";
import { blockNumber, mineTo } from "../support/chain.ts";
import { decide, pause } from "../support/council.ts";
import { startFrom } from "../support/fixtures.ts";
import { GROUND, mustOpen, openReset, RESET, RESET_WAITING, resetTown, waitFor } from "../support/key-resets.ts";
import { expectExecuted, expectRefused, expectReverted } from "../support/operations.ts";
import { signerOf } from "../support/participants.ts";
import { makeVoucher, transfer } from "../support/vouchers.ts";

const PAUSE = 28_800n;
const newKey = walletOf("alice's new key");

/** The bank resets alice's key; in the waiting period Council pauses all operations, for longer than it lasts. */
async function settle() {
  const p = await resetTown();
  const voucher = await makeVoucher(p, p.bank);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 10]));
  const id = await mustOpen(p, p.bank, p.alice.address, newKey.address);
  const planned = await p.keyResets.resetOf(id);
  await mineTo((await blockNumber()) + 10);
  const paused = await pause(p);
  return { ...p, voucher, id, planned, paused };
}

const withPause = () => startFrom(settle);

describe("An emergency pause in the waiting period of a key reset", () => {
  it("makes it longer by its blocks, so that the old key is still heard", async () => {
    const p = await withPause();
    const { keyResets, alice, bank, id, planned, paused } = p;
    expect(paused.lastBlock).to.be.greaterThan(planned.lastBlock);
    const { waitingUntil, lastBlock } = await keyResets.resetOf(id);
    expect(waitingUntil).to.equal(planned.waitingUntil + PAUSE);
    expect(lastBlock).to.equal(planned.lastBlock + PAUSE);
    expectRefused(await alice.call(keyResets, "objectTo", [id, GROUND]), "QuotaPaused", [paused.lastBlock]);
    await mineTo(paused.lastBlock);
    // Whoever lost no time after the pause does not come before the owner.
    const early = await bank.call(keyResets, "complete", [id]);
    expectReverted(early, "KeyResetWrongStatus", [id, RESET.waiting]);
    expectExecuted(await alice.call(keyResets, "objectTo", [id, GROUND]));
    expect(await keyResets.heldUntil(alice.address)).to.equal(0n);
    expect(await p.heldUntil()).to.equal(0n);
  });

  it("leaves as many blocks to object, and to complete, as without it", async () => {
    const p = await withPause();
    const { keyResets, bank, alice, id, planned } = p;
    await mineTo(planned.waitingUntil + PAUSE - 1n);
    expectReverted(await bank.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.waiting]);
    await mineTo(planned.lastBlock + PAUSE - 1n);
    expectExecuted(await bank.call(keyResets, "complete", [id]));
    expect(await signerOf(alice)).to.equal(newKey.address.toLowerCase());
    expect(await p.heldUntil()).to.equal(0n);
  });

  it("lets it lapse by as much later, and not come back with the next pause", async () => {
    const p = await withPause();
    const { keyResets, bank, id, planned, paused } = p;
    await mineTo(planned.lastBlock + PAUSE);
    expect(await keyResets.statusOf(id)).to.equal(RESET.ready);
    await mineTo(planned.lastBlock + PAUSE + 1n);
    expectReverted(await bank.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.lapsed]);
    await mineTo(paused.lastBlock + 201_600n);
    await mineTo((await pause(p)).lastBlock);
    expect(await keyResets.statusOf(id)).to.equal(RESET.lapsed);
    expectReverted(await bank.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.lapsed]);
  });

  it("holds her transfers for as much longer, and no block more", async () => {
    const p = await withPause();
    const { voucher, alice, bob, planned, paused } = p;
    const until = planned.waitingUntil + PAUSE;
    await mineTo(paused.lastBlock);
    expect(await p.heldUntil()).to.equal(until);
    expectReverted(await transfer(voucher, alice, bob, 1), "VoucherSenderHeld", [alice.address, until]);
    await mineTo(until - 1n);
    expectReverted(await transfer(voucher, alice, bob, 1), "VoucherSenderHeld", [alice.address, until]);
    expectExecuted(await transfer(voucher, alice, bob, 1));
  });

  it("counts only as long as it lasted: Council ends it early", async () => {
    const p = await withPause();
    await decide(p, [p.council, "endPause", []]);
    const { firstBlock, lastBlock } = await p.council.lastPause();
    const { waitingUntil } = await p.keyResets.resetOf(p.id);
    expect(waitingUntil).to.equal(p.planned.waitingUntil + lastBlock + 1n - firstBlock);
    expect(waitingUntil).to.be.lessThan(p.planned.waitingUntil + PAUSE);
  });

  it("gives the second certifier of a proposal as much longer too", async () => {
    const p = await resetTown();
    const { keyResets, alice, bank, dairy } = p;
    const first = await mustOpen(p, bank, alice.address, newKey.address);
    expectExecuted(await bank.call(keyResets, "cancel", [first, GROUND]));
    const proposal = await mustOpen(p, bank, alice.address, newKey.address);
    const { lastBlock } = await keyResets.resetOf(proposal);
    const paused = await pause(p);
    await mineTo(paused.lastBlock);
    expect((await keyResets.resetOf(proposal)).lastBlock).to.equal(lastBlock + PAUSE);
    expectExecuted(await dairy.call(keyResets, "endorse", [proposal]));
    const { startedBlock, waitingUntil } = await keyResets.resetOf(proposal);
    // The pause before it started does not count twice.
    expect(startedBlock).to.equal(BigInt(await blockNumber()));
    expect(waitingUntil).to.equal(startedBlock + BigInt(RESET_WAITING));
  });
});

describe("An emergency pause outside the waiting period of a key reset", () => {
  it("before it changes nothing, and one after it only the time to complete", async () => {
    const p = await resetTown();
    const { keyResets, bank, alice } = p;
    await mineTo((await pause(p)).lastBlock);
    const id = await mustOpen(p, bank, alice.address, newKey.address);
    const { waitingUntil, lastBlock, startedBlock } = await keyResets.resetOf(id);
    expect(waitingUntil).to.equal(startedBlock + BigInt(RESET_WAITING));
    await waitFor(p, id);
    expect((await keyResets.resetOf(id)).lastBlock).to.equal(lastBlock);
    expectReverted(await openReset(p, p.dairy, alice.address, newKey.address), "KeyResetRunning");
  });

  it("in the window to complete makes that longer, and holds nothing", async () => {
    const p = await resetTown();
    const { keyResets, bank, alice } = p;
    const id = await mustOpen(p, bank, alice.address, newKey.address);
    const planned = await keyResets.resetOf(id);
    await waitFor(p, id);
    const paused = await pause(p);
    await mineTo(paused.lastBlock);
    const { waitingUntil, lastBlock } = await keyResets.resetOf(id);
    expect([waitingUntil, lastBlock]).to.deep.equal([planned.waitingUntil, planned.lastBlock + PAUSE]);
    expect(await p.heldUntil()).to.equal(planned.waitingUntil);
    expectExecuted(await bank.call(keyResets, "complete", [id]));
  });
});
