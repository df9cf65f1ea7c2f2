import { expect } from "chai";
import { ZeroHash } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, signerAt } from "../support/chain.ts";
import { agree, decide, expectCallFailed } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent, readEvents } from "../support/events.ts";
import { callOf, expectExecuted, expectRefused } from "../support/operations.ts";
import { type Town, town } from "../support/participants.ts";
import { COUNCIL_DELAY, SEATS } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

const VOTES_COUNT = 1_200;
const PAUSE = 28_800;
const REST = 201_600;
const REASON = digestOf("reason");

const vote = (p: Town, seat: number, reason = REASON) => p.council.connect(p.seats[seat]).pause(reason);
const recordBy = (p: Town, name: string) => p.alice.operate([callOf(p.records, "record", [recordOf(name)])]);

/** Two of four seats have started a pause. */
async function paused() {
  const p = await town();
  await vote(p, 0);
  const events = await eventsOf(vote(p, 1));
  const firstBlock = await blockNumber();
  return { ...p, events, firstBlock, lastBlock: firstBlock + PAUSE - 1 };
}

describe("An emergency pause (GO-3)", () => {
  describe("starts", () => {
    it("at once with the votes of more than a third of the seats, and stops every operation", async () => {
      const p = await paused();
      expectEvent(p.events, "PauseVoted", [SEATS[1], 2, REASON]);
      expectEvent(p.events, "PauseStarted", [p.firstBlock, p.lastBlock]);
      expectEvent(p.events, "Paused", [p.lastBlock]);
      expect(await p.council.lastPause()).to.deep.equal([BigInt(p.firstBlock), BigInt(p.lastBlock)]);
      expectRefused(await recordBy(p, "one"), "QuotaPaused", [p.lastBlock]);
      expectRefused(await p.bank.call(p.admission, "withdrawRelay", [SEATS[0]]), "QuotaPaused", [p.lastBlock]);
    });

    it("not with one vote of four, however often it is cast", async () => {
      const p = await town();
      for (let at = 0; at < 3; at++) {
        expectEvent(await eventsOf(vote(p, 0)), "PauseVoted", [SEATS[0], 1, REASON]);
      }
      expect(await p.council.lastPause()).to.deep.equal([0n, 0n]);
      expectExecuted(await recordBy(p, "one"));
    });

    it("by seats only, each of which states a reason that is kept", async () => {
      const p = await town();
      for (const outsider of [p.operator, p.regulator, p.stranger]) {
        await expectRevert(p.council.connect(outsider).pause(REASON), "CouncilNotASeat", [outsider.address]);
      }
      await expectRevert(vote(p, 0, ZeroHash), "CouncilReasonMissing", []);
      await vote(p, 0);
      const block = BigInt(await blockNumber());
      expect(await p.council.pauseVoteOf(SEATS[0] as string)).to.deep.equal([block, REASON]);
      expect(await p.council.pauseVoteOf(SEATS[1] as string)).to.deep.equal([0n, ZeroHash]);
    });

    it("with votes of the last hour only", async () => {
      const p = await town();
      await vote(p, 0);
      const first = await blockNumber();
      await mineTo(first + VOTES_COUNT - 1);
      expectEvent(await eventsOf(vote(p, 1)), "PauseVoted", [SEATS[1], 1, REASON]);
      const second = await blockNumber();
      await mineTo(second + VOTES_COUNT - 2);
      expectEvent(await eventsOf(vote(p, 2)), "PauseVoted", [SEATS[2], 2, REASON]);
      expect((await p.council.lastPause())[0]).to.equal(BigInt(second + VOTES_COUNT - 1));
    });

    it("without the vote of a seat that was taken away meanwhile", async () => {
      const p = await town();
      const { id, calls } = await agree(p, [p.council, "removeSeat", [SEATS[0]]]);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      await vote(p, 0);
      await p.council.connect(p.seats[1]).execute(id, calls);
      // Three seats are left, of which two would be needed.
      expectEvent(await eventsOf(vote(p, 1)), "PauseVoted", [SEATS[1], 1, REASON]);
      await expectRevert(vote(p, 0), "CouncilNotASeat", [SEATS[0]]);
      expectEvent(await eventsOf(vote(p, 2)), "PauseVoted", [SEATS[2], 2, REASON]);
      expect((await p.council.lastPause())[0]).to.equal(BigInt(await blockNumber()));
    });

    for (const [seats, votes] of [
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 2],
      [6, 3],
      [9, 4],
    ] as const) {
      it(`with ${votes} of ${seats} seats`, async () => {
        const { council } = await town();
        const itself = council.connect(await signerAt(SYSTEM_ADDRESSES.Council));
        for (let at = 4; at < seats; at++) await itself.addSeat(walletOf(`further seat ${at}`).address);
        for (let at = seats; at < 4; at++) await itself.removeSeat(SEATS[at] as string);
        expect(await council.pauseQuorum()).to.equal(BigInt(votes));
      });
    }
  });

  describe("does not stop Council", () => {
    it("whose proposals are made, voted for and executed meanwhile", async () => {
      const p = await town();
      const waiting = await agree(p, [p.admission, "setPeriod", [55]]);
      await vote(p, 0);
      await vote(p, 1);
      await mineTo((await blockNumber()) + COUNCIL_DELAY);
      await p.council.connect(p.seats[0]).execute(waiting.id, waiting.calls);
      expect(await p.admission.periodBlocks()).to.equal(55n);
      await decide(p, [p.admission, "setPeriod", [66]]);
      expect(await p.admission.periodBlocks()).to.equal(66n);
    });

    it("which can take the seats of those who paused", async () => {
      const p = await paused();
      await decide(p, [p.council, "removeSeat", [SEATS[3]]]);
      expect(await p.council.isSeat(SEATS[3] as string)).to.equal(false);
      expect(await p.quota.pausedUntil()).to.equal(BigInt(p.lastBlock));
    });
  });

  describe("ends", () => {
    it("by itself after a day, in the very block", async () => {
      const p = await paused();
      await mineTo(p.lastBlock - 1);
      expectRefused(await recordBy(p, "one"), "QuotaPaused", [p.lastBlock]);
      await mineTo(p.lastBlock);
      expectExecuted(await recordBy(p, "one"));
      expect(await blockNumber()).to.equal(p.lastBlock + 1);
    });

    it("before that by a proposal, and is remembered with the blocks that it lasted", async () => {
      const p = await paused();
      const receipt = await decide(p, [p.council, "endPause", []]);
      const last = receipt.blockNumber - 1;
      expectEvent(readEvents(receipt.logs), "PauseEnded", [last]);
      expect(await p.council.lastPause()).to.deep.equal([BigInt(p.firstBlock), BigInt(last)]);
      expect(await p.quota.pausedUntil()).to.equal(BigInt(last));
      expectExecuted(await recordBy(p, "one"));
    });

    it("by nobody's word alone, and not where none is", async () => {
      const p = await paused();
      for (const caller of [p.seats[0], p.operator]) {
        await expectRevert(p.council.connect(caller).endPause(), "CouncilOnly", [caller?.address]);
      }
      await decide(p, [p.council, "endPause", []]);
      await expectCallFailed(decide(p, [p.council, "endPause", []]), 0, "CouncilNotPaused", []);
    });
  });

  describe("can not go on for ever", () => {
    it("for there is no vote while it runs, nor for a week after", async () => {
      const p = await paused();
      const next = p.lastBlock + REST + 1;
      await expectRevert(vote(p, 2), "CouncilPauseTooSoon", [next]);
      await mineTo(next - 2);
      await expectRevert(vote(p, 2), "CouncilPauseTooSoon", [next]);
      await mineTo(next - 1);
      // The votes for the last one do not count any more.
      expectEvent(await eventsOf(vote(p, 2)), "PauseVoted", [SEATS[2], 1, REASON]);
    });

    it("for a week passes after an early end too, and the votes before it are gone", async () => {
      const p = await paused();
      const receipt = await decide(p, [p.council, "endPause", []]);
      const next = receipt.blockNumber + REST;
      await expectRevert(vote(p, 0), "CouncilPauseTooSoon", [next]);
      await mineTo(next - 1);
      expectEvent(await eventsOf(vote(p, 0)), "PauseVoted", [SEATS[0], 1, REASON]);
    });

    it("for two seats that try all the time get an eighth of the blocks", async () => {
      const p = await paused();
      let stopped = PAUSE;
      let end = p.lastBlock;
      for (let at = 0; at < 3; at++) {
        await mineTo(end + REST);
        await vote(p, 0);
        await vote(p, 1);
        const [first, last] = await p.council.lastPause();
        stopped += Number(last - first) + 1;
        end = Number(last);
      }
      const all = end + REST + 1 - p.firstBlock;
      expect(stopped).to.equal(4 * PAUSE);
      expect(stopped * 8).to.be.at.most(all);
    });
  });
});
