import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { createDocumentsTable, createIndexTable } from "../../../src/retrieval/index-table.ts";
import { describeTables } from "../../../src/store/backup/describe.ts";
import { restoreBackup } from "../../../src/store/backup/restore-backup.ts";
import { writeBackup } from "../../../src/store/backup/write-backup.ts";
import type { Database } from "../../../src/store/database.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { indexAll } from "../../indexer/indexing.ts";
import { tellStory } from "../../indexer/story.ts";
import { readTables } from "../../indexer/tables.ts";
import { rejection } from "../../support/rejection.ts";
import { onEachDatabase } from "../databases.ts";
import { openMigrated } from "../migrated-database.ts";

const CHAIN_ID = 8420;
const HALF = 12;

describe("backup", () => {
  const story = tellStory();
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "brop-backup-"));
    file = join(folder, "backup");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  onEachDatabase((database) => {
    it("restored and caught up gives the tables of an indexer that never stopped", async () => {
      await indexAll(database(), story.copy(HALF));
      await fillOthers(database());
      const before = await everything(database());
      const summary = await writeBackup(database(), file, 1);
      expect(summary.block).to.equal(HALF);
      expect(Object.values(before).reduce((sum, rows) => sum + rows.length, 0)).to.equal(summary.rows);
      await indexAll(database(), story);
      const whole = await readTables(database());

      const restored = await openDatabase({});
      expect((await restoreBackup(restored, file, CHAIN_ID)).block).to.equal(HALF);
      expect(await everything(restored)).to.deep.equal(before);
      await indexAll(restored, story);
      expect(await readTables(restored)).to.deep.equal(whole);
      // Numbers go on behind those that are taken.
      await restored.query(
        "insert into data_schemas (tenant, name, digest, created_at) values ('t', 'next', '\\x00', 1)",
        [],
      );
      expect(await restored.query("select max(id)::int as id from data_schemas", [])).to.deep.equal([{ id: 8 }]);
      await restored.close();
      await dropOthers(database());
    });

    it("is restored into the other kind of database, and from there back", async () => {
      await indexAll(database(), story.copy(HALF));
      const before = await everything(database());
      await writeBackup(database(), file, 1);
      const embedded = await openDatabase({});
      await restoreBackup(embedded, file, CHAIN_ID);
      await writeBackup(embedded, `${file}-2`, 1);
      await embedded.close();
      const rows = await database().query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'public'",
        [],
      );
      const names = rows.map(({ name }) => name).filter((name) => name !== "schema_migrations");
      await database().query(`truncate ${names.join(", ")} cascade`, []);
      await restoreBackup(database(), `${file}-2`, CHAIN_ID);
      expect(await everything(database())).to.deep.equal(before);
    });

    it("shows one moment, whatever is written meanwhile", async function () {
      if (database().kind === "pglite") this.skip();
      await indexAll(database(), story.copy(HALF));
      const writing = writeBackup(database(), file, 1);
      await Promise.all([writing, indexAll(database(), story)]);
      const restored = await openDatabase({});
      const { block } = await restoreBackup(restored, file, CHAIN_ID);
      await indexAll(restored, story);
      expect(block).to.be.within(HALF, story.head);
      expect(await readTables(restored)).to.deep.equal(await readTables(database()));
      await restored.close();
    });
  });

  describe("is refused", () => {
    let target: Database;
    let whole: Buffer;
    before(async () => {
      const source = await openMigrated();
      await indexAll(source, story.copy(HALF));
      await writeBackup(source, file, 1);
      await source.close();
      whole = readFileSync(file);
      target = await openMigrated();
    });
    after(() => target.close());

    const refused = async (content: Buffer, chainId = CHAIN_ID) => {
      writeFileSync(file, content);
      const before = await everything(target);
      const error = await rejection(restoreBackup(target, file, chainId));
      expect(await everything(target)).to.deep.equal(before);
      return (error as { code?: string }).code;
    };
    const rewritten = (change: (lines: string[]) => string[]) => {
      const lines = change(gunzipSync(whole).toString("utf8").trimEnd().split("\n").slice(0, -1));
      const text = `${lines.join("\n")}\n`;
      const rows = lines.filter((line) => line.startsWith("[")).length;
      const sha256 = createHash("sha256").update(text).digest("hex");
      return gzipSync(`${text}${JSON.stringify({ end: true, rows, sha256 })}\n`);
    };

    it("when it is cut off anywhere", async () => {
      for (const part of [0, 5, whole.length >> 1, whole.length - 1])
        expect(await refused(whole.subarray(0, part)), String(part)).to.equal("backup.damaged");
    });

    it("when a byte of it was changed", async () => {
      const text = gunzipSync(whole);
      for (const place of [10, text.length >> 2, text.length >> 1]) {
        const changed = Buffer.from(text);
        changed[place] = (changed[place] as number) ^ 1;
        expect(await refused(gzipSync(changed)), String(place)).to.equal("backup.damaged");
      }
    });

    it("when it is something else", async () => {
      expect(await refused(Buffer.from("no backup at all"))).to.equal("backup.damaged");
      expect(await refused(gzipSync('{"format":"other"}\n{"end":true}\n'))).to.equal("backup.damaged");
    });

    it("when a newer version made it", async () => {
      const newer = rewritten(([head, ...rest]) => {
        const { migrations, ...others } = JSON.parse(head as string);
        migrations.push({ number: 9_999, name: "9999_future", checksum: "00" });
        return [JSON.stringify({ ...others, migrations }), ...rest];
      });
      expect(await refused(newer)).to.equal("data.newer");
    });

    it("when it is of another chain", async () => {
      expect(await refused(whole, 1)).to.equal("chain.wrong");
    });

    it("when the database holds something, whatever it is", async () => {
      await target.query(
        "insert into data_schemas (tenant, name, digest, created_at) values ('t', 'n', '\\x00', 1)",
        [],
      );
      expect(await refused(whole)).to.equal("backup.not-empty");
      await target.query("delete from data_schemas", []);
    });

    it("without leaving a part of it when it fails on the way", async () => {
      const broken = rewritten((lines) => {
        const last = lines.findLastIndex((line) => line.startsWith("["));
        return lines.map((line, index) => (index === last ? JSON.stringify(["no", "such", "row"]) : line));
      });
      expect(await refused(broken)).to.equal("backup.damaged");
    });
  });
});

/** What no chain knows: rows of tables that are no copy of it, tables that no migration makes, and views on them. */
async function fillOthers(db: Database): Promise<void> {
  await db.query(
    `insert into api_keys (id, name, role, scopes, secret_digest, created_at, created_by)
     values ('key', '商店 "shop"', 'partner', '{data,"a,b"}', '\\xdeadbeef', 1, 'x')`,
    [],
  );
  await db.query(
    `insert into subscriptions (id, owner, url, description, filter, secret, status, created_at)
     values ('s', 'key', 'https://example.org', E'two\\nlines', '{"types": ["*"]}', '\\x01', 'active', 1)`,
    [],
  );
  await db.query(
    "insert into deliveries (subscription, block_number, log_index, state, attempts, created_at, due_at) values ('s', 3, 0, 'pending', 0, 1, 1)",
    [],
  );
  await db.query(
    "insert into data_schemas (id, tenant, name, digest, created_at) overriding system value values (7, 't', 'tea', '\\x00', 1)",
    [],
  );
  await createDocumentsTable(db, 7);
  await createIndexTable(db, 7, 7, [{ name: "n", path: "/n", type: "text", search: true }] as never);
  await db.query(
    "insert into data_documents_7 (digest, owner, version, document, created_at) values ('\\x01', '\\x02', '\\x03', '{}', 1)",
    [],
  );
  await db.query("insert into data_index_7 (id, c0, s0, g0) values (1, 'x', 'x', '{a,\"b c\"}')", []);
  await db.query("create schema brop_data_t", []);
  await db.query("create view brop_data_t.tea as select document from data_documents_7", []);
}

async function dropOthers(db: Database): Promise<void> {
  await db.query("drop schema brop_data_t cascade", []);
  await db.query("drop table data_index_7, data_documents_7", []);
}

/** Every row of every table, as text, and what the partners' views show. */
async function everything(db: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const { table, columns } of await describeTables(db)) {
    const values = columns.map(({ name }) => `"${name}"::text`).join(", ");
    const rows = await db.query<{ line: string }>(
      `select json_build_array(${values})::text as line from "${table}"`,
      [],
    );
    tables[table] = rows.map(({ line }) => line).sort();
  }
  return tables;
}
