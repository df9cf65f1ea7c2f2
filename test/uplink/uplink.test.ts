import { expect } from "chai";
import { Interface } from "ethers";
import { BropError } from "../../src/core/errors.ts";
import { rewind } from "../../src/store/rewind.ts";
import { IndexedOperationEnds } from "../../src/uplink/indexed-ends.ts";
import { onEachDatabase } from "../store/databases.ts";
import { Fakes, newSubmission, type ScriptedRelay } from "./fakes.ts";
import { Kill } from "./kill.ts";

const SECOND = 1_000;

describe("uplink", () => {
  onEachDatabase((database) => {
    let fakes: Fakes;
    let one: ScriptedRelay;
    let two: ScriptedRelay;
    beforeEach(async () => {
      fakes = new Fakes(database());
      [one, two] = fakes.relays as [ScriptedRelay, ScriptedRelay];
      await fakes.chain.index();
    });

    it("sends what is signed to a relay, and writes down that it was included", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      const uplink = fakes.uplink();
      await uplink.pass();
      expect(one.taken).to.have.length(1);
      expect(one.taken[0]?.operation).to.deep.equal(submission.operation);
      expect(await fakes.row(submission)).to.include({ state: "submitted", relay: "one", endedAt: null });
      await fakes.chain.include(submission);
      await uplink.pass();
      const row = await fakes.row(submission);
      expect(row).to.include({ state: "included", success: true, blockNumber: 101, gasUsed: 50_000, dueAt: null });
      expect(row).to.include({ reason: null, endedAt: fakes.clock.time, transactionHash: `0x${"7a".repeat(32)}` });
      expect(two.asked).to.equal(0);
    });

    it("says why an included operation did nothing", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      const errors = new Interface(["error RecordExists(bytes32 id)"]);
      const id = `0x${"12".repeat(32)}`;
      await fakes.chain.include(submission, errors.encodeErrorResult("RecordExists", [id]));
      await fakes.uplink().pass();
      const row = await fakes.row(submission);
      expect(row).to.include({ state: "included", success: false });
      expect(row.reason).to.include({ code: "evidence.exists", id });
    });

    it("expires what no indexed block up to its deadline has, not a block earlier", async () => {
      const submission = newSubmission({ deadline: 110 });
      await fakes.add(submission);
      const uplink = fakes.uplink();
      await fakes.chain.index(109);
      // The chain is past it, the index is not: an inclusion may still show.
      fakes.chain.head = 120;
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ endedAt: null });
      await fakes.chain.index(110);
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({
        state: "expired",
        blockNumber: 110,
        success: null,
        dueAt: null,
      });
    });

    it("finds an inclusion in the very block of the deadline", async () => {
      const submission = newSubmission({ deadline: 101 });
      await fakes.add(submission);
      await fakes.chain.include(submission);
      await fakes.chain.index(130);
      await fakes.uplink().pass();
      expect(await fakes.row(submission)).to.include({ state: "included", blockNumber: 101 });
    });

    it("ends what was on the chain, or too late, before it was handed over, though no further block comes", async () => {
      const uplink = fakes.uplink();
      const handedOver = { dueAt: fakes.clock.time };
      const included = newSubmission({ deadline: 200, ...handedOver });
      const late = newSubmission({ deadline: 120, ...handedOver });
      await fakes.chain.include(included);
      await fakes.chain.index(130);
      await uplink.pass();
      await fakes.add(included);
      await fakes.add(late);
      await uplink.pass();
      expect(await fakes.row(late)).to.include({ state: "expired", blockNumber: 130 });
      fakes.clock.time += 60 * SECOND;
      await uplink.pass();
      expect(await fakes.row(included)).to.include({ state: "included", blockNumber: 101 });
    });

    it("expires what still waits for its signature, and finds it when its caller sent it elsewhere", async () => {
      const [forgotten, elsewhere] = [newSubmission({ state: "received" }), newSubmission({ state: "received" })];
      await fakes.add(forgotten, elsewhere);
      const uplink = fakes.uplink();
      await uplink.pass();
      expect(one.asked + two.asked).to.equal(0);
      await fakes.chain.include(elsewhere);
      await fakes.chain.index(150);
      await uplink.pass();
      expect(await fakes.row(forgotten)).to.include({ state: "expired" });
      expect(await fakes.row(elsewhere)).to.include({ state: "included" });
    });

    it("rejects what another operation with the same serial displaced", async () => {
      const submission = newSubmission({ deadline: 110 });
      await fakes.add(submission);
      const { sender, nonce } = submission;
      await fakes.chain.include({ sender, nonce, hash: `0x${"99".repeat(32)}` });
      await fakes.chain.index(110);
      await fakes.uplink().pass();
      const row = await fakes.row(submission);
      expect(row).to.include({ state: "rejected", blockNumber: 101 });
      expect(row.reason).to.include({ code: "operation.displaced", by: `0x${"99".repeat(32)}` });
    });

    it("turns to another relay when one is down, and leaves that one alone for a while", async () => {
      one.down();
      const [first, second, third] = [newSubmission(), newSubmission(), newSubmission()];
      await fakes.add(first);
      const uplink = fakes.uplink();
      await uplink.pass();
      expect(await fakes.row(first)).to.include({ state: "submitted", relay: "two" });
      await fakes.add(second);
      await uplink.pass();
      expect([one.asked, two.asked]).to.deep.equal([1, 2]);
      one.work();
      fakes.clock.time += 2 * SECOND;
      await fakes.add(third);
      await uplink.pass();
      expect(await fakes.row(third)).to.include({ relay: "one" });
    });

    it("offers what one relay refuses to the next one at once, without its neighbours", async () => {
      const [bad, good] = [newSubmission(), newSubmission()];
      one.behave = ({ hash }) => (hash === bad.hash ? new BropError("operation.rejected") : undefined);
      await fakes.add(bad, good);
      await fakes.uplink().pass();
      expect(await fakes.row(bad)).to.include({ state: "submitted", relay: "two" });
      expect(await fakes.row(good)).to.include({ state: "submitted", relay: "one" });
      expect(two.taken.map(({ hash }) => hash)).to.deep.equal([bad.hash]);
    });

    it("tries again with growing pauses what all refuse, tells why, and ends it by its deadline", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      one.refuse("quota.exhausted");
      two.down();
      const uplink = fakes.uplink();
      const waits: number[] = [];
      for (let attempt = 0; attempt < 8; attempt++) {
        await uplink.pass();
        const { dueAt } = await fakes.row(submission);
        waits.push((dueAt ?? 0) - fakes.clock.time);
        fakes.clock.time = dueAt ?? 0;
      }
      expect(waits).to.deep.equal([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * SECOND));
      const row = await fakes.row(submission);
      expect(row).to.include({ state: "signed", relay: null, attempts: 8 });
      // What a relay said tells more than that another one said nothing.
      expect(row.reason).to.include({ code: "quota.exhausted", reason: "one says so" });
      await fakes.chain.index(150);
      const asked = one.asked + two.asked;
      await uplink.pass();
      const end = await fakes.row(submission);
      expect(end).to.include({ state: "expired" });
      expect(end.reason).to.include({ code: "quota.exhausted" });
      expect(one.asked + two.asked).to.equal(asked);
    });

    it("sends again what a relay took when no end comes, to the next relay", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      const uplink = fakes.uplink();
      await uplink.pass();
      fakes.clock.time += 23 * SECOND;
      await uplink.pass();
      expect([one.taken.length, two.taken.length]).to.deep.equal([1, 0]);
      fakes.clock.time += SECOND;
      await uplink.pass();
      expect([one.taken.length, two.taken.length]).to.deep.equal([1, 1]);
      expect(await fakes.row(submission)).to.include({ state: "submitted", relay: "two", attempts: 2 });
    });

    it("does not take a refusal for an end: who took it before may still include it", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      const uplink = fakes.uplink();
      await uplink.pass();
      one.refuse();
      two.refuse();
      fakes.clock.time += 24 * SECOND;
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "submitted", relay: "one", endedAt: null });
      await fakes.chain.include(submission);
      await uplink.pass();
      const row = await fakes.row(submission);
      expect(row).to.include({ state: "included", success: true });
      expect(row.reason).to.equal(null);
    });

    it("sends nothing whose deadline is over", async () => {
      await fakes.add(newSubmission({ deadline: 100 }));
      await fakes.uplink().pass();
      expect(one.asked + two.asked).to.equal(0);
    });

    it("goes on sending while the chain's height is not known, and finds ends by the index", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      const uplink = fakes.uplink({
        head: async () => {
          throw new BropError("chain.unreachable");
        },
      });
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "submitted" });
      await fakes.chain.include(submission);
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "included" });
    });

    it("keeps words of a relay that a database could not hold", async () => {
      one.behave = () => new BropError("operation.rejected", { reason: `a\0b\ud800${"x".repeat(100)}` });
      two.behave = () => new BropError("operation.rejected", { reason: "y".repeat(10_000), deep: { a: ["\0"] } });
      const submission = newSubmission();
      await fakes.add(submission);
      const uplink = fakes.uplink();
      await uplink.pass();
      expect((await fakes.row(submission)).reason).to.include({ code: "operation.rejected" });
      two.behave = one.behave;
      fakes.clock.time += 10 * SECOND;
      await uplink.pass();
      expect((await fakes.row(submission)).reason?.reason).to.match(/^a\ufffdb\ufffdx+$/);
    });

    it("works on thousands at once and never on those that have ended", async () => {
      const many = Array.from({ length: 1_200 }, () => newSubmission());
      await fakes.add(...many);
      const uplink = fakes.uplink();
      await uplink.pass();
      expect(new Set(one.taken.map(({ hash }) => hash)).size).to.equal(1_200);
      await fakes.chain.index(150);
      await uplink.pass();
      const counts = await database().query("select state, count(*) from submissions group by state", []);
      expect(counts).to.deep.equal([{ state: "expired", count: 1_200 }]);
      fakes.clock.time += 3_600 * SECOND;
      await uplink.pass();
      expect(one.taken).to.have.length(1_200);
    });

    it("opens again what stood in blocks that a development chain lost, and never what expired", async () => {
      const [included, expired] = [newSubmission({ deadline: 400 }), newSubmission({ deadline: 101 })];
      await fakes.add(included, expired);
      const uplink = fakes.uplink();
      await fakes.chain.include(included);
      await uplink.pass();
      await database().transaction((tx) => rewind(tx, 100));
      await fakes.chain.index(100);
      fakes.chain.head = 100;
      expect(await fakes.row(included)).to.include({
        state: "signed",
        endedAt: null,
        blockNumber: null,
        success: null,
      });
      expect(await fakes.row(expired)).to.include({ state: "expired" });
      await uplink.pass();
      expect(one.taken.map(({ hash }) => hash)).to.include(included.hash);
    });

    it("starts, works by itself, and closes its relays when it is stopped", async () => {
      const submission = newSubmission();
      await fakes.add(submission);
      let ended = 0;
      const clock = {
        now: () => Date.now(),
        sleep: async () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
      };
      const uplink = fakes.uplink({ clock, onEnded: () => ended++ });
      uplink.start();
      uplink.nudge();
      while (one.taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await fakes.chain.include(submission);
      while (ended === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await uplink.stop();
      expect(await fakes.row(submission)).to.include({ state: "included" });
      expect(one.closed && two.closed).to.equal(true);
    });
  });
});

// A crash is an await that never comes back. Whatever was done before it stands, and nothing after it happens.
describe("an uplink that is killed between any two awaits", () => {
  onEachDatabase((database) => {
    it("leaves a state from which the next one brings every submission to its end", async function () {
      this.timeout(120_000);
      let killed = 0;
      for (let at = 1; ; at++) {
        const [included, expired, refused] = [
          newSubmission({ deadline: 150 }),
          newSubmission({ deadline: 120 }),
          newSubmission({ deadline: 120 }),
        ];
        const fakes = new Fakes(database());
        await fakes.chain.index(100);
        await fakes.add(included, expired, refused);
        for (const relay of fakes.relays) {
          relay.behave = ({ hash }) => (hash === refused.hash ? new BropError("operation.rejected") : undefined);
        }
        const kill = new Kill(at);
        const ends = new IndexedOperationEnds(kill.database(database()));
        const doomed = fakes.uplink({
          db: kill.database(database()),
          relays: fakes.relays.map((r) => kill.relay(r)),
          ends,
        });
        const life = async () => {
          await doomed.pass();
          await fakes.chain.include(included);
          await fakes.chain.index(121);
          await doomed.pass();
        };
        await Promise.race([life(), kill.struck]);
        const survived = !kill.done;
        if (!survived) {
          killed++;
          const heir = fakes.uplink();
          await heir.pass();
          await fakes.chain.include(included);
          await fakes.chain.index(121);
          fakes.clock.time += 60 * SECOND;
          await heir.pass();
        }
        const states = await Promise.all([included, expired, refused].map(async (one) => (await fakes.row(one)).state));
        expect(states, `killed at await ${at}`).to.deep.equal(["included", "expired", "expired"]);
        await database().query("truncate submissions, operations, chain cascade", []);
        if (survived) break;
      }
      // As many awaits as two passes have at least.
      expect(killed).to.be.greaterThan(8);
    });
  });
});
