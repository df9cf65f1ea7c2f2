import { expect } from "chai";
import type { Database } from "../../src/store/database.ts";
import { REBUILD, requestRebuild } from "../../src/store/rebuild.ts";
import { createViews } from "../../src/store/views/create-views.ts";
import { onEachDatabase } from "../store/databases.ts";
import { FakeNode, indexAll, makeIndexer } from "./indexing.ts";
import { tellStory } from "./story.ts";
import { readTables, type Tables } from "./tables.ts";

describe("re-index", () => {
  onEachDatabase((database) => {
    const story = tellStory();
    const HALF = 12;
    let whole: Tables;
    let definitions: string[];

    before(async () => {
      await database().transaction((tx) => createViews(tx));
      definitions = await indexes(database());
      await indexAll(database(), story);
      whole = await readTables(database());
    });
    afterEach(() => database().query(`drop schema if exists ${REBUILD} cascade`, []));

    /** An index of an older version: tables that it did not have are empty. */
    const old = async (blocks: number) => {
      await indexAll(database(), story.copy(blocks));
      await database().query("truncate agreements, agreement_parties, redemptions, batches, hosted_files", []);
      await database().query("update chain set shape = 1", []);
    };

    it("fills tables that are new, and events are the same ones, at the same places", async () => {
      await old(story.head);
      const events = (await readTables(database())).events;
      const indexer = makeIndexer(database(), story);
      await indexer.start();
      await until(() => isNew(database()));
      await indexer.stop();
      const anew = await readTables(database());
      expect(anew.events).to.deep.equal(events);
      expect(anew).to.deep.equal(whole);
      expect(await indexes(database())).to.deep.equal(definitions);
      expect(await schemas(database())).to.deep.equal([]);
    });

    it("goes on following the chain meanwhile, and answers all the time", async () => {
      await old(HALF);
      const node = new FakeNode(story.copy(HALF));
      const indexer = makeIndexer(database(), node);
      await indexer.start();
      let least = Number.POSITIVE_INFINITY;
      for (let head = HALF + 1; head <= story.head; head++) {
        node.chain = story.copy(head);
        await indexer.caughtUp(head);
        const rows = await database().query<{ count: number }>(
          "select count(*)::int as count from brop_views.blocks",
          [],
        );
        least = Math.min(least, (rows[0]?.count ?? 0) - head);
      }
      await until(() => isNew(database()));
      await indexer.stop();
      expect(least).to.equal(1);
      expect(await readTables(database())).to.deep.equal(whole);
      const shown = await database().query("select 1 from brop_views.agreements", []);
      expect(shown).to.have.length(2);
    });

    it("is resumed or begun again wherever it was cut off", async () => {
      await old(story.head);
      for (let cut = 1; !(await isNew(database())); cut = Math.ceil(cut * 1.5)) {
        let left = cut;
        const dying = mortal(database(), () => left-- <= 0);
        const indexer = makeIndexer(dying, story);
        await indexer.start().catch(() => undefined);
        await until(async () => left < 0 || (await isNew(database())));
        await indexer.stop().catch(() => undefined);
      }
      expect(await readTables(database())).to.deep.equal(whole);
      expect(await indexes(database())).to.deep.equal(definitions);
    });

    it("is begun when it is asked for, and what an earlier one left goes", async () => {
      await indexAll(database(), story);
      await database().query(`create schema ${REBUILD}`, []);
      expect(await requestRebuild(database())).to.equal(true);
      expect(await schemas(database())).to.deep.equal([]);
      const indexer = makeIndexer(database(), story);
      await indexer.start();
      await until(() => isNew(database()));
      await indexer.stop();
      expect(await readTables(database())).to.deep.equal(whole);
    });

    it("keeps what subscribers were told of expired operations", async () => {
      await indexAll(database(), story);
      await database().query(
        `insert into events (block_number, log_index, type, data)
         select block_number, log_index + 1, 'operation.expired', '{"userOpHash": "0x01"}' from events
         where type = 'block.added' and block_number = 3`,
        [],
      );
      const before = await readTables(database());
      await requestRebuild(database());
      const indexer = makeIndexer(database(), story);
      await indexer.start();
      await until(() => isNew(database()));
      await indexer.stop();
      expect(await readTables(database())).to.deep.equal(before);
    });
  });
});

async function isNew(db: Database): Promise<boolean> {
  const rows = await db.query<{ shape: number }>("select shape from chain", []);
  return (rows[0]?.shape ?? 0) >= 2;
}

async function schemas(db: Database): Promise<unknown[]> {
  return db.query("select nspname from pg_namespace where nspname like 'index\\_%'", []);
}

async function indexes(db: Database): Promise<string[]> {
  const rows = await db.query<{ definition: string }>(
    "select indexdef as definition from pg_indexes where schemaname = 'public' order by 1",
    [],
  );
  return rows.map(({ definition }) => definition);
}

/** The database of a process that dies at some statement: nothing is done from then on. */
function mortal(db: Database, dead: () => boolean): Database {
  let gone = false;
  const guard = <Result>(work: () => Promise<Result>): Promise<Result> => {
    gone ||= dead();
    return gone ? Promise.reject(new Error("killed")) : work();
  };
  return {
    kind: db.kind,
    query: (text, params) => guard(() => db.query(text, params)),
    transaction: (work) => guard(() => db.transaction((tx) => work(mortal(tx, () => gone || dead())))),
    close: () => db.close(),
  };
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 5));
}
