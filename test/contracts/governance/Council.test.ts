import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress } from "ethers";
import type { Council } from "../../../generated/contracts/index.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, signerAt } from "../support/chain.ts";
import { agree, decide, latestProposal } from "../support/council.ts";
import { expectRevert, readFailure, revertData } from "../support/errors.ts";
import { eventsOf, expectEvent, readEvents } from "../support/events.ts";
import { callOf } from "../support/operations.ts";
import { COUNCIL_DELAY, COUNCIL_LIFETIME, contractAt, deployed, platform, SEATS } from "../support/platform.ts";

const STATUS = { none: 0n, open: 1n, agreed: 2n, executed: 3n, cancelled: 4n, lapsed: 5n } as const;
const REASON = digestOf("reason");
const newSeat = walletOf("seat 5").address;

/** A platform with an open proposal of seat 1. */
async function withProposal() {
  const p = await platform();
  const calls = [callOf(p.admission, "setPeriod", [55])];
  const events = await eventsOf(p.council.connect(p.seats[0]).propose(calls, REASON));
  return { ...p, calls, events, proposedBlock: await blockNumber() };
}

describe("Council", () => {
  describe("a proposal", () => {
    it("counts its proposer's vote and keeps the digest of its calls", async () => {
      const { council, seats, calls, events, proposedBlock } = await withProposal();
      const tuples = calls.map(({ target, data }) => [target, data]);
      expectEvent(events, "Proposed", [1, seats[0]?.address, tuples, REASON]);
      expectEvent(events, "Voted", [1, seats[0]?.address, 1, 4]);
      const proposal = await council.proposal(1);
      expect(proposal.votes).to.equal(1n);
      expect(proposal.proposedBlock).to.equal(BigInt(proposedBlock));
      const encoded = AbiCoder.defaultAbiCoder().encode(["tuple(address,bytes)[]"], [tuples]);
      expect(proposal.callsDigest).to.equal(keccak256(encoded));
      expect(await council.hasVoted(1, seats[0]?.address ?? "")).to.equal(true);
      expect(await council.hasVoted(1, seats[1]?.address ?? "")).to.equal(false);
      expect(await council.statusOf(1)).to.equal(STATUS.open);
    });

    it("is agreed with more than two thirds of the seats, not with two of four", async () => {
      const { council, seats } = await withProposal();
      expect(await council.quorum()).to.equal(3n);
      await council.connect(seats[1]).vote(1);
      expect(await council.statusOf(1)).to.equal(STATUS.open);
      const events = await eventsOf(council.connect(seats[2]).vote(1));
      const from = (await blockNumber()) + COUNCIL_DELAY;
      expectEvent(events, "Agreed", [1, from, from + COUNCIL_LIFETIME]);
      expect(await council.statusOf(1)).to.equal(STATUS.agreed);
    });

    it("is executed after the delay, by any seat, and once", async () => {
      const { council, seats, calls, admission } = await withProposal();
      await council.connect(seats[1]).vote(1);
      await council.connect(seats[2]).vote(1);
      const from = (await blockNumber()) + COUNCIL_DELAY;
      await expectRevert(council.connect(seats[3]).execute(1, calls), "CouncilTooEarly", [1, from]);
      await mineTo(from - 1);
      const events = await eventsOf(council.connect(seats[3]).execute(1, calls));
      expect(await blockNumber()).to.equal(from);
      expectEvent(events, "Executed", [1]);
      expectEvent(events, "PeriodChanged", [55]);
      expect(await admission.periodBlocks()).to.equal(55n);
      await expectRevert(council.connect(seats[3]).execute(1, calls), "CouncilWrongStatus", [1, STATUS.executed]);
      await expectRevert(council.connect(seats[3]).vote(1), "CouncilWrongStatus", [1, STATUS.executed]);
    });

    it("can not be executed before it is agreed, nor with other calls", async () => {
      const p = await withProposal();
      const { council, seats, calls } = p;
      await expectRevert(council.connect(seats[0]).execute(1, calls), "CouncilWrongStatus", [1, STATUS.open]);
      await council.connect(seats[1]).vote(1);
      await council.connect(seats[2]).vote(1);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      for (const other of [[], [...calls, ...calls], [callOf(p.admission, "setPeriod", [56])]]) {
        await expectRevert(council.connect(seats[0]).execute(1, other), "CouncilCallsDiffer", [1]);
      }
    });

    it("lapses when it finds no quorum in its lifetime", async () => {
      const { council, seats, proposedBlock } = await withProposal();
      await council.connect(seats[1]).vote(1);
      await mineTo(proposedBlock + COUNCIL_LIFETIME);
      expect(await council.statusOf(1)).to.equal(STATUS.open);
      await mineTo(proposedBlock + COUNCIL_LIFETIME + 1);
      expect(await council.statusOf(1)).to.equal(STATUS.lapsed);
      await expectRevert(council.connect(seats[2]).vote(1), "CouncilWrongStatus", [1, STATUS.lapsed]);
    });

    it("lapses when nobody executes it in time", async () => {
      const p = await platform();
      const { id, calls } = await agree(p, [p.admission, "setPeriod", [55]]);
      const until = (await blockNumber()) + COUNCIL_DELAY + COUNCIL_LIFETIME;
      await mineTo(until);
      expect(await p.council.statusOf(id)).to.equal(STATUS.agreed);
      await mineTo(until + 1);
      expect(await p.council.statusOf(id)).to.equal(STATUS.lapsed);
      await expectRevert(p.council.connect(p.seats[0]).execute(id, calls), "CouncilWrongStatus", [id, STATUS.lapsed]);
    });

    it("can be taken back by its proposer while it is open or agreed, and by nobody else", async () => {
      const { council, seats, stranger } = await withProposal();
      await expectRevert(council.connect(seats[1]).cancel(1), "CouncilNotProposer", [seats[1]?.address]);
      await expectRevert(council.connect(stranger).cancel(1), "CouncilNotProposer", [stranger.address]);
      expectEvent(await eventsOf(council.connect(seats[0]).cancel(1)), "Cancelled", [1]);
      expect(await council.statusOf(1)).to.equal(STATUS.cancelled);
      await expectRevert(council.connect(seats[1]).vote(1), "CouncilWrongStatus", [1, STATUS.cancelled]);
      await expectRevert(council.connect(seats[0]).cancel(1), "CouncilWrongStatus", [1, STATUS.cancelled]);
    });

    it("is taken back after agreement too, and then never executed", async () => {
      const p = await platform();
      const { id, calls } = await agree(p, [p.admission, "setPeriod", [55]]);
      await p.council.connect(p.seats[0]).cancel(id);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      const attempt = p.council.connect(p.seats[0]).execute(id, calls);
      await expectRevert(attempt, "CouncilWrongStatus", [id, STATUS.cancelled]);
    });

    it("has to exist", async () => {
      const { council, seats } = await withProposal();
      for (const unknown of [0, 2]) {
        await expectRevert(council.connect(seats[1]).vote(unknown), "CouncilProposalUnknown", [unknown]);
        await expectRevert(council.connect(seats[1]).execute(unknown, []), "CouncilProposalUnknown", [unknown]);
        await expectRevert(council.connect(seats[0]).cancel(unknown), "CouncilWrongStatus", [unknown, STATUS.none]);
        await expectRevert(council.proposal(unknown), "CouncilProposalUnknown", [unknown]);
        expect(await council.statusOf(unknown)).to.equal(STATUS.none);
      }
    });
  });

  describe("votes", () => {
    it("are the seats', one each", async () => {
      const { council, seats, stranger, operator, calls } = await withProposal();
      for (const outsider of [stranger, operator]) {
        const acting = council.connect(outsider);
        await expectRevert(acting.propose(calls, REASON), "CouncilNotASeat", [outsider.address]);
        await expectRevert(acting.vote(1), "CouncilNotASeat", [outsider.address]);
        await expectRevert(acting.execute(1, calls), "CouncilNotASeat", [outsider.address]);
      }
      await expectRevert(council.connect(seats[0]).vote(1), "CouncilAlreadyVoted", [1, seats[0]?.address]);
    });

    it("of a seat that was taken away do not count", async () => {
      const p = await withProposal();
      const { council, seats } = p;
      await council.connect(seats[3]).vote(1); // seats 1 and 4
      await decide(p, [council, "removeSeat", [SEATS[3]]]);
      expect(await council.quorum()).to.equal(3n);
      const events = await eventsOf(council.connect(seats[1]).vote(1)); // seats 1 and 2 of three
      expectEvent(events, "Voted", [1, seats[1]?.address, 2, 3]);
      expect(await council.statusOf(1)).to.equal(STATUS.open);
      await expectRevert(council.connect(seats[3]).vote(1), "CouncilNotASeat", [seats[3]?.address]);
      await council.connect(seats[2]).vote(1);
      expect(await council.statusOf(1)).to.equal(STATUS.agreed);
    });

    it("of a new seat count, and the quorum grows with it", async () => {
      const p = await platform();
      await decide(p, [p.council, "addSeat", [newSeat]], [p.council, "addSeat", [walletOf("seat 6").address]]);
      expect(await p.council.quorum()).to.equal(5n);
      const { id } = await agree(p, [p.admission, "setPeriod", [55]]);
      expect(await p.council.statusOf(id)).to.equal(STATUS.open);
      await p.council.connect(await signerAt(newSeat)).vote(id);
      expect(await p.council.statusOf(id)).to.equal(STATUS.agreed);
    });

    for (const [seats, quorum] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 3],
      [5, 4],
      [6, 5],
      [7, 5],
      [9, 7],
    ] as const) {
      it(`take effect with ${quorum} of ${seats} seats`, async () => {
        const { council } = await platform();
        const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
        for (let at = 4; at < seats; at++) await itself.addSeat(walletOf(`further seat ${at}`).address);
        for (let at = seats; at < 4; at++) await itself.removeSeat(SEATS[at] as string);
        expect((await council.seats()).length).to.equal(seats);
        expect(await council.quorum()).to.equal(BigInt(quorum));
      });
    }
  });

  describe("agreement", () => {
    it("is judged again at execution: without the votes of seats that were taken away it needs others", async () => {
      const p = await platform();
      const { council, seats } = p;
      const removal = await agree(p, [council, "removeSeat", [SEATS[2]]]);
      const { id, calls } = await agree(p, [p.admission, "setPeriod", [55]]);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      await council.connect(seats[0]).execute(removal.id, removal.calls);
      await expectRevert(council.connect(seats[0]).execute(id, calls), "CouncilQuorumLost", [id, 2, 3]);
      await expectRevert(council.connect(seats[1]).vote(id), "CouncilAlreadyVoted", [id, SEATS[1]]);
      const { agreedBlock } = await council.proposal(id);
      await council.connect(seats[3]).vote(id);
      expect((await council.proposal(id)).agreedBlock).to.equal(agreedBlock);
      await council.connect(seats[0]).execute(id, calls);
      expect(await p.admission.periodBlocks()).to.equal(55n);
    });

    it("needs further votes when seats were added meanwhile", async () => {
      const p = await platform();
      const { council, seats } = p;
      const others = ["seat 5", "seat 6"].map((name) => walletOf(name).address);
      const { id, calls } = await agree(p, [p.admission, "setPeriod", [55]]);
      const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      for (const seat of others) await itself.addSeat(seat);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      await expectRevert(council.connect(seats[0]).execute(id, calls), "CouncilQuorumLost", [id, 3, 5]);
      await council.connect(seats[3]).vote(id);
      await council.connect(await signerAt(others[0] as string)).vote(id);
      await council.connect(seats[0]).execute(id, calls);
    });
  });

  describe("execution", () => {
    it("makes all calls or none, and says which one failed and why", async () => {
      const p = await platform();
      const { id, calls } = await agree(p, [p.admission, "setPeriod", [55]], [p.admission, "setPeriod", [0]]);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      const failure = await p.council
        .connect(p.seats[0])
        .execute(id, calls)
        .then(
          () => undefined,
          (error) => readFailure(revertData(error) ?? "0x"),
        );
      expect(failure?.name).to.equal("CouncilCallFailed");
      expect(failure?.args[0]).to.equal(1n);
      expect(readFailure(failure?.args[1] as string).name).to.equal("AdmissionInvalidPeriod");
      expect(await p.admission.periodBlocks()).to.equal(1_200n);
      expect(await p.council.statusOf(id)).to.equal(STATUS.agreed);
    });

    it("fails on an address without code, where a call would succeed and do nothing", async () => {
      const p = await platform();
      const { council, seats } = p;
      const calls = [{ target: walletOf("nobody").address, data: "0x12345678" }];
      await council.connect(seats[0]).propose(calls, REASON);
      const id = await latestProposal(p);
      await council.connect(seats[1]).vote(id);
      await council.connect(seats[2]).vote(id);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      await expectRevert(council.connect(seats[0]).execute(id, calls), "CouncilCallFailed", [0, "0x"]);
    });

    it("can not be entered again by a call of the proposal itself", async () => {
      const p = await platform();
      // Council as one of its own seats: the only way in which a call could come back.
      await decide(p, [p.council, "addSeat", [SYSTEM_ADDRESSES.Council]]);
      const id = (await latestProposal(p)) + 1n;
      const nested = { id, calls: [] };
      const { calls } = await agree(p, [p.council, "execute", [nested.id, nested.calls]]);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      const failure = await p.council
        .connect(p.seats[0])
        .execute(id, calls)
        .then(
          () => undefined,
          (error) => readFailure(revertData(error) ?? "0x"),
        );
      expect(readFailure(failure?.args[1] as string)).to.deep.equal({
        name: "CouncilWrongStatus",
        args: [id, STATUS.executed],
      });
    });
  });

  describe("seats and terms", () => {
    it("change by proposals only", async () => {
      const { council, seats, operator } = await platform();
      for (const caller of [seats[0], operator]) {
        const acting = council.connect(caller);
        await expectRevert(acting.addSeat(newSeat), "CouncilOnly", [caller?.address]);
        await expectRevert(acting.removeSeat(SEATS[1] as string), "CouncilOnly", [caller?.address]);
        await expectRevert(acting.setTerms(0, 1), "CouncilOnly", [caller?.address]);
        await expectRevert(acting.initialise([newSeat], 1, 1), "CouncilOnly", [caller?.address]);
      }
    });

    it("are listed, added and removed with an event", async () => {
      const p = await platform();
      expect(await p.council.seats()).to.deep.equal(SEATS);
      const added = await decide(p, [p.council, "addSeat", [newSeat]], [p.council, "setTerms", [7, 70]]);
      expectEvent(readEvents(added.logs), "SeatAdded", [newSeat]);
      expectEvent(readEvents(added.logs), "TermsChanged", [7, 70]);
      expect(await p.council.terms()).to.deep.equal([7n, 70n]);
      expect(await p.council.isSeat(newSeat)).to.equal(true);
      const itself = p.council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      expectEvent(await eventsOf(itself.removeSeat(newSeat)), "SeatRemoved", [newSeat]);
      expect(await p.council.isSeat(newSeat)).to.equal(false);
    });

    it("refuse the zero address, a seat twice, an unknown seat, and to lose the last one", async () => {
      const { council } = await platform();
      const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      await expectRevert(itself.addSeat(ZeroAddress), "CouncilInvalidSeat", [ZeroAddress]);
      await expectRevert(itself.addSeat(SEATS[0] as string), "CouncilInvalidSeat", [SEATS[0]]);
      await expectRevert(itself.removeSeat(newSeat), "CouncilInvalidSeat", [newSeat]);
      for (const seat of SEATS.slice(1)) await itself.removeSeat(seat);
      await expectRevert(itself.removeSeat(SEATS[0] as string), "CouncilInvalidSeat", [SEATS[0]]);
    });

    it("are 64 at most", async () => {
      const { council } = await platform();
      const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      for (let at = 4; at < 64; at++) await itself.addSeat(walletOf(`further seat ${at}`).address);
      await expectRevert(itself.addSeat(newSeat), "CouncilTooManySeats", [64]);
    });

    it("new ones bind later proposals only: a delay can not be cut short, what lapsed does not come back", async () => {
      const p = await platform();
      const { council, seats } = p;
      const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      const lapsing = await agree(p, [p.admission, "setPeriod", [55]]);
      await mineTo((await blockNumber()) + COUNCIL_DELAY + COUNCIL_LIFETIME + 1);
      const waiting = await agree(p, [p.admission, "setPeriod", [66]]);
      const from = (await blockNumber()) + COUNCIL_DELAY;
      await itself.setTerms(1, 10_000_000);
      expect(await council.statusOf(lapsing.id)).to.equal(STATUS.lapsed);
      const early = council.connect(seats[0]).execute(waiting.id, waiting.calls);
      await expectRevert(early, "CouncilTooEarly", [waiting.id, from]);
      const { delayBlocks, lifetimeBlocks } = await council.proposal(waiting.id);
      expect([delayBlocks, lifetimeBlocks]).to.deep.equal([BigInt(COUNCIL_DELAY), BigInt(COUNCIL_LIFETIME)]);
      const later = await agree(p, [p.admission, "setPeriod", [77]]);
      expect((await council.proposal(later.id)).delayBlocks).to.equal(1n);
    });

    it("refuse terms without a delay, or under which nothing could be executed", async () => {
      const { council } = await platform();
      const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      const most = 10_000_000;
      for (const [delay, lifetime] of [
        [0, 1],
        [1, 0],
        [most + 1, 1],
        [1, most + 1],
      ] as const) {
        await expectRevert(itself.setTerms(delay, lifetime), "CouncilInvalidTerms", []);
      }
      await itself.setTerms(most, most);
    });

    it("can not start empty: a council without seats would be anybody's to initialise", async () => {
      const { operator } = await platform();
      const code = await deployed(operator, "governance/Council", []);
      const council = contractAt<Council>("Council", code).connect(operator);
      await expectRevert(council.initialise([], 1, 1), "CouncilInvalidSeat", [ZeroAddress]);
      await council.initialise([newSeat], 1, 1);
      expect(await council.seats()).to.deep.equal([newSeat]);
    });
  });
});
