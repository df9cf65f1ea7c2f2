import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { digestWith } from "../../src/core/timestamp/algorithms.ts";
import { verifyToken } from "../../src/core/timestamp/verify-token.ts";
import { findTimestamps, TIMESTAMP_ORDER, type TimestampRow } from "../../src/store/queries/timestamps/timestamps.ts";
import { BlockStamps, type BlockStampsOptions } from "../../src/timestamp/block-stamps.ts";
import { TimestampClient } from "../../src/timestamp/client/timestamp-client.ts";
import { onEachDatabase } from "../store/databases.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { authorityOf, certifyIssuer, certifyStamping } from "../support/time-stamp-authorities.ts";

const HOUR = 3_600_000;

describe("stamps of blocks", () => {
  const root = certifyIssuer("Root");
  const own = certifyStamping("Authority", root);

  onEachDatabase((database) => {
    /** A process: what it knows is gone with it; clock and chain go on. */
    const world = () => {
      const clock = new ManualClock(Date.now());
      const authority = authorityOf({ root, own }, () => new Date(clock.now()));
      const state = { head: 1_000, authorityWorks: true, registered: true, ours: true };
      const attached: TimestampRow[] = [];
      const client = new TimestampClient({
        async ask(request) {
          if (!state.authorityWorks) throw new BropError("timestamp.unavailable");
          return authority.answer(request);
        },
        ...{ trusted: [root.certificate], random: (bytes) => new Uint8Array(bytes).fill(3), now: () => clock.now() },
      });
      const process = (changes: Partial<BlockStampsOptions> = {}) =>
        new BlockStamps({
          ...{ db: database(), clock, client, interval: HOUR, isOurs: () => state.ours },
          head: async () => ({ number: state.head, hash: hashOf(state.head), time: clock.now() - 2_000 }),
          async attach(row) {
            if (!state.registered) return undefined;
            attached.push(row);
            return attached.length;
          },
          ...changes,
        });
      return { clock, state, attached, process };
    };
    const kept = async () => (await findTimestamps(database(), {}, { limit: 50 })).rows;

    it("are made at the start and after each interval, checked, kept, and put on chain once", async () => {
      const { clock, state, attached, process } = world();
      const stamps = process();
      expect(await stamps.round()).to.equal(true);
      // The contract can not read the hash of the newest block.
      expect(attached).to.deep.equal([]);
      state.head++;
      expect(await stamps.round()).to.equal(false);
      expect(await stamps.round()).to.equal(false);
      expect(attached).to.have.length(1);
      clock.advance(HOUR - 1);
      state.head += 1_200;
      expect(await stamps.round()).to.equal(false);
      clock.advance(1);
      expect(await stamps.round()).to.equal(true);
      state.head++;
      await stamps.round();
      const rows = await kept();
      expect(rows.map(({ block_number }) => block_number)).to.deep.equal([2_201, 1_000]);
      expect(attached.map(({ block_number }) => block_number)).to.deep.equal([1_000, 2_201]);
      for (const { token, object, act } of rows) {
        const digest = await digestWith("SHA-256", object);
        await verifyToken(token, { digest, authorities: [root.certificate], at: new Date(clock.now()) });
        expect(act).to.be.a("number");
      }
    });

    it("are gone on with by the next process, wherever the one before ended", async () => {
      const { clock, state, attached, process } = world();
      // It dies between keeping the token and having it put on chain.
      const dying = process({
        attach: async () => {
          throw new Error("killed");
        },
      });
      await dying.round();
      state.head++;
      await dying.round().catch(() => undefined);
      expect(await kept()).to.have.length(1);
      state.head += 3;
      clock.advance(9_000);
      expect(await process().round()).to.equal(false);
      expect(attached.map(({ block_number }) => block_number)).to.deep.equal([1_000]);
      expect(await process().round()).to.equal(false);
      expect(attached).to.have.length(1);
    });

    it("wait for the authority's registration, and are left when the contract no longer takes them", async () => {
      const { state, attached, process } = world();
      state.registered = false;
      await process().round();
      state.head += 100;
      state.registered = true;
      await process().round();
      expect(attached).to.have.length(1);
      await database().query("update timestamps set act = null", []);
      state.head += 150;
      await process().round();
      expect(attached).to.have.length(1);
    });

    it("are not made while the authority fails, nor by a process that has not the lease", async () => {
      const { state, process } = world();
      state.ours = false;
      expect(await process().round()).to.equal(false);
      state.ours = true;
      state.authorityWorks = false;
      const stamps = process();
      stamps.start();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(stamps.failure).to.contain("gives no answer");
      await stamps.stop();
      expect(await kept()).to.deep.equal([]);
    });

    it("have a definite order for pages", async () => {
      const { clock, state, process } = world();
      for (let round = 0; round < 5; round++) {
        await process().round();
        state.head++;
        clock.advance(HOUR);
      }
      const first = await findTimestamps(database(), {}, { limit: 2 });
      const second = await findTimestamps(database(), {}, { limit: 9, after: first.next ?? [] });
      expect([...first.rows, ...second.rows].map(({ block_number }) => block_number)).to.deep.equal([
        ...[1_004, 1_003, 1_002, 1_001, 1_000],
      ]);
      expect(Object.keys(TIMESTAMP_ORDER.columns)).to.have.length(2);
    });
  });
});

function hashOf(number: number): Uint8Array {
  const hash = new Uint8Array(32);
  new DataView(hash.buffer).setUint32(28, number);
  return hash;
}
