import { expect } from "chai";
import { AbiCoder, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, mineTo, networkHelpers, now } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";
import { ALGORITHM } from "../support/records.ts";

const STATUS = { none: 0n, proposed: 1n, effective: 2n, cancelled: 3n, lapsed: 4n } as const;

interface Proposal {
  digest: string;
  algorithm: number;
  lastBlock: number;
  salt: string;
  parties: string[];
}

const ascending = (addresses: readonly string[]) => [...addresses].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));

/** A contract between some participants, open for a hundred blocks. */
async function between(parties: readonly { address: string }[], changes: Partial<Proposal> = {}): Promise<Proposal> {
  return {
    digest: digestOf("contract"),
    algorithm: ALGORITHM.sha256,
    lastBlock: (await blockNumber()) + 100,
    salt: ZeroHash,
    parties: ascending(parties.map(({ address }) => address)),
    ...changes,
  };
}

async function propose({ agreements }: Town, proposer: Participant, proposal: Proposal): Promise<string> {
  expectExecuted(await proposer.call(agreements, "propose", [proposal]));
  return agreements.agreementId(proposer.address, proposal);
}

async function statusOf({ agreements }: Town, id: string): Promise<bigint> {
  return (await agreements.agreementOf(id)).status;
}

/** Addresses of nobody, from 1 upwards. */
const strangers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ address: toBeHex(0x1000 + index, 20) }));

describe("Agreements", () => {
  describe("proposing", () => {
    it("keeps document, deadline and parties under an identifier that commits to all of them", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob], { algorithm: ALGORITHM.sm3, salt: digestOf("salt") });
      const { digest, algorithm, lastBlock, salt, parties } = proposal;
      const events = expectExecuted(await p.carol.call(p.agreements, "propose", [proposal]));
      const id = keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ["address", "bytes32", "uint16", "address[]", "uint48", "bytes32"],
          [p.carol.address, digest, algorithm, parties, lastBlock, salt],
        ),
      );
      expect(await p.agreements.agreementId(p.carol.address, proposal)).to.equal(id);
      expectEvent(events, "AgreementProposed", [id, p.carol.address, digest, algorithm, lastBlock, salt, parties]);
      expect(await p.agreements.agreementOf(id)).to.deep.equal([
        p.carol.address,
        BigInt(lastBlock),
        BigInt(algorithm),
        2n,
        STATUS.proposed,
        0n,
        BigInt(await blockNumber()),
        0n,
        0n,
        digest,
      ]);
      expect(await p.agreements.isParty(id, p.alice.address)).to.equal(true);
      expect(await p.agreements.isParty(id, p.carol.address)).to.equal(false);
      expect(await p.agreements.hasConfirmed(id, p.carol.address)).to.equal(false);
    });

    it("refuses a document without digest or with an unknown algorithm", async () => {
      const p = await town();
      const [empty, odd] = [
        await between([p.alice], { digest: ZeroHash }),
        await between([p.alice], { algorithm: 0x1b }),
      ];
      expectReverted(await p.alice.call(p.agreements, "propose", [empty]), "AgreementDigestMissing");
      expectReverted(await p.alice.call(p.agreements, "propose", [odd]), "AgreementAlgorithmUnknown", [0x1b]);
    });

    it("refuses no parties and 65, and takes 64", async () => {
      const p = await town();
      for (const count of [0, 65]) {
        const proposal = await between(strangers(count));
        expectReverted(await p.alice.call(p.agreements, "propose", [proposal]), "AgreementPartyCount", [count, 64]);
      }
      const id = await propose(p, p.alice, await between([...strangers(63), p.alice]));
      expect((await p.agreements.agreementOf(id)).parties).to.equal(64n);
    });

    it("refuses a party that stands there twice, parties out of order and nobody at all", async () => {
      const p = await town();
      const [low, high] = ascending([p.alice.address, p.bob.address]) as [string, string];
      const attempts: [string[], number, string][] = [
        [[low, low], 1, low],
        [[high, low], 1, low],
        [[low, high, low], 2, low],
        [[ZeroAddress, low], 0, ZeroAddress],
      ];
      for (const [parties, index, party] of attempts) {
        const proposal = await between([], { parties });
        expectReverted(await p.alice.call(p.agreements, "propose", [proposal]), "AgreementPartyOrder", [index, party]);
      }
    });

    it("refuses a deadline in the past, and takes one in this very block", async () => {
      const p = await town();
      const block = await blockNumber();
      const past = await between([p.alice], { lastBlock: block });
      expectReverted(await p.alice.call(p.agreements, "propose", [past]), "AgreementDeadlinePassed", [
        block,
        block + 1,
      ]);
      const proposal = await between([p.alice], { lastBlock: block + 2 });
      const id = await p.agreements.agreementId(p.alice.address, proposal);
      const calls = [callOf(p.agreements, "propose", [proposal]), callOf(p.agreements, "confirm", [id])];
      expectExecuted(await p.alice.operate(calls));
      expect(await statusOf(p, id)).to.equal(STATUS.effective);
    });

    it("is for accounts that may give confirmations", async () => {
      const p = await town();
      const anonymous = await makeUser(p, p.bank, "anonymous", LEVEL.anonymous, { responsible: true });
      const proposal = await between([p.alice, anonymous]);
      const refused = await anonymous.call(p.agreements, "propose", [proposal]);
      expectReverted(refused, "AgreementNotPermitted", [anonymous.address]);
      await expectRevert(p.agreements.connect(p.operator).propose(proposal), "AgreementNotPermitted");
    });

    it("can not be squatted on: another who proposes the same gets another identifier", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob]);
      const squatted = await propose(p, p.carol, proposal);
      const id = await propose(p, p.alice, proposal);
      expect(id).not.to.equal(squatted);
      expectReverted(await p.carol.call(p.agreements, "cancel", [id]), "AgreementNotProposer", [id, p.carol.address]);
      expectExecuted(await p.carol.call(p.agreements, "cancel", [squatted]));
      expect(await statusOf(p, id)).to.equal(STATUS.proposed);
    });

    it("is done once: neither an open, a cancelled nor an effective one begins again", async () => {
      const p = await town();
      const proposal = await between([p.alice]);
      const id = await propose(p, p.alice, proposal);
      const again = () => p.alice.call(p.agreements, "propose", [proposal]);
      expectReverted(await again(), "AgreementExists", [id]);
      expectExecuted(await p.alice.call(p.agreements, "cancel", [id]));
      expectReverted(await again(), "AgreementExists", [id]);
      const other = { ...proposal, salt: digestOf("once more") };
      const effective = await propose(p, p.alice, other);
      expectExecuted(await p.alice.call(p.agreements, "confirm", [effective]));
      expectReverted(await p.alice.call(p.agreements, "propose", [other]), "AgreementExists", [effective]);
    });
  });

  describe("an agreement", () => {
    it("takes effect with the last party's confirmation, not before", async () => {
      const p = await town();
      const parties = [p.alice, p.bob, p.carol];
      const proposal = await between(parties);
      const id = await propose(p, p.bank, proposal);
      let confirmations = 0n;
      for (const party of parties) {
        expect(await statusOf(p, id)).to.equal(STATUS.proposed);
        const events = expectExecuted(await party.call(p.agreements, "confirm", [id]));
        confirmations |= 1n << BigInt(proposal.parties.indexOf(party.address));
        expectEvent(events, "AgreementConfirmed", [id, party.address, confirmations]);
        expect(events.some(({ name }) => name === "AgreementEffective")).to.equal(confirmations === 7n);
        expect(await p.agreements.hasConfirmed(id, party.address)).to.equal(true);
        if (confirmations === 7n) expectEvent(events, "AgreementEffective", [id, proposal.digest]);
      }
      const { status, closedBlock, closedAt } = await p.agreements.agreementOf(id);
      expect([status, closedBlock, closedAt]).to.deep.equal([
        STATUS.effective,
        BigInt(await blockNumber()),
        BigInt(await now()),
      ]);
    });

    it("needs all 64 of 64 parties", async () => {
      const p = await town();
      const proposal = await between([...strangers(61), p.alice, p.bob, p.carol]);
      const id = await propose(p, p.alice, proposal);
      for (const party of [p.alice, p.bob, p.carol]) {
        expectExecuted(await party.call(p.agreements, "confirm", [id]));
      }
      const { status, confirmations } = await p.agreements.agreementOf(id);
      expect(status).to.equal(STATUS.proposed);
      expect(confirmations).to.equal(0xe000_0000_0000_0000n);
    });

    it("is final: nobody can withdraw, cancel or confirm again, and its deadline means nothing", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob]);
      const id = await propose(p, p.alice, proposal);
      for (const party of [p.alice, p.bob]) expectExecuted(await party.call(p.agreements, "confirm", [id]));
      for (const fn of ["withdraw", "cancel", "confirm"]) {
        const refused = await p.alice.call(p.agreements, fn, [id]);
        expectReverted(refused, "AgreementWrongStatus", [id, STATUS.effective]);
      }
      await mineTo(proposal.lastBlock + 1);
      expect(await statusOf(p, id)).to.equal(STATUS.effective);
    });

    it("waits again when a party withdraws, who can confirm once more", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob]);
      const id = await propose(p, p.carol, proposal);
      const bit = (party: Participant) => 1n << BigInt(proposal.parties.indexOf(party.address));
      expectExecuted(await p.alice.call(p.agreements, "confirm", [id]));
      const events = expectExecuted(await p.alice.call(p.agreements, "withdraw", [id]));
      expectEvent(events, "ConfirmationWithdrawn", [id, p.alice.address, 0]);
      expect(await p.agreements.hasConfirmed(id, p.alice.address)).to.equal(false);
      expectExecuted(await p.bob.call(p.agreements, "confirm", [id]));
      const { status, confirmations } = await p.agreements.agreementOf(id);
      expect([status, confirmations]).to.deep.equal([STATUS.proposed, bit(p.bob)]);
      expectExecuted(await p.alice.call(p.agreements, "confirm", [id]));
      expect(await statusOf(p, id)).to.equal(STATUS.effective);
    });

    it("counts each party once", async () => {
      const p = await town();
      const id = await propose(p, p.carol, await between([p.alice, p.bob]));
      expectExecuted(await p.alice.call(p.agreements, "confirm", [id]));
      const twice = await p.alice.call(p.agreements, "confirm", [id]);
      expectReverted(twice, "AgreementAlreadyConfirmed", [id, p.alice.address]);
      const never = await p.bob.call(p.agreements, "withdraw", [id]);
      expectReverted(never, "AgreementNotConfirmed", [id, p.bob.address]);
    });

    it("listens to its parties alone, its proposer included", async () => {
      const p = await town();
      const id = await propose(p, p.carol, await between([p.alice, p.bob]));
      for (const fn of ["confirm", "withdraw"]) {
        const refused = await p.carol.call(p.agreements, fn, [id]);
        expectReverted(refused, "AgreementNotParty", [id, p.carol.address]);
      }
      expectReverted(await p.alice.call(p.agreements, "confirm", [ZeroHash]), "AgreementUnknown", [ZeroHash]);
    });

    it("can not be swapped under a confirmation: what its parties read is what the identifier holds", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob]);
      const id = await propose(p, p.carol, proposal);
      // Before the confirmation is mined, the proposer puts other terms in the place of these.
      expectExecuted(await p.carol.call(p.agreements, "cancel", [id]));
      const other = { ...proposal, digest: digestOf("worse terms") };
      const otherId = await propose(p, p.carol, other);
      const refused = await p.alice.call(p.agreements, "confirm", [id]);
      expectReverted(refused, "AgreementWrongStatus", [id, STATUS.cancelled]);
      expect(await p.agreements.hasConfirmed(otherId, p.alice.address)).to.equal(false);
    });

    it("is cancelled by its proposer until all have confirmed", async () => {
      const p = await town();
      const id = await propose(p, p.carol, await between([p.alice, p.bob]));
      expectExecuted(await p.alice.call(p.agreements, "confirm", [id]));
      const refused = await p.alice.call(p.agreements, "cancel", [id]);
      expectReverted(refused, "AgreementNotProposer", [id, p.alice.address]);
      expectEvent(expectExecuted(await p.carol.call(p.agreements, "cancel", [id])), "AgreementCancelled", [id]);
      const { status, closedBlock } = await p.agreements.agreementOf(id);
      expect([status, closedBlock]).to.deep.equal([STATUS.cancelled, BigInt(await blockNumber())]);
      for (const fn of ["confirm", "withdraw", "cancel"]) {
        expectReverted(await p.bob.call(p.agreements, fn, [id]), "AgreementWrongStatus", [id, STATUS.cancelled]);
      }
    });
  });

  describe("a deadline", () => {
    it("holds to the last block, in which the last party can still confirm", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob]);
      const id = await propose(p, p.carol, proposal);
      expectExecuted(await p.alice.call(p.agreements, "confirm", [id]));
      await mineTo(proposal.lastBlock - 1);
      expectExecuted(await p.bob.call(p.agreements, "confirm", [id]));
      expect(await blockNumber()).to.equal(proposal.lastBlock);
      expect(await statusOf(p, id)).to.equal(STATUS.effective);
    });

    it("lets the proposal lapse one block later, for confirming, withdrawing and cancelling alike", async () => {
      const p = await town();
      const proposal = await between([p.alice, p.bob]);
      const id = await propose(p, p.carol, proposal);
      expectExecuted(await p.alice.call(p.agreements, "confirm", [id]));
      await mineTo(proposal.lastBlock);
      expect(await statusOf(p, id)).to.equal(STATUS.proposed);
      expectReverted(await p.bob.call(p.agreements, "confirm", [id]), "AgreementWrongStatus", [id, STATUS.lapsed]);
      expect(await statusOf(p, id)).to.equal(STATUS.lapsed);
      expectReverted(await p.alice.call(p.agreements, "withdraw", [id]), "AgreementWrongStatus", [id, STATUS.lapsed]);
      expectReverted(await p.carol.call(p.agreements, "cancel", [id]), "AgreementWrongStatus", [id, STATUS.lapsed]);
    });
  });

  describe("a party whose certification lapsed", () => {
    it("can not confirm, but what it confirmed before counts", async () => {
      const p = await town();
      const passing = await makeUser(p, p.bank, "passing", LEVEL.phone, { lifetime: 600 });
      const proposal = await between([p.alice, passing], { lastBlock: (await blockNumber()) + 1_000 });
      const kept = await propose(p, p.carol, proposal);
      const missed = await propose(p, p.carol, { ...proposal, salt: digestOf("missed") });
      expectExecuted(await passing.call(p.agreements, "confirm", [kept]));
      await networkHelpers.time.increase(601);
      const refused = p.agreements.getFunction("confirm").staticCall(missed, { from: passing.address });
      await expectRevert(refused, "AgreementNotPermitted", [passing.address]);
      expectExecuted(await p.alice.call(p.agreements, "confirm", [kept]));
      expect(await statusOf(p, kept)).to.equal(STATUS.effective);
    });

    it("can still take its confirmation back", async () => {
      const p = await town();
      const id = await propose(p, p.alice, await between([p.alice, p.bob]));
      expectExecuted(await p.bob.call(p.agreements, "confirm", [id]));
      const expiry = (await now()) + 1_000;
      const lowered = [p.bob.address, LEVEL.registered, false, expiry, digestOf("lowered")];
      expectExecuted(await p.bank.call(p.certifications, "certify", lowered));
      expectExecuted(await p.bob.call(p.agreements, "withdraw", [id]));
      const refused = await p.bob.call(p.agreements, "confirm", [id]);
      expectReverted(refused, "AgreementNotPermitted", [p.bob.address]);
    });
  });
});
