import { expect } from "chai";
import type { Clock } from "../../src/core/clock.ts";
import { BropError } from "../../src/core/errors.ts";
import type { Database } from "../../src/store/database.ts";
import { KeyLease } from "../../src/store/key-lease.ts";
import { onEachDatabase } from "./databases.ts";

const KEY = `0x${"Ab".repeat(20)}`;
const TTL = 6_000;

/** A clock that stands still until it is told to go on; whoever sleeps wakes when their time has come. */
class HandClock implements Clock {
  #now = 1_000_000;
  #sleepers: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.push({ until: this.#now + milliseconds, wake: resolve });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
  }
}

/** A database that can be made to fail or to answer late. */
function unreliable(db: Database): Database & { failing: boolean } {
  const wrapped = {
    failing: false,
    kind: db.kind,
    query: <Row>(text: string, params?: unknown[]) =>
      wrapped.failing ? Promise.reject(new Error("connection lost")) : db.query<Row>(text, params),
    transaction: db.transaction.bind(db),
    close: () => db.close(),
  };
  return wrapped;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) => (error instanceof BropError ? error.code : String(error)),
  );

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the lease of a key", () => {
  onEachDatabase((database) => {
    let clock: HandClock;
    const leases: KeyLease[] = [];

    beforeEach(() => {
      clock = new HandClock();
    });
    afterEach(async () => {
      for (const lease of leases.splice(0)) await lease.stop();
    });

    function lease(options: { db?: Database; key?: string } = {}): KeyLease {
      const made = new KeyLease({ db: database(), key: KEY, ttl: TTL, clock, ...options });
      leases.push(made);
      return made;
    }

    it("is one owner's at a time, however many try at once", async () => {
      const all = Array.from({ length: 8 }, () => lease());
      const taken = await Promise.all(all.map((one) => one.take()));
      expect(taken.filter(Boolean)).to.have.lengthOf(1);
      expect(all.filter(({ held }) => held)).to.have.lengthOf(1);
    });

    it("knows a key in any spelling, and other keys apart", async () => {
      expect(await lease().take()).to.equal(true);
      expect(await lease({ key: KEY.toLowerCase() }).take()).to.equal(false);
      expect(await lease({ key: `0x${"cd".repeat(20)}` }).take()).to.equal(true);
    });

    it("is not held any more by its owner when another can take it, and the fence rises", async () => {
      const [first, second] = [lease(), lease()];
      await first.take();
      clock.pass(TTL - 1);
      expect(first.held).to.equal(true);
      expect(await second.take()).to.equal(false);
      clock.pass(1);
      expect(first.held).to.equal(false);
      expect(await second.take()).to.equal(true);
      expect(second.fence).to.be.greaterThan(first.fence ?? 0);
    });

    it("confirms nothing for a former owner, though that does not know yet", async () => {
      const [first, second] = [lease(), lease()];
      await first.take();
      await database().transaction((tx) => first.confirm(tx));
      clock.pass(TTL);
      await second.take();
      expect(await codeOf(database().transaction((tx) => first.confirm(tx)))).to.equal("key.in-use");
      await database().transaction((tx) => second.confirm(tx));
    });

    it("confirms nothing for who never had it", async () => {
      expect(await codeOf(database().transaction((tx) => lease().confirm(tx)))).to.equal("key.in-use");
    });

    it("is renewed as long as its owner lives", async () => {
      const [first, second] = [lease(), lease()];
      await first.start();
      for (let turn = 0; turn < 12; turn++) {
        clock.pass(TTL / 3);
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(first.held).to.equal(true);
        expect(await second.take()).to.equal(false);
      }
      expect(first.fence).to.equal(1);
    });

    it("goes to who waits for it when its owner gives it back", async () => {
      const [first, second] = [lease(), lease()];
      const told: string[] = [];
      await first.start();
      await second.start({ onTaken: () => told.push("second"), onLost: () => told.push("second lost") });
      expect(told).to.deep.equal([]);
      await first.stop();
      clock.pass(TTL / 3);
      await until(() => told.length === 1);
      expect(told).to.deep.equal(["second"]);
      expect([first.held, second.held]).to.deep.equal([false, true]);
    });

    it("is lost when the database does not answer in time, and taken again when it does", async () => {
      const db = unreliable(database());
      const told: string[] = [];
      const first = lease({ db });
      await first.start({ onTaken: () => told.push("taken"), onLost: () => told.push("lost") });
      db.failing = true;
      clock.pass(TTL / 3);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(first.held).to.equal(true);
      clock.pass((TTL * 2) / 3);
      await until(() => told.length === 2);
      expect(first.held).to.equal(false);
      db.failing = false;
      clock.pass(TTL / 3);
      await until(() => told.length === 3);
      expect(told).to.deep.equal(["taken", "lost", "taken"]);
      expect(first.fence).to.equal(2);
    });

    it("tells its owner when another took it", async () => {
      const told: string[] = [];
      const first = lease();
      await first.start({ onLost: () => told.push("lost") });
      await database().query("update key_leases set owner = 'somebody', fence = fence + 1");
      clock.pass(TTL / 3);
      await until(() => told.length === 1);
      expect(first.held).to.equal(false);
      expect(first.fence).to.equal(undefined);
    });

    it("can not be taken while what is going to be sent is being stored", async function () {
      if (database().kind === "pglite") this.skip(); // one connection: transactions wait for each other anyway
      const [first, second] = [lease(), lease()];
      await first.take();
      clock.pass(TTL);
      let taken = false;
      await database().transaction(async (tx) => {
        await first.confirm(tx);
        void second.take().then((success) => {
          taken = success;
        });
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(taken).to.equal(false);
      });
      await until(() => taken);
    });
  });
});
