import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import type { Database } from "../../src/store/database.ts";
import { type Answer, once, parseIdempotencyKey, type Work } from "../../src/uplink/idempotency.ts";
import { onEachDatabase } from "../store/databases.ts";

const NOW = 1_800_000_000_000;

describe("the header Idempotency-Key", () => {
  it("is one string, in quotes as the draft has it or without", () => {
    expect(parseIdempotencyKey(undefined)).to.equal(undefined);
    for (const header of ['"8e03978e-40d5"', "8e03978e-40d5"]) {
      expect(parseIdempotencyKey(header)).to.equal("8e03978e-40d5");
    }
    expect(parseIdempotencyKey("a".repeat(255))).to.have.length(255);
  });

  it("is refused in any other form", () => {
    for (const header of ["", '""', '"a', 'a"b', "a b", "a".repeat(256), "schlüssel", "a\0b", "a\nb", ["a", "b"]]) {
      expect(() => parseIdempotencyKey(header), JSON.stringify(header))
        .to.throw(BropError)
        .with.property("code", "request.invalid");
    }
  });
});

describe("a request with an idempotency key", () => {
  onEachDatabase((database) => {
    let done = 0;
    const request = { tenant: "shop", key: "order-7", what: "POST /v1/records", body: { digest: "0x12", kind: 1 } };

    beforeEach(async () => {
      done = 0;
      await database().query("drop table if exists things", []);
      await database().query("create table things (number bigint)", []);
    });

    const work: Work = async (tx) => {
      await tx.query("insert into things values ($1)", [++done]);
      return { status: 201, text: `{"number":${done}}`, subject: `submission_${done}` };
    };
    const ask = (changes: Partial<typeof request> = {}, prepare: () => Promise<Work> = async () => work) =>
      once(database(), { ...request, ...changes }, NOW, prepare);
    const things = () => database().query("select * from things", []);

    it("is done once, and answered the same each time", async () => {
      const first = await ask();
      expect(first).to.deep.equal({ status: 201, text: '{"number":1}', subject: "submission_1", repeated: false });
      // Members in another order are the same request.
      const again = await ask({ body: { kind: 1, digest: "0x12" } });
      expect(again).to.deep.equal({ ...first, repeated: true });
      expect(await things()).to.have.length(1);
    });

    it("is refused with another body, or another path", async () => {
      await ask();
      const others = [
        { body: { digest: "0x12", kind: 2 } },
        { body: { digest: "0x12" } },
        { what: "POST /v1/operations" },
      ];
      for (const other of others) {
        const error = await ask(other as never).catch((thrown) => thrown);
        expect(error.code).to.equal("idempotency.conflict");
        expect(error.httpStatus).to.equal(409);
      }
      expect(await things()).to.have.length(1);
    });

    it("is each tenant's own", async () => {
      await ask();
      const other = await ask({ tenant: "bank" });
      expect(other).to.include({ repeated: false, subject: "submission_2" });
    });

    it("is done each time without a key", async () => {
      await ask({ key: undefined as never });
      await ask({ key: undefined as never });
      expect(await things()).to.have.length(2);
    });

    it("may be mended and sent again when it was refused: that leaves no trace", async () => {
      const refuse = async () => {
        throw new BropError("request.invalid");
      };
      expect((await ask({}, refuse).catch((error) => error)).code).to.equal("request.invalid");
      const failing = async (): Promise<Work> => async (tx) => {
        await work(tx);
        throw new BropError("service.internal");
      };
      expect((await ask({}, failing).catch((error) => error)).code).to.equal("service.internal");
      expect(await things()).to.deep.equal([]);
      expect((await ask({ body: { digest: "0x13", kind: 1 } })).repeated).to.equal(false);
    });

    it("is done once when it comes many times at the same moment", async () => {
      let release: () => void = () => {};
      const all = new Promise<void>((resolve) => {
        release = resolve;
      });
      let arrived = 0;
      const prepare = async () => {
        if (++arrived === 8) release();
        await all;
        return work;
      };
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask({}, prepare)));
      expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
      expect(answers.filter(({ repeated }) => !repeated)).to.have.length(1);
      expect(await things()).to.have.length(1);
    });

    it("has one winner when different requests come with one key at the same moment", async () => {
      let arrived = 0;
      let release: () => void = () => {};
      const both = new Promise<void>((resolve) => {
        release = resolve;
      });
      const prepare = async () => {
        if (++arrived === 2) release();
        await both;
        return work;
      };
      const bodies = [
        { digest: "0x01", kind: 1 },
        { digest: "0x02", kind: 1 },
      ];
      const outcomes = await Promise.allSettled(bodies.map((body) => ask({ body }, prepare)));
      expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
      const refused = outcomes.find((outcome) => outcome.status === "rejected");
      expect(refused).to.have.nested.property("reason.code", "idempotency.conflict");
      expect(await things()).to.have.length(1);
    });

    it("is done once or not at all when the process is killed at any await, and can be sent again", async () => {
      for (let at = 1; ; at++) {
        await database().query("truncate things, idempotency_keys", []);
        const killed = await killedAt(database(), at, (db) => once(db, request, NOW, async () => work));
        const stored = (await things()).length;
        expect(stored, `await ${at}`).to.equal((await database().query("select 1 from idempotency_keys", [])).length);
        const after: Answer & { repeated: boolean } = await ask();
        expect(after.repeated, `await ${at}`).to.equal(stored === 1);
        expect(await things(), `await ${at}`).to.have.length(1);
        if (!killed) break;
      }
    });
  });
});

/** Runs work on a database that fails for good at its nth statement or commit. @returns whether it came that far */
async function killedAt(db: Database, at: number, work: (db: Database) => Promise<unknown>): Promise<boolean> {
  let count = 0;
  class Killed extends Error {}
  const point = () => {
    if (++count >= at) throw new Killed();
  };
  const wrap = (inner: Database): Database => ({
    ...inner,
    async query(text, params) {
      point();
      const rows = await inner.query(text, params);
      point();
      return rows as never;
    },
    async transaction(body) {
      point();
      // A connection that breaks takes its transaction with it; after the commit the answer is lost.
      const result = await inner.transaction((tx) => body(wrap(tx)));
      point();
      return result;
    },
  });
  try {
    await work(wrap(db));
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}
