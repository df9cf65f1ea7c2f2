import { expect } from "chai";
import { concat, ZeroAddress, ZeroHash, zeroPadValue } from "ethers";
import { encodeExecute } from "../../../src/core/execution.ts";
import { walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent, readEvents } from "../support/events.ts";
import {
  GROUND,
  letLapse,
  mustOpen,
  openReset,
  RESET,
  RESET_WAITING,
  recordEvidence,
  resetTown,
  waitFor,
} from "../support/key-resets.ts";
import {
  callOf,
  draft,
  expectEntryPointRefusal,
  expectExecuted,
  expectReverted,
  handleOps,
  signed,
} from "../support/operations.ts";
import { type Participant, signerOf, town } from "../support/participants.ts";
import { recordOf } from "../support/records.ts";
import { makeVoucher } from "../support/vouchers.ts";

const lost = walletOf("alice");
const newKey = walletOf("alice's new key");

describe("A key reset", () => {
  it("gives the account a new key after the waiting period; address, number and holdings stay", async () => {
    const p = await resetTown();
    const { alice, bank, keyResets, accountFactory, renewed, records } = p;
    const voucher = await makeVoucher(p, bank);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 7]));
    const number = await accountFactory.idOf(alice.address);

    const digests = await recordEvidence(p, bank, alice.address, "first");
    const opening = await bank.call(keyResets, "open", [alice.address, newKey.address, ...digests]);
    const opened = await blockNumber();
    const [id, ready, last] = [1n, opened + RESET_WAITING, opened + 2 * RESET_WAITING];
    const subject = zeroPadValue(alice.address, 32);
    const evidence = await Promise.all(digests.map((digest) => records.recordId(bank.address, digest, subject)));
    const events = expectExecuted(opening);
    const signer = newKey.address.toLowerCase();
    expectEvent(events, "KeyResetOpened", [id, alice.address, bank.address, signer, ...evidence]);
    expectEvent(events, "KeyResetStarted", [id, alice.address, ready, last]);
    expectEvent(events, "TransfersHeld", [ready]);
    expect(await keyResets.runningOf(alice.address)).to.equal(id);
    for (const record of evidence) expect(await keyResets.usedBy(record)).to.equal(id);

    await waitFor(p, id);
    const completion = expectExecuted(await bank.call(keyResets, "complete", [id]));
    expectEvent(completion, "KeyResetCompleted", [id, alice.address, signer]);
    expectEvent(completion, "SignerChanged", [lost.address.toLowerCase(), signer]);
    expect(await signerOf(alice)).to.equal(signer);
    expect(await keyResets.runningOf(alice.address)).to.equal(0n);
    expect(await accountFactory.idOf(alice.address)).to.equal(number);
    expect(await voucher.balanceOf(alice.address, 0)).to.equal(7n);
    expectExecuted(await renewed.call(records, "record", [recordOf("after")]));

    const reset = await keyResets.resetOf(id);
    expect([...reset]).to.deep.equal([
      ...[alice.address, BigInt(opened), RESET.completed, bank.address, BigInt(ready), BigInt(last), ZeroAddress],
      BigInt(opened),
      ...[BigInt(await blockNumber()) - 1n, bank.address, ...evidence, ZeroHash, signer],
    ]);
  });

  it("voids what the lost key signed and approved", async () => {
    const p = await resetTown();
    const { alice, bank, keyResets, account, records } = p;
    const calls = [callOf(records, "record", [recordOf("pending")])];
    const pending = signed(await draft(alice.address, encodeExecute(calls), { nonce: 5n << 64n }), lost);
    const id = await mustOpen(p, bank, alice.address, newKey.address);
    await waitFor(p, id);
    expectExecuted(await bank.call(keyResets, "complete", [id]));
    // The count of resets is the epoch under which approvals hold.
    expect(await account.resetState()).to.deep.equal([0n, 1n]);
    expectEntryPointRefusal(await handleOps([pending]), "AA24 signature error");
    expectEntryPointRefusal(await alice.operate(calls), "AA24 signature error");
    const attempt = await p.renewed.call(account, "setSigner", [lost.address]);
    expectReverted(attempt, "AccountSignerLost", [lost.address.toLowerCase()]);
  });

  it("replaces also the key that a thief put in the lost one's place meanwhile", async () => {
    const p = await resetTown();
    const { alice, bank, keyResets, account, renewed } = p;
    const id = await mustOpen(p, bank, alice.address, newKey.address);
    const thief = walletOf("thief");
    expectExecuted(await alice.call(account, "setSigner", [thief.address]));
    await waitFor(p, id);
    expectExecuted(await bank.call(keyResets, "complete", [id]));
    expect(await signerOf(alice)).to.equal(newKey.address.toLowerCase());
    const back = await renewed.call(account, "setSigner", [thief.address]);
    expectReverted(back, "AccountSignerLost", [thief.address.toLowerCase()]);
  });

  it("holds outgoing transfers for the waiting period and no longer", async () => {
    const p = await resetTown();
    const id = await mustOpen(p, p.bank, p.alice.address, newKey.address);
    const { waitingUntil, openedBlock, lastBlock } = await p.keyResets.resetOf(id);
    expect(waitingUntil - openedBlock).to.equal(BigInt(RESET_WAITING));
    expect(lastBlock - waitingUntil).to.equal(BigInt(RESET_WAITING));
    expect(await p.heldUntil()).to.equal(waitingUntil);
  });

  it("keeps the terms under which it started, whatever Council decides meanwhile", async () => {
    const p = await resetTown();
    const id = await mustOpen(p, p.bank, p.alice.address, newKey.address);
    const { waitingUntil } = await p.keyResets.resetOf(id);
    await decide(p, [p.keyResets, "setWaitingBlocks", [1]]);
    expect((await p.keyResets.resetOf(id)).waitingUntil).to.equal(waitingUntil);
    const early = await p.bank.call(p.keyResets, "complete", [id]);
    expectReverted(early, "KeyResetWrongStatus", [id, RESET.waiting]);
  });

  describe("is opened", () => {
    it("by a live certifier with the identity permission only", async () => {
      const p = await resetTown();
      const { alice, bob, bank, dairy, school, operator, partners, certifications, keyResets } = p;
      const open = async (partner: Participant) => openReset(p, partner, alice.address, newKey.address);
      for (const outsider of [school, bob, alice]) {
        expectReverted(await open(outsider), "KeyResetNotCertifier", [alice.address, outsider.address]);
      }
      await partners.connect(operator).setPermissions(dairy.address, 14);
      expectReverted(await open(dairy), "KeyResetNotCertifier", [alice.address, dairy.address]);
      await partners.connect(operator).setPermissions(dairy.address, 15);
      const digests = await recordEvidence(p, dairy, alice.address, "by the dairy");
      const again = () => dairy.call(keyResets, "open", [alice.address, newKey.address, ...digests]);
      await partners.connect(operator).suspend(dairy.address, GROUND);
      expectReverted(await again(), "KeyResetNotCertifier");
      await partners.connect(operator).reinstate(dairy.address, GROUND);
      expectExecuted(await dairy.call(certifications, "suspend", [alice.address, GROUND]));
      expectReverted(await again(), "KeyResetNotCertifier");
      expectExecuted(await dairy.call(certifications, "resume", [alice.address, GROUND]));
      expectExecuted(await again());
      expect(await keyResets.count()).to.equal(1n);
      expect(await signerOf(bank)).to.equal(bank.wallet.address.toLowerCase());
    });

    it("for accounts that it certified, and for no other address", async () => {
      const p = await resetTown();
      for (const address of [p.carol.address, p.bank.address, ZeroAddress, await p.records.getAddress()]) {
        const attempt = await openReset(p, p.bank, address, newKey.address);
        expectReverted(attempt, "KeyResetNotCertifier", [address, p.bank.address]);
      }
    });

    it("once at a time for an account", async () => {
      const p = await resetTown();
      const id = await mustOpen(p, p.bank, p.alice.address, newKey.address);
      for (const partner of [p.bank, p.dairy]) {
        const attempt = await openReset(p, partner, p.alice.address, newKey.address);
        expectReverted(attempt, "KeyResetRunning", [p.alice.address, id]);
      }
      await waitFor(p, id);
      const attempt = await openReset(p, p.dairy, p.alice.address, newKey.address);
      expectReverted(attempt, "KeyResetRunning", [p.alice.address, id]);
      // Others' accounts are not concerned.
      expectExecuted(await openReset(p, p.bank, p.bob.address, newKey.address));
    });

    it("with a signer that the account can have and has not", async () => {
      const p = await resetTown();
      const { alice, bank } = p;
      const open = (signer: string) => openReset(p, bank, alice.address, signer);
      for (const signer of ["0x", "0x01", ZeroAddress, alice.address]) {
        expectReverted(await open(signer), "AccountSignerInvalid", []);
      }
      const unlisted = concat([bank.address, "0x01"]);
      expectReverted(await open(unlisted), "AccountVerifierUnlisted", [bank.address]);
      expectReverted(await open(lost.address), "KeyResetSignerUnchanged", [lost.address.toLowerCase()]);
      const id = await mustOpen(p, bank, alice.address, newKey.address);
      await waitFor(p, id);
      expectExecuted(await bank.call(p.keyResets, "complete", [id]));
      expectReverted(await open(lost.address), "AccountSignerLost", [lost.address.toLowerCase()]);
    });
  });

  describe("is completed", () => {
    it("from the first block after the waiting period to the last of its window", async () => {
      for (const which of ["first", "last"] as const) {
        const p = await resetTown();
        const id = await mustOpen(p, p.bank, p.alice.address, newKey.address);
        const { waitingUntil, lastBlock } = await p.keyResets.resetOf(id);
        if (which === "first") {
          await mineTo(waitingUntil - 1n);
          const early = await p.bank.call(p.keyResets, "complete", [id]);
          expectReverted(early, "KeyResetWrongStatus", [id, RESET.waiting]);
        } else await mineTo(lastBlock - 1n);
        expectExecuted(await p.bank.call(p.keyResets, "complete", [id]));
        expect(await blockNumber()).to.equal(Number(which === "first" ? waitingUntil + 1n : lastBlock));
      }
    });

    it("neither later, nor twice, nor when there is none", async () => {
      const p = await resetTown();
      const { bank, keyResets, alice } = p;
      const late = await mustOpen(p, bank, alice.address, newKey.address);
      await letLapse(p, late);
      expectReverted(await bank.call(keyResets, "complete", [late]), "KeyResetWrongStatus", [late, RESET.lapsed]);
      expect(await keyResets.runningOf(alice.address)).to.equal(0n);
      const id = await mustOpen(p, p.dairy, alice.address, newKey.address);
      await waitFor(p, id);
      expectExecuted(await p.dairy.call(keyResets, "complete", [id]));
      expectReverted(await p.dairy.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.completed]);
      expectReverted(await bank.call(keyResets, "complete", [99]), "KeyResetNotOpener", [99, bank.address]);
    });

    it("by its opener alone, while it stands behind the account", async () => {
      const p = await resetTown();
      const { alice, bank, dairy, operator, partners, certifications, keyResets } = p;
      const id = await mustOpen(p, bank, alice.address, newKey.address);
      await waitFor(p, id);
      for (const other of [dairy, alice, p.bob]) {
        expectReverted(await other.call(keyResets, "complete", [id]), "KeyResetNotOpener", [id, other.address]);
      }
      const refused = async () =>
        expectReverted(await bank.call(keyResets, "complete", [id]), "KeyResetNotCertifier", [
          alice.address,
          bank.address,
        ]);
      await partners.connect(operator).suspend(bank.address, GROUND);
      await refused();
      await partners.connect(operator).reinstate(bank.address, GROUND);
      await partners.connect(operator).setPermissions(bank.address, 14);
      await refused();
      await partners.connect(operator).setPermissions(bank.address, 15);
      expectExecuted(await bank.call(certifications, "suspend", [alice.address, GROUND]));
      await refused();
      expectExecuted(await bank.call(certifications, "revoke", [alice.address, GROUND]));
      await refused();
      await partners.connect(operator).terminate(bank.address, GROUND);
      await refused();
      expect(await signerOf(alice)).to.equal(lost.address.toLowerCase());
    });
  });

  describe("is stopped", () => {
    it("by the old key, which releases the account at once", async () => {
      const p = await resetTown();
      const { alice, bank, keyResets, records } = p;
      const id = await mustOpen(p, bank, alice.address, newKey.address);
      const events = expectExecuted(await alice.call(keyResets, "objectTo", [id, GROUND]));
      expectEvent(events, "KeyResetObjected", [id, alice.address, alice.address, GROUND]);
      expectEvent(events, "TransfersReleased", []);
      expect(await p.heldUntil()).to.equal(0n);
      const { status, ground, closedBy, closedBlock } = await keyResets.resetOf(id);
      expect([status, ground, closedBy]).to.deep.equal([RESET.objected, GROUND, alice.address]);
      expect(Number(closedBlock)).to.equal(await blockNumber());
      await mineTo((await blockNumber()) + RESET_WAITING);
      expectReverted(await bank.call(keyResets, "complete", [id]), "KeyResetWrongStatus", [id, RESET.objected]);
      expectExecuted(await alice.call(records, "record", [recordOf("still alice")]));
    });

    it("by a second certifier, and by nobody else", async () => {
      const p = await resetTown();
      const { alice, bob, bank, dairy, school, operator, partners, keyResets } = p;
      const id = await mustOpen(p, bank, alice.address, newKey.address);
      for (const outsider of [bob, school]) {
        const attempt = await outsider.call(keyResets, "objectTo", [id, GROUND]);
        expectReverted(attempt, "KeyResetNotConcerned", [alice.address, outsider.address]);
      }
      expectReverted(await bank.call(keyResets, "objectTo", [id, GROUND]), "KeyResetOwn", [id, bank.address]);
      await partners.connect(operator).suspend(dairy.address, GROUND);
      expectReverted(await dairy.call(keyResets, "objectTo", [id, GROUND]), "KeyResetNotConcerned");
      await partners.connect(operator).reinstate(dairy.address, GROUND);
      expectExecuted(await dairy.call(keyResets, "objectTo", [id, GROUND]));
      expect(await keyResets.statusOf(id)).to.equal(RESET.objected);
    });

    it("after the waiting period too, as long as it has not completed", async () => {
      const p = await resetTown();
      const { alice, bank, dairy, keyResets, renewed } = p;
      const first = await mustOpen(p, bank, alice.address, newKey.address);
      await waitFor(p, first);
      expectExecuted(await alice.call(keyResets, "objectTo", [first, GROUND]));
      const second = await mustOpen(p, dairy, alice.address, newKey.address);
      await waitFor(p, second);
      expectExecuted(await dairy.call(keyResets, "complete", [second]));
      for (const late of [renewed, bank]) {
        const attempt = await late.call(keyResets, "objectTo", [second, GROUND]);
        expectReverted(attempt, "KeyResetWrongStatus", [second, RESET.completed]);
      }
    });

    it("by its opener, who need not be in good standing for that", async () => {
      const p = await resetTown();
      const { alice, bank, dairy, operator, partners, keyResets } = p;
      const id = await mustOpen(p, bank, alice.address, newKey.address);
      for (const other of [dairy, alice]) {
        expectReverted(await other.call(keyResets, "cancel", [id, GROUND]), "KeyResetNotOpener", [id, other.address]);
      }
      expectReverted(await bank.call(keyResets, "cancel", [id, ZeroHash]), "KeyResetGroundMissing", []);
      await partners.connect(operator).suspend(bank.address, GROUND);
      const events = expectExecuted(await bank.call(keyResets, "cancel", [id, GROUND]));
      expectEvent(events, "KeyResetCancelled", [id, alice.address, GROUND]);
      expect(await p.heldUntil()).to.equal(0n);
      expectReverted(await bank.call(keyResets, "cancel", [id, GROUND]), "KeyResetWrongStatus", [id, RESET.cancelled]);
    });

    it("with a ground, once, and not when it has lapsed", async () => {
      const p = await resetTown();
      const { alice, bank, keyResets } = p;
      const id = await mustOpen(p, bank, alice.address, newKey.address);
      expectReverted(await alice.call(keyResets, "objectTo", [id, ZeroHash]), "KeyResetGroundMissing", []);
      await letLapse(p, id);
      expectReverted(await alice.call(keyResets, "objectTo", [id, GROUND]), "KeyResetWrongStatus", [id, RESET.lapsed]);
      expectReverted(await alice.call(keyResets, "objectTo", [99, GROUND]), "KeyResetNotConcerned");
      // An old hold does not come back: its last block has passed.
      expect(Number(await p.heldUntil())).to.be.lessThan(await blockNumber());
    });

    it("without touching the hold of a later one", async () => {
      const p = await resetTown();
      const { alice, bank, dairy, keyResets } = p;
      const first = await mustOpen(p, bank, alice.address, newKey.address);
      await letLapse(p, first);
      const second = await mustOpen(p, dairy, alice.address, newKey.address);
      const until = await p.heldUntil();
      expectReverted(await bank.call(keyResets, "cancel", [first, GROUND]), "KeyResetWrongStatus");
      // The bank can only propose: stopping the proposal releases nothing either.
      expectReverted(await openReset(p, bank, alice.address, newKey.address), "KeyResetRunning");
      expect(await p.heldUntil()).to.equal(until);
      expect(await keyResets.runningOf(alice.address)).to.equal(second);
    });
  });

  describe("has a waiting period", () => {
    it("of a day of blocks at first", async () => {
      expect(await (await town()).keyResets.waitingBlocks()).to.equal(28_800n);
    });

    it("that Council sets, between one block and a week", async () => {
      const p = await town();
      const { keyResets } = p;
      const receipt = await decide(p, [keyResets, "setWaitingBlocks", [201_600]]);
      expect(await keyResets.waitingBlocks()).to.equal(201_600n);
      expectEvent(readEvents(receipt.logs), "WaitingBlocksSet", [201_600]);
      const council = keyResets.connect(await signerAt(await p.council.getAddress()));
      for (const blocks of [0, 201_601, 2 ** 48 - 1]) {
        await expectRevert(council.setWaitingBlocks(blocks), "KeyResetWaitingInvalid", [blocks]);
      }
    });
  });
});
