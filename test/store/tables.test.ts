import { expect } from "chai";
import type { Database } from "../../src/store/database.ts";
import { APPENDED, BLOCKS, type Columns, VERSIONED } from "../../src/store/tables.ts";
import { openMigrated } from "./migrated-database.ts";

const SQL_TYPES: Record<string, string> = {
  bytea: "bytes",
  bigint: "integer",
  numeric: "numeric",
  text: "text",
  boolean: "boolean",
  jsonb: "json",
};

describe("tables of the indexer", function () {
  this.timeout(30_000);
  let db: Database;
  before(async () => {
    db = await openMigrated();
  });
  after(() => db.close());

  const expected: Record<string, Columns> = { blocks: BLOCKS.columns };
  for (const [name, { columns }] of Object.entries(APPENDED)) expected[name] = columns;
  for (const [name, { key, state }] of Object.entries(VERSIONED)) {
    expected[name] = { ...key, ...state, from_block: "integer", from_log: "integer", to_block: "integer?" };
  }

  for (const [name, columns] of Object.entries(expected)) {
    it(`describe ${name} as the migrations make it`, async () => {
      const rows = await db.query<{ column_name: string; data_type: string; is_nullable: string }>(
        "select column_name, data_type, is_nullable from information_schema.columns where table_schema = 'public' and table_name = $1",
        [name],
      );
      const found = rows.map(({ column_name, data_type, is_nullable }) => [
        column_name,
        `${SQL_TYPES[data_type]}${is_nullable === "YES" ? "?" : ""}`,
      ]);
      const kinds = Object.entries(columns).map(([name, kind]) => [name, kind.replace("jsonText", "json")]);
      expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(kinds));
    });
  }

  for (const [name, { key }] of Object.entries(VERSIONED)) {
    it(`let ${name} have one current version for each ${Object.keys(key).join(", ")}`, async () => {
      const rows = await db.query<{ indexdef: string }>("select indexdef from pg_indexes where indexname = $1", [
        `${name}_current`,
      ]);
      expect(rows[0]?.indexdef).to.match(/^CREATE UNIQUE INDEX/);
      expect(rows[0]?.indexdef).to.include(`(${Object.keys(key).join(", ")}) WHERE (to_block IS NULL)`);
    });
  }
});
