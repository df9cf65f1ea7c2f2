import { expect } from "chai";
import fc from "fast-check";
import type { Clock } from "../../src/core/clock.ts";
import { BropError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Database } from "../../src/store/database.ts";
import { emptyTables, onEachDatabase } from "../store/databases.ts";
import { address, digest, FakeChain } from "./fake-chain.ts";
import { FakeNode, indexAll, makeIndexer } from "./indexing.ts";
import * as platform from "./platform-events.ts";
import { FARM, tellStory, USER } from "./story.ts";
import { readTables, type Tables } from "./tables.ts";

describe("indexer", () => {
  onEachDatabase((database) => {
    const story = tellStory();
    let whole: Tables;
    before(async () => {
      await emptyTables(database());
      await indexAll(database(), story);
      whole = await readTables(database());
    });

    it("fills every table that the story touches", () => {
      const empty = Object.keys(whole).filter((name) => whole[name]?.length === 0);
      expect(empty).to.deep.equal([]);
    });

    it("gives identical tables whatever the ranges and wherever it is restarted", async () => {
      const cut = fc.record({ blocks: fc.integer({ min: 1, max: 6 }), restart: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(cut, { maxLength: 15 }), async (cuts) => {
          await emptyTables(database());
          const node = new FakeNode(story.copy(0));
          let indexer = makeIndexer(database(), node);
          await indexer.start();
          for (const { blocks, restart } of [...cuts, { blocks: story.head, restart: false }]) {
            node.chain = story.copy(Math.min(story.head, node.chain.head + blocks));
            await indexer.caughtUp(node.chain.head);
            if (!restart) continue;
            await indexer.stop();
            indexer = makeIndexer(database(), node);
            await indexer.start();
          }
          await indexer.stop();
          expect(await readTables(database())).to.deep.equal(whole);
        }),
        { numRuns: 12, endOnFailure: true },
      );
    });

    it("gives identical tables whichever calls and statements fail on the way", async () => {
      await fc.assert(
        fc.asyncProperty(fc.noBias(fc.infiniteStream(fc.integer({ min: 0, max: 600 }))), async (luck) => {
          await emptyTables(database());
          const fails = () => luck.next().value === 0;
          const chain = story.copy();
          const indexer = makeIndexer(failing(database(), fails), chain, { clock: impatient });
          for (let started = false; !started; )
            started = await indexer.start().then(
              () => true,
              () => false,
            );
          chain.fault = () => (fails() ? new BropError("chain.unreachable") : undefined);
          await indexer.caughtUp(chain.head);
          await indexer.stop();
          expect(await readTables(database())).to.deep.equal(whole);
        }),
        { numRuns: 4, endOnFailure: true },
      );
    }).timeout(240_000);

    it("takes a development chain back to any block and forward on another branch", async () => {
      const branch = fc.record({
        keep: fc.nat({ max: story.head }),
        length: fc.nat({ max: 4 }),
        running: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(branch, { minLength: 1, maxLength: 4 }), async (branches) => {
          await emptyTables(database());
          const rewinds: number[] = [];
          const options = { development: true, onRewind: (block: number) => rewinds.push(block) };
          const node = new FakeNode(story.copy());
          let indexer = makeIndexer(database(), node, options);
          await indexer.start();
          await indexer.caughtUp(story.head);
          for (const [index, { keep, length, running }] of branches.entries()) {
            if (!running) await indexer.stop();
            node.chain = branchOff(node.chain, keep, length, `branch ${index}`);
            if (!running) {
              indexer = makeIndexer(database(), node, options);
              await indexer.start();
            }
            await until(() => settled(database(), node.chain));
          }
          await indexer.stop();
          expect(rewinds.every((block) => block >= 0 && block <= story.head)).to.equal(true);
          const tables = await readTables(database());
          await emptyTables(database());
          await indexAll(database(), node.chain);
          expect(tables).to.deep.equal(await readTables(database()));
        }),
        { numRuns: 10, endOnFailure: true },
      );
    });

    it("says how far a development chain went back", async () => {
      const node = new FakeNode(story.copy());
      const rewinds: number[] = [];
      const logged: object[] = [];
      const logger = {
        ...silentLogger,
        warn: (fields: object, message: string) => logged.push({ ...fields, message }),
      };
      const indexer = makeIndexer(database(), node, {
        development: true,
        logger,
        onRewind: (block) => rewinds.push(block),
      });
      await indexer.start();
      await indexer.caughtUp(story.head);
      node.chain = story.copy(story.head - 3);
      await until(() => rewinds.length > 0);
      expect(rewinds).to.deep.equal([story.head - 3]);
      expect(indexer.status().indexed).to.equal(story.head - 3);
      expect(logged).to.deep.equal([
        { block: story.head - 3, lost: 3, message: "the development chain went back; rows above were removed" },
      ]);
      await indexer.stop();
      const afterwards = await readTables(database());
      await emptyTables(database());
      await indexAll(database(), story.copy(story.head - 3));
      expect(afterwards).to.deep.equal(await readTables(database()));
    });

    it("stops with chain.mismatch when a real chain's block has another parent", async () => {
      const node = new FakeNode(story.copy());
      const indexer = makeIndexer(database(), node);
      await indexer.start();
      await indexer.caughtUp(story.head);
      const before = await readTables(database());
      node.chain = other(story, 5, 20, "elsewhere");
      const error = await failureOf(indexer.caughtUp(story.head + 1));
      expect(error.code).to.equal("chain.mismatch");
      expect(error.details).to.deep.equal({ block: 6, hash: node.chain.blockHash(6), indexedHash: story.blockHash(6) });
      expect(indexer.status()).to.include({ running: false, indexed: story.head });
      expect(await readTables(database())).to.deep.equal(before);
      expect((await failureOf(makeIndexer(database(), node).start())).code).to.equal("chain.mismatch");
      expect((await failureOf(indexer.caughtUp(story.head + 1))).code).to.equal("chain.mismatch");
    });

    it("waits for a real chain's node that is behind", async () => {
      const node = new FakeNode(story.copy());
      await indexAll(database(), story);
      node.chain = story.copy(4);
      const indexer = makeIndexer(database(), node);
      await indexer.start();
      node.chain = extended(story);
      await indexer.caughtUp(story.head + 1);
      await indexer.stop();
    });

    it("refuses another chain id and another block 0", async () => {
      await indexAll(database(), story);
      const foreign = story.copy();
      foreign.chainId = 1;
      const error = await failureOf(makeIndexer(database(), foreign, { development: true }).start());
      expect(error.code).to.equal("chain.wrong");
      expect(error.details).to.deep.equal({ chainId: 1, expectedChainId: 8420 });
      const begunAnew = new FakeChain("another beginning");
      expect((await failureOf(makeIndexer(database(), begunAnew, { development: true }).start())).code).to.equal(
        "chain.wrong",
      );
    });

    it("goes on when the node answers again, and says meanwhile what is wrong", async () => {
      const chain = story.copy(3);
      const indexer = makeIndexer(database(), chain);
      await indexer.start();
      await indexer.caughtUp(3);
      chain.fault = () => new BropError("chain.unreachable", { reason: "ECONNREFUSED" });
      await until(() => indexer.status().error?.code === "chain.unreachable");
      expect(indexer.status().running).to.equal(true);
      chain.mine([[platform.accountCreated(address(77), 77)]]);
      chain.fault = () => undefined;
      await indexer.caughtUp(4);
      await until(() => indexer.status().error === null);
      await indexer.stop();
    });

    it("reads a block again when its receipts belong to another one", async () => {
      const chain = story.copy();
      const swapped = other(story, 6, story.head - 6, "swapped");
      let mixed = true;
      const node = {
        call: <Result>(method: string, params?: readonly unknown[]) => chain.call<Result>(method, params),
        all: (requests: Parameters<FakeChain["all"]>[0]) => {
          const receipts = requests[0]?.method === "eth_getBlockReceipts";
          return mixed && receipts ? swapped.all(requests) : chain.all(requests);
        },
      };
      const indexer = makeIndexer(database(), node);
      await indexer.start();
      await until(() => indexer.status().error?.code === "service.unavailable");
      mixed = false;
      await indexer.caughtUp(chain.head);
      await indexer.stop();
      expect(await readTables(database())).to.deep.equal(whole);
    });

    it("tells those who wait that it was stopped", async () => {
      const indexer = makeIndexer(database(), story);
      expect((await failureOf(indexer.caughtUp(1))).code).to.equal("service.unavailable");
      await indexer.start();
      const waiting = failureOf(indexer.caughtUp(story.head + 1));
      await indexer.stop();
      expect((await waiting).code).to.equal("service.unavailable");
      expect(indexer.status().running).to.equal(false);
    });

    it("lets two indexers work on one database: every row is there once", async () => {
      const indexers = [makeIndexer(database(), story), makeIndexer(database(), story)];
      await Promise.all(indexers.map((indexer) => indexer.start()));
      await Promise.all(indexers.map((indexer) => indexer.caughtUp(story.head)));
      await Promise.all(indexers.map((indexer) => indexer.stop()));
      expect(await readTables(database())).to.deep.equal(whole);
    });

    it("passes over events of contracts that are not listed, and of a contract after another took its name", async () => {
      const chain = new FakeChain();
      const stranger = address(666);
      const elsewhere = { ...platform.recorded({ data: "forged", owner: FARM }), address: stranger };
      chain.mine(platform.deployment);
      chain.mine([[elsewhere, { ...platform.accountCreated(USER, 9), address: stranger }]]);
      chain.mine([[platform.fromInstance(stranger, "Account", "SignerChanged", FARM, USER)]]);
      chain.mine([[platform.transferred(stranger, FARM, USER, 5n)]]);
      chain.mine([[platform.recorded({ data: "before", owner: FARM })]]);
      chain.mine([[platform.listed("Records", address(777), 2)]]);
      chain.mine([[platform.recorded({ data: "too late", owner: FARM })]]);
      chain.mine([[{ ...platform.recorded({ data: "after", owner: FARM }), address: address(777) }]]);
      await indexAll(database(), chain);
      const tables = await readTables(database());
      expect(tables.records?.map(({ digest }) => digest)).to.have.members([digest("before"), digest("after")]);
      for (const name of ["accounts", "account_signers", "voucher_transfers"])
        expect(tables[name], name).to.deep.equal([]);
    });

    it("keeps texts that a database can not store as far as it can", async () => {
      const chain = new FakeChain();
      chain.mine(platform.deployment);
      const admitted = platform.from("Partners", "PartnerAdmitted", FARM, USER, 7, digest("no text"), "Zero\u0000byte");
      chain.mine([[admitted, platform.voucherApplied(1, FARM, "a\u0000b")]]);
      await indexAll(database(), chain);
      const tables = await readTables(database());
      expect(tables.partners?.[0]).to.include({ name: "Zero\ufffdbyte", document: digest("no text") });
      expect(tables.voucher_applications?.[0]).to.include({ name: "a\ufffdb" });
    });
  });
});

/** The same chain up to `keep`, then `length` other blocks. */
function other(chain: FakeChain, keep: number, length: number, name: string): FakeChain {
  const branch = chain.copy(keep);
  for (let index = 0; index < length; index++) {
    const record = platform.recorded({ data: `${name} ${index}`, owner: FARM });
    branch.mine([[record, platform.certified(USER, FARM, 4)]], name);
  }
  return branch;
}

/** Another branch of another height: one of the same height shows only with the next block. */
function branchOff(chain: FakeChain, keep: number, length: number, name: string): FakeChain {
  const branch = other(chain, Math.min(keep, chain.head), length, name);
  return branch.head === chain.head ? extended(branch) : branch;
}

function extended(chain: FakeChain): FakeChain {
  const longer = chain.copy();
  longer.mine([]);
  return longer;
}

/** Whether the last block in the database is the chain's last one. */
async function settled(db: Database, chain: FakeChain): Promise<boolean> {
  const [row] = await db.query<{ hash: string }>(
    "select '0x' || encode(block_hash, 'hex') as hash from chain where block_number = $1",
    [chain.head],
  );
  return row?.hash === chain.blockHash(chain.head);
}

/** The database, but every statement may fail before or, worse, after it was done. */
function failing(db: Database, fails: () => boolean): Database {
  const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (fails()) throw new Error("connection lost before");
    const result = await work();
    if (fails()) throw new Error("connection lost after");
    return result;
  };
  return {
    kind: db.kind,
    query: (text, params) => guard(() => db.query(text, params)),
    transaction: (work) => guard(() => db.transaction((tx) => work(failing(tx, fails)))),
    close: () => db.close(),
  };
}

/** Tries again at once. */
const impatient: Clock = { now: () => Date.now(), sleep: () => new Promise((resolve) => setImmediate(resolve)) };

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function failureOf(work: Promise<unknown>): Promise<BropError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).to.be.instanceOf(BropError);
  return thrown as BropError;
}
