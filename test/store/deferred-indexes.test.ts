import { expect } from "chai";
import type { Database } from "../../src/store/database.ts";
import { buildDeferredIndexes, deferIndexes } from "../../src/store/deferred-indexes.ts";
import { onEachDatabase } from "./databases.ts";

describe("deferred indexes", () => {
  onEachDatabase((database) => {
    it("are the same ones when they were built again", async () => {
      const before = await definitions(database());
      await deferIndexes(database());
      const meanwhile = await definitions(database());
      expect(meanwhile.length).to.be.below(before.length - 20);
      expect(before).to.include.members(meanwhile);
      expect(await buildDeferredIndexes(database())).to.equal(before.length - meanwhile.length);
      expect(await definitions(database())).to.deep.equal(before);
      expect(await buildDeferredIndexes(database())).to.equal(0);
    });

    it("leave everything that says what a row is", async () => {
      await deferIndexes(database());
      const rows = await database().query<{ name: string }>(
        "select name from deferred_indexes where definition like '%UNIQUE%' or name like '%\\_pkey'",
        [],
      );
      expect(rows).to.deep.equal([]);
      await buildDeferredIndexes(database());
    });

    it("are built by whoever comes when it was cut off, each once", async () => {
      const before = await definitions(database());
      await deferIndexes(database());
      let left = 3;
      const dying: Database = {
        ...database(),
        transaction: (work) => {
          if (left-- === 0) return Promise.reject(new Error("killed"));
          return database().transaction(work);
        },
      };
      await buildDeferredIndexes(dying).catch(() => undefined);
      await Promise.all([buildDeferredIndexes(database()), buildDeferredIndexes(database())]);
      expect(await definitions(database())).to.deep.equal(before);
    });
  });
});

async function definitions(db: Database): Promise<string[]> {
  const rows = await db.query<{ definition: string }>(
    "select indexdef as definition from pg_indexes where schemaname = 'public' order by 1",
    [],
  );
  return rows.map(({ definition }) => definition);
}
