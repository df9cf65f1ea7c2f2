import { expect } from "chai";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { IndexBuilder, RETIRED_FOR } from "../../src/retrieval/index-builder.ts";
import type { Retrieval } from "../../src/retrieval/retrieval.ts";
import type { Database } from "../../src/store/database.ts";
import { onEachDatabase } from "../store/databases.ts";
import { retrievalOn, TEA_SCHEMA, TENANT } from "./support/tea.ts";

const ROWS = 1_200;

describe("indexes made in the background", () => {
  onEachDatabase((database) => {
    let retrieval: Retrieval;
    beforeEach(async () => {
      retrieval = retrievalOn(database());
      await register({ batch: {} });
      const rows = Array.from({ length: ROWS }, (_, index) => ({ document: { batch: `b${index}`, bags: index % 7 } }));
      await retrieval.put(TENANT, TENANT, "tea", rows.slice(0, 1_000));
      await retrieval.put(TENANT, TENANT, "tea", rows.slice(1_000));
    });

    const register = (fields: object, schema: object = TEA_SCHEMA) =>
      retrieval.register(TENANT, { name: "tea", schema, fields: fields as Record<string, object> });
    const add = (...documents: object[]) =>
      retrieval.put(
        TENANT,
        TENANT,
        "tea",
        documents.map((document) => ({ document })),
      );
    const count = async (where: object) => {
      const { items } = await retrieval.aggregate(TENANT, "tea", {
        where,
        measures: [{ function: "count" }],
        limit: 1,
      });
      return items[0]?.values[0];
    };

    it("take the place of the one before when they are whole, and tell how far they are", async () => {
      await register({ batch: {}, bags: {} });
      const seen: [string, number, number][] = [];
      do {
        const { current, building } = await retrieval.schema(TENANT, "tea");
        const { state, done, total } = building ?? current;
        seen.push([state, done, total]);
        expect(await count({ batch: "b7" })).to.equal(1);
      } while (await retrieval.work());
      expect(seen).to.deep.equal([
        ["building", 0, ROWS],
        ["building", 500, ROWS],
        ["building", 1_000, ROWS],
        ["building", ROWS, ROWS],
        ["current", ROWS, ROWS],
      ]);
      expect(await count({ bags: 3 })).to.equal(Math.ceil((ROWS - 3) / 7));
    });

    it("hold what came and lose what went while they were made", async () => {
      await register({ bags: {} });
      await retrieval.work();
      await add({ batch: "during", bags: 100 });
      const { rows } = await retrieval.query(TENANT, "tea", { where: { batch: { in: ["b0", "b1199"] } }, limit: 2 });
      for (const { digest } of rows) await retrieval.delete(TENANT, "tea", `0x${digest}`);
      while (await retrieval.work());
      await add({ batch: "after", bags: 100 });
      expect(await count({})).to.equal(ROWS);
      expect(await count({ bags: 100 })).to.equal(2);
      expect(await count({ bags: 0 })).to.equal(Math.ceil(ROWS / 7) - 1);
    });

    it("count values that do not have the new type, and find the rows without them", async () => {
      await register({ batch: { path: "/salt", type: "text" } }, { type: "object" });
      while (await retrieval.work());
      await add({ salt: "x" }, { salt: 5 });
      await register({ salt: { type: "integer" } }, { type: "object" });
      while (await retrieval.work());
      const { current } = await retrieval.schema(TENANT, "tea");
      expect(current.misfits).to.equal(1);
      expect(await count({})).to.equal(ROWS + 1);
      expect(await count({ salt: { null: true } })).to.equal(ROWS + 1);
    });

    it("are given up for the next one when the fields change once more, and back", async () => {
      await register({ bags: {} });
      await retrieval.work();
      await register({ batch: {}, bags: {} });
      await retrieval.work();
      await register({ batch: {} });
      expect(await retrieval.work()).to.equal(false);
      expect((await retrieval.schema(TENANT, "tea")).building).to.equal(undefined);
      expect(await count({ batch: "b7" })).to.equal(1);
    });

    it("are gone on with by another process, and never by two at once", async () => {
      await register({ bags: {} });
      await retrieval.work();
      const others = [retrievalOn(database()), retrievalOn(database())];
      const work = async (other: Retrieval) => {
        while (await other.work());
      };
      await Promise.all(others.map(work));
      while (await retrieval.work());
      expect((await others[0]?.schema(TENANT, "tea"))?.current.done).to.equal(ROWS);
      expect(await count({ bags: 3 })).to.equal(Math.ceil((ROWS - 3) / 7));
    });

    it("that were retired stay for questions that are under way, and are dropped later", async () => {
      const tables = async () => (await indexTables(database())).length;
      const before = await tables();
      let now = Date.now();
      const clock = { ...systemClock, now: () => now };
      const builder = new IndexBuilder({ db: database(), clock, logger: silentLogger, onChange: () => {} });
      await register({ bags: {} });
      while (await builder.step());
      expect(await tables()).to.equal(before + 1);
      // Another process that has not heard of the change asks the table of before, or finds it gone and asks again.
      const late = retrievalOn(database());
      await late.query(TENANT, "tea", { limit: 1 });
      await register({ batch: {} });
      while (await builder.step());
      now += RETIRED_FOR + 1_000;
      builder.start();
      while ((await tables()) > before) await new Promise((resolve) => setTimeout(resolve, 20));
      await builder.stop();
      expect((await late.query(TENANT, "tea", { limit: 1 })).rows).to.have.lengthOf(1);
    });
  });
});

const indexTables = (db: Database) =>
  db.query("select tablename from pg_tables where tablename like 'data_index_%'", []);
