import { expect } from "chai";
import { getAddress, ZeroAddress } from "ethers";
import { type AuditCheck, type Finding, runAudit } from "../../src/audit/audit.ts";
import { BatchTreesCheck } from "../../src/audit/batch-trees.ts";
import { AUDIT_SCHEMA, IndexRowsCheck } from "../../src/audit/index-rows.ts";
import { anchorId, RecordBatch } from "../../src/core/batch/record-batch.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import type { Database } from "../../src/store/database.ts";
import { primaryKey } from "../../src/store/queries/audit/compare-table.ts";
import { INDEX_TABLES } from "../../src/store/tables.ts";
import { Sealer } from "../../src/uplink/batch/sealer.ts";
import { someRecords } from "../core/record-fixtures.ts";
import type { FakeChain } from "../indexer/fake-chain.ts";
import { indexAll } from "../indexer/indexing.ts";
import { tellStory } from "../indexer/story.ts";
import { onEachDatabase } from "../store/databases.ts";
import { ACCOUNT, BatchFakes } from "../uplink/batch/batch-fakes.ts";

const RECORDS = 5_000;

/** How a value of a type is changed by a little. */
const FLIPS: Readonly<Record<string, (column: string) => string>> = {
  bytea: (column) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`,
  bigint: (column) => `${column} + 1`,
  numeric: (column) => `${column} + 1`,
  boolean: (column) => `not ${column}`,
  text: (column) => `${column} || 'x'`,
  jsonb: () => `'{"forged": true}'::jsonb`,
  json: () => `'{"forged": true}'::json`,
};

describe("an audit after somebody wrote to the disk", () => {
  onEachDatabase((database) => {
    let chain: FakeChain;

    /** A chain's index, with a batch of records that the chain has. */
    beforeEach(async () => {
      const db = database();
      const records = someRecords(RECORDS);
      chain = tellStory().copy();
      await indexAll(db, chain);
      const [anchors] = await db.query<{ address: Uint8Array }>(
        "select address from contracts where name = 'BatchAnchors' and to_block is null",
        [],
      );
      const fakes = new BatchFakes(db);
      await fakes.take(records.slice(0, 4_321));
      await fakes.take(records.slice(4_321));
      await new Sealer(db, () => 0, 0).pass();
      const { root, count } = new RecordBatch(records);
      const address = bytesToHex(anchors?.address as Uint8Array);
      const values = [anchorId(ACCOUNT, root), getAddress(ACCOUNT), root, count, ZeroAddress];
      chain.mine([[{ address, contract: "BatchAnchors", event: "Anchored", values }]]);
      await indexAll(db, chain);
      await db.query("update sealed_batches set open = false", []);
    });

    async function audit(checks: readonly AuditCheck[]): Promise<Finding[]> {
      const findings: Finding[] = [];
      await runAudit(checks, { progress: () => {} }, (finding) => findings.push(finding));
      return findings;
    }
    const everything = () => audit([new IndexRowsCheck(database(), chain), new BatchTreesCheck(database())]);

    it("finds nothing where nothing was changed, and leaves nothing behind", async () => {
      expect(await everything()).to.deep.equal([]);
      const left = await database().query("select 1 from pg_namespace where nspname = $1", [AUDIT_SCHEMA]);
      expect(left).to.deep.equal([]);
      chain.mine([]);
      expect(await everything()).to.deep.equal([]);
    });

    it("names a change in every table of the index, with what should be there", async () => {
      const changed = new Map<string, string>();
      for (const table of INDEX_TABLES) {
        const column = await change(database(), table);
        if (column !== undefined) changed.set(table, column);
      }
      expect(changed.size).to.be.greaterThan(25);
      const findings = await audit([new IndexRowsCheck(database(), chain)]);
      const found = new Map(findings.map(({ place, part }) => [place, part]));
      expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(changed));
      for (const { is, should } of findings) expect(is).to.not.deep.equal(should);
    });

    it("names rows that are gone, and rows that never were", async () => {
      await database().query("delete from records where block_number = (select min(block_number) from records)", []);
      await database().query(
        `insert into blocks (number, hash, parent_hash, timestamp, proposer, transaction_count, gas_used)
         values (-5, '\\x01', '\\x02', 0, '\\x03', 0, 0)`,
        [],
      );
      const findings = await audit([new IndexRowsCheck(database(), chain)]);
      expect(findings.filter(({ should }) => should === null).map(({ place, key }) => [place, key])).to.deep.equal([
        ["blocks", { number: -5 }],
      ]);
      expect(findings.filter(({ is }) => is === null).map(({ place }) => place)).to.include("records");
    });

    it("names the piece of a batch: record, tile, root, index of digests", async () => {
      const batch = (await new BatchFakes(database()).batches())[0]?.id;
      const flip = (table: string, column: string, at: number, where = "true") =>
        database().query(
          `update ${table} set ${column} = set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 64) where ${where}`,
          [],
        );
      const attacks: [() => Promise<unknown>, () => Promise<unknown>, Partial<Finding>][] = [];
      const add = (table: string, column: string, at: number, where: string, found: Partial<Finding>) =>
        attacks.push([() => flip(table, column, at, where), () => flip(table, column, at, where), found]);
      add("batch_portions", "records", 134 * 40 + 70, "first_leaf = 0", {
        place: "batch_portions",
        key: { batch, records: "32 to 47" },
        part: "records",
      });
      add("batch_portions", "records", 134 * 600, "first_leaf > 0", {
        place: "batch_portions",
        key: { batch, records: "4912 to 4927" },
      });
      add("batch_tiles", "nodes", 32 * 7 + 3, "height = 4 and position = 1", {
        place: "batch_tiles",
        key: { batch, height: 4, position: 1 },
        part: "nodes, node 7",
      });
      add("batch_tiles", "nodes", 33, "height = 12", { place: "batch_tiles", part: "nodes, node 1" });
      add("sealed_batches", "root", 5, "true", { place: "sealed_batches", part: "root" });
      add(
        "batch_places",
        "prefix",
        2,
        "place & 1048575 = 17 and place >> 20 = (select min(number) from batch_portions)",
        {
          place: "batch_places",
        },
      );
      for (const [attack, mend, found] of attacks) {
        await attack();
        const findings = await audit([new BatchTreesCheck(database())]);
        expect(findings, JSON.stringify(found)).to.not.deep.equal([]);
        for (const [member, value] of Object.entries(found)) {
          expect(findings[0]?.[member as keyof Finding], `${JSON.stringify(findings[0])}`).to.deep.equal(value);
        }
        await mend();
        expect(await audit([new BatchTreesCheck(database())])).to.deep.equal([]);
      }
      await database().query("delete from batch_tiles where height = 12", []);
      expect((await audit([new BatchTreesCheck(database())]))[0]).to.include({ place: "batch_tiles", is: null });
    });

    it("tells so many findings of a check and no more", async () => {
      const endless: AuditCheck = {
        name: "endless",
        async *run() {
          for (let number = 0; ; number++) yield { check: "endless", place: "x", key: { number }, is: 1, should: 2 };
        },
      };
      let told = 0;
      const outcome = await runAudit([endless], { progress: () => {} }, () => told++);
      expect(outcome.checks).to.deep.equal([{ name: "endless", findings: told, complete: false }]);
    });
  });
});

/** Changes one value that is no part of a key. @returns its column; undefined for a table without rows */
async function change(db: Database, table: string): Promise<string | undefined> {
  const key = await primaryKey(db, table);
  const columns = await db.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 and not (column_name = any ($2::text[]))
       and column_name not in ('from_block', 'from_log', 'to_block', 'block_number', 'log_index')
       and not exists (select from pg_index u join pg_attribute a on a.attrelid = u.indrelid and a.attnum = any (u.indkey)
         where u.indrelid = ('public.' || $1)::regclass and u.indisunique and a.attname = column_name)
     order by data_type = 'boolean', ordinal_position`,
    [table, key],
  );
  for (const { name, type } of columns) {
    const flip = FLIPS[type];
    if (flip === undefined) continue;
    const changed = await db.query(
      `update ${table} set ${name} = ${flip(name)} where ctid =
         (select ctid from ${table} where ${name} is not null ${table === "events" ? "and type <> 'operation.expired'" : ""} limit 1)
       returning 1`,
      [],
    );
    if (changed.length > 0) return name;
  }
  return undefined;
}
