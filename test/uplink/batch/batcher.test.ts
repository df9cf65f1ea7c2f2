import { expect } from "chai";
import { batchMultiPathFault } from "../../../src/core/batch/multi-path.ts";
import { batchPathFault } from "../../../src/core/batch/path.ts";
import { RecordBatch } from "../../../src/core/batch/record-batch.ts";
import { RECORD_BYTES, readRecord } from "../../../src/core/batch/serialised-records.ts";
import { BropError } from "../../../src/core/errors.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { type RecordInput, recordRoot } from "../../../src/core/ssz-record.ts";
import { findBatchRecord, findBatchRecords } from "../../../src/store/queries/batch/records.ts";
import { countBatchRecords, findSealed, type SealedBatch } from "../../../src/store/queries/batch/sealed.ts";
import { rewind } from "../../../src/store/rewind.ts";
import { PATIENCE } from "../../../src/uplink/batch/anchoring.ts";
import { BatchPaths } from "../../../src/uplink/batch/batch-paths.ts";
import { someRecords } from "../../core/record-fixtures.ts";
import { onEachDatabase } from "../../store/databases.ts";
import { Kill } from "../kill.ts";
import { ACCOUNT, BatchFakes } from "./batch-fakes.ts";

describe("batches of records", () => {
  onEachDatabase((database) => {
    let fakes: BatchFakes;
    beforeEach(async () => {
      fakes = new BatchFakes(database());
      await fakes.chain.index(100);
    });

    it("gather what comes within an interval of blocks, and anchor it by one operation", async () => {
      const records = someRecords(50);
      const portions = [await fakes.take(records.slice(0, 20)), await fakes.take(records.slice(20, 21))];
      const batcher = fakes.batcher();
      await batcher.pass();
      expect(await fakes.batches()).to.deep.equal([]);
      await fakes.chain.index(102);
      portions.push(await fakes.take(records.slice(21)));
      await batcher.pass();
      expect(await fakes.batches()).to.deep.equal([]);
      await fakes.chain.index(103);
      await batcher.pass();
      const [batch, ...others] = await fakes.batches();
      expect(others).to.deep.equal([]);
      expect(batch).to.include({
        root: new RecordBatch(records).root,
        recordCount: 50,
        anchoredBlock: null,
        open: true,
      });
      expect(fakes.made).to.have.length(1);
      await fakes.settle(batcher);
      expect((await fakes.batches())[0]).to.include({ open: false, refusedAt: null, submission: fakes.made[0]?.id });
      expect((await fakes.batches())[0]?.anchoredBlock).to.be.greaterThan(103);
      expect(fakes.made).to.have.length(1);
      expect(await countBatchRecords(database())).to.deep.equal({ taken: 0, anchored: 50 });
      const last = await findBatchRecord(database(), portions[2] as string, 28);
      expect(last?.portion).to.include({ batch: batch?.id, firstLeaf: 21 });
      expect(readRecord(last?.record as Uint8Array, 0)).to.deep.equal(records[49]);
      expect(await findBatchRecord(database(), portions[2] as string, 29)).to.equal(undefined);
    });

    it("give each record its path from what is kept, and several records one proof", async () => {
      const records = someRecords(5_000);
      for (const [from, to] of [
        [0, 3],
        [3, 4_090],
        [4_090, 4_111],
        [4_111, 5_000],
      ]) {
        await fakes.take(records.slice(from, to));
      }
      await fakes.settle(fakes.batcher());
      const [batch] = (await fakes.batches()) as [SealedBatch];
      const tree = new RecordBatch(records);
      expect(batch.root).to.equal(tree.root);
      const paths = new BatchPaths(database());
      for (const index of [0, 2, 3, 15, 16, 4_089, 4_095, 4_096, 4_110, 4_111, 4_999]) {
        const { leaf, path } = await paths.path(batch, index);
        expect(leaf).to.equal(bytesToHex(recordRoot(records[index] as RecordInput)));
        expect(path, `path ${index}`).to.deep.equal(tree.proof(index).branch);
        expect(batchPathFault({ leaf, index, length: 5_000, path, root: batch.root })).to.equal(undefined);
      }
      const several = await paths.multiPath(batch, [3, 4, 4_096]);
      expect(several.nodes).to.deep.equal(tree.multiProof([3, 4, 4_096]));
      expect(batchMultiPathFault({ ...several, length: 5_000, root: batch.root })).to.equal(undefined);
    });

    it("find every record by its digest, those of others and those that begin alike apart", async () => {
      const records = someRecords(300);
      const twin = { ...(records[7] as RecordInput), digest: `${records[7]?.digest.slice(0, -1)}${"0"}` };
      twin.digest = twin.digest === records[7]?.digest ? `${twin.digest.slice(0, -1)}1` : twin.digest;
      const first = await fakes.take([...records, twin]);
      const other = `0x${"0b".repeat(20)}`;
      const second = await fakes.take([records[7] as RecordInput], other, database(), "neighbour");
      for (const [position, { digest }] of records.entries()) {
        const found = await findBatchRecords(database(), digest, ACCOUNT, undefined, 10);
        expect(found.map((one) => [one.portion.id, one.position])).to.deep.equal([[first, position]]);
        expect(found[0]?.record).to.have.length(RECORD_BYTES);
      }
      const both = await findBatchRecords(database(), records[7]?.digest as string, undefined, undefined, 10);
      expect(both.map(({ portion }) => portion.id)).to.deep.equal([first, second]);
      const [one] = both as [(typeof both)[0]];
      const rest = await findBatchRecords(
        ...([database(), records[7]?.digest as string, undefined, [one.portion.number, one.position], 10] as const),
      );
      expect(rest.map(({ portion }) => portion.id)).to.deep.equal([second]);
      expect(await findBatchRecords(database(), `0x${"77".repeat(32)}`, undefined, undefined, 10)).to.deep.equal([]);
    });

    it("keep accounts and tenants apart, and put the same records again into the batch that has them", async () => {
      const records = someRecords(4);
      const batcher = fakes.batcher();
      await fakes.take(records);
      await fakes.take(records, `0x${"0b".repeat(20)}`, database(), "neighbour");
      await fakes.settle(batcher);
      expect(await fakes.batches()).to.have.length(1);
      expect(await fakes.batches("neighbour")).to.have.length(1);
      const again = await fakes.take(records.slice(0, 1));
      await fakes.take(records.slice(1));
      await fakes.settle(batcher);
      const [batch, ...others] = (await fakes.batches()) as [SealedBatch];
      expect(others).to.deep.equal([]);
      expect((await findBatchRecord(database(), again, 0))?.portion.batch).to.equal(batch.id);
      expect(fakes.made).to.have.length(2);
      const paths = new BatchPaths(database());
      for (const index of [0, 1, 2, 3]) {
        expect((await paths.path(batch, index)).path).to.deep.equal(new RecordBatch(records).proof(index).branch);
      }
    });

    it("are anchored again by a new operation when the one before has expired, with the same root", async () => {
      await fakes.take(someRecords(3));
      const [batcher, uplink] = [fakes.batcher(), fakes.uplink()];
      await fakes.chain.index(103);
      await batcher.pass();
      await uplink.pass();
      await fakes.chain.index((fakes.made[0]?.deadline as number) + 1);
      await uplink.pass();
      await batcher.pass();
      expect(fakes.made).to.have.length(2);
      expect(fakes.made[0]?.content).to.deep.equal(fakes.made[1]?.content);
      await fakes.settle(batcher);
      expect(fakes.made).to.have.length(2);
      expect((await fakes.batches())[0]).to.include({ open: false, submission: fakes.made[1]?.id });
      expect([...fakes.included.values()]).to.deep.equal([{ success: 1, failure: 0 }]);
    });

    it("are done when the chain has their root, whoever anchored it", async () => {
      const records = someRecords(3);
      await fakes.take(records);
      const [batcher, uplink] = [fakes.batcher(), fakes.uplink()];
      await fakes.chain.index(103);
      await batcher.pass();
      await uplink.pass();
      await fakes.anchorOnChain(ACCOUNT, { root: new RecordBatch(records).root, recordCount: 3 });
      await fakes.settle(batcher);
      expect((await fakes.batches())[0]).to.include({ open: false, refusedAt: null });
      expect([...fakes.included.values()]).to.deep.equal([{ success: 1, failure: 1 }]);
    });

    it("wait out faults that pass, say why, and give up after a day of blocks", async () => {
      await fakes.take(someRecords(3));
      const batcher = fakes.batcher();
      fakes.fault = new BropError("quota.exhausted", { missing: 5 });
      await fakes.chain.index(103);
      await batcher.pass();
      const [waiting] = (await fakes.batches()) as [SealedBatch];
      expect(waiting).to.include({ open: true, attempts: 1, submission: null });
      expect(waiting.reason).to.include({ code: "quota.exhausted" });
      await batcher.pass();
      expect((await fakes.batches())[0]).to.include({ attempts: 1 });
      fakes.clock.time += 60_000;
      await fakes.chain.index(103 + PATIENCE + 1);
      await batcher.pass();
      expect((await fakes.batches())[0]).to.include({ open: false, refusedAt: fakes.clock.time });
      expect(await countBatchRecords(database())).to.deep.equal({ taken: 0, refused: 3 });
      fakes.fault = undefined;
      await fakes.settle(batcher);
      expect(fakes.made).to.deep.equal([]);
    });

    it("are open again when a development chain loses their block", async () => {
      await fakes.take(someRecords(3));
      const batcher = fakes.batcher();
      await fakes.settle(batcher);
      const [anchored] = (await fakes.batches()) as [SealedBatch];
      await database().transaction((tx) => rewind(tx, (anchored.anchoredBlock as number) - 1));
      const lost = await findSealed(database(), anchored.id);
      expect(lost).to.include({ open: true, anchoredBlock: null, submission: anchored.submission });
      expect((await fakes.row(fakes.made[0] as { id: string })).endedAt).to.equal(null);
    });

    it("name the piece that was changed on disk instead of giving a wrong proof", async () => {
      const records = someRecords(5_000);
      await fakes.take(records);
      await fakes.settle(fakes.batcher());
      const [batch] = (await fakes.batches()) as [SealedBatch];
      const flip = (table: string, column: string, at: number, where: string) =>
        database().query(
          `update ${table} set ${column} = set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1) where ${where}`,
          [],
        );
      const fault = async (index: number) => {
        const paths = new BatchPaths(database());
        return paths.path(batch, index).then(
          () => undefined,
          (error: BropError) => error.details,
        );
      };
      for (const [column, table, at, where, index, named] of [
        ["nodes", "batch_tiles", 40, "height = 12", 0, { height: 12, position: 0 }],
        ["nodes", "batch_tiles", 40, "height = 4 and position = 1", 4_500, { height: 4, position: 1 }],
        ["records", "batch_portions", 134 * 20 + 90, "true", 17, { records: "16 to 31" }],
      ] as const) {
        await flip(table, column, at, where);
        expect(await fault(index)).to.include({ batch: batch.id, ...named });
        await flip(table, column, at, where);
        expect(await fault(index)).to.equal(undefined);
      }
      await database().query("delete from batch_tiles where height = 4 and position = 0", []);
      expect(await fault(3)).to.include({ height: 4, position: 0 });
    });
  });
});

// A crash is an await that never comes back. Whatever was done before it stands, and nothing after it happens.
describe("a batcher that is killed between any two awaits", () => {
  onEachDatabase((database) => {
    it("loses no record that was taken, and anchors none twice", async function () {
      this.timeout(120_000);
      let killed = 0;
      for (let at = 1; ; at++) {
        const fakes = new BatchFakes(database());
        await fakes.chain.index(100);
        const kill = new Kill(at);
        const records = someRecords(6);
        const taken: number[] = [];
        const db = kill.database(database());
        const operations = fakes.operations();
        const doomed = fakes.batcher(db, {
          plan: (batch) => kill.around(() => operations.plan(batch)),
          store: (tx, planned) => kill.around(() => operations.store(tx, planned)),
        });
        const life = async () => {
          for (const part of [0, 1]) {
            await fakes.take(records.slice(part * 3, part * 3 + 3), ACCOUNT, db);
            taken.push(part);
            await fakes.chain.index(fakes.chain.head + 1);
          }
          await fakes.chain.index(103);
          await doomed.pass();
          await fakes.uplink().pass();
          await fakes.includeTaken();
          await fakes.uplink().pass();
          await doomed.pass();
        };
        await Promise.race([life(), kill.struck]);
        const survived = !kill.done;
        if (!survived) {
          killed++;
          fakes.clock.time += 60_000;
          await fakes.settle(fakes.batcher());
        }
        for (const part of taken) {
          for (const { digest } of records.slice(part * 3, part * 3 + 3)) {
            const [found, ...others] = await findBatchRecords(database(), digest, ACCOUNT, undefined, 10);
            expect(others, `killed at await ${at}`).to.deep.equal([]);
            const batch = await findSealed(database(), found?.portion.batch ?? "");
            expect(batch?.anchoredBlock, `killed at await ${at}`).to.be.a("number");
            expect(batch?.open, `killed at await ${at}`).to.equal(false);
          }
        }
        for (const [root, { success, failure }] of fakes.included) {
          expect([success, failure], `killed at await ${at}: ${root}`).to.deep.equal([1, 0]);
        }
        await database().query(
          "truncate submissions, operations, batches, chain, batch_portions, batch_places, sealed_batches, batch_tiles cascade",
          [],
        );
        if (survived) break;
      }
      expect(killed).to.be.greaterThan(15);
    });
  });
});
