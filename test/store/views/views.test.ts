import { readFileSync } from "node:fs";
import { expect } from "chai";
import pg from "pg";
import { tenantSchema } from "../../../src/retrieval/data-view.ts";
import type { Database } from "../../../src/store/database.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { APPENDED, VERSIONED } from "../../../src/store/tables.ts";
import { createViews, ensureViews } from "../../../src/store/views/create-views.ts";
import { viewDefinitions } from "../../../src/store/views/definitions.ts";
import { createSqlRole, dropSqlRole } from "../../../src/store/views/sql-roles.ts";
import { recordOnChain } from "../../retrieval/support/records.ts";
import { OTHER, retrievalOn, TEA_FIELDS, TEA_SCHEMA, TENANT } from "../../retrieval/support/tea.ts";
import { rejection } from "../../support/rejection.ts";
import { onEachDatabase } from "../databases.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "../postgres-server.ts";

const DIGEST = `0x${"ab".repeat(32)}`;

describe("views of the index", () => {
  it("are there for every table, and in the table of docs/retrieval.md with their columns", () => {
    const page = readFileSync(new URL("../../../docs/retrieval.md", import.meta.url), "utf8");
    const definitions = viewDefinitions();
    const tables = 1 + Object.keys(APPENDED).length + 2 * Object.keys(VERSIONED).length;
    expect(definitions).to.have.lengthOf(tables);
    for (const { name, columns, about } of definitions) {
      const names = columns.map((column) => `\`${column.name}\``).join(" ");
      expect(page).to.include(`| \`${name}\` | ${about} | ${names} |\n`);
    }
  });

  onEachDatabase((database) => {
    it("show hashes as hexadecimal text, times as times and states as words, of the types that are documented", async () => {
      await createViewsOf(database());
      const types: Record<string, string> = { "timestamp with time zone": "timestamptz" };
      const rows = await database().query<{ view: string; column: string; type: string }>(
        `select table_name as view, column_name as column, data_type as type from information_schema.columns
         where table_schema = 'brop_views' order by table_name, ordinal_position`,
        [],
      );
      const found = rows.map(({ view, column, type }) => `${view}.${column} ${types[type] ?? type}`);
      const expected = viewDefinitions().flatMap(({ name, columns }) =>
        columns.map((column) => `${name}.${column.name} ${column.type}`),
      );
      expect(found).to.have.members(expected);
      const record = await recordOnChain(database(), { owner: TENANT, digest: DIGEST, block: 3 });
      const [row] = await database().query<Record<string, unknown>>("select * from brop_views.records", []);
      expect(row).to.include({ id: record, owner: TENANT, digest: DIGEST, status: "valid", block_number: 3 });
      expect(Number(row?.recorded_at)).to.equal(1_800_000_003_000);
    });

    it("show a time that no calendar has as the last one", async () => {
      await createViewsOf(database());
      await database().query(
        `insert into certifications (account, certifier, level, status, responsible, issued_at, expires_at, digest,
           transaction_hash, from_block, from_log) values ('\\x01', '\\x02', 1, 1, false, 0, 281474976710655, '', '', 1, 0)`,
        [],
      );
      const [row] = await database().query<{ expires_at: Date; status: string }>(
        "select * from brop_views.certifications",
        [],
      );
      expect(row?.expires_at.toISOString()).to.equal("9999-12-31T23:59:59.000Z");
      expect(row?.status).to.equal("active");
    });

    it("point to other tables when they are made again, and the views of business data with them", async () => {
      await createViewsOf(database());
      const retrieval = retrievalOn(database());
      await retrieval.register(TENANT, { name: "tea", schema: TEA_SCHEMA, fields: TEA_FIELDS });
      const [result] = await retrieval.put(TENANT, TENANT, "tea", [{ document: { batch: "a" } }]);
      const digest = result?.digest as string;
      const view = `"${tenantSchema(TENANT)}".tea`;
      const states = async () => (await database().query<{ state: string }>(`select state from ${view}`, []))[0]?.state;
      const records = async () => (await database().query("select id from brop_views.records", [])).length;
      expect([await states(), await records()]).to.deep.equal(["unrecorded", 0]);
      await database().transaction(async (tx) => {
        await tx.query("create schema if not exists again", []);
        for (const table of [...Object.keys(APPENDED), "blocks", ...Object.keys(VERSIONED)]) {
          await tx.query(`create table again.${table} (like public.${table} including all)`, []);
        }
        await createViews(tx, "again");
      });
      await recordOnChain(database(), { owner: TENANT, digest, block: 3 });
      expect([await states(), await records()]).to.deep.equal(["unrecorded", 0]);
      await database().query("insert into again.records select * from public.records", []);
      expect([await states(), await records()]).to.deep.equal(["recorded", 1]);
      await database().transaction((tx) => createViews(tx));
      await database().query("drop schema again cascade", []);
      expect([await states(), await records()]).to.deep.equal(["recorded", 1]);
    });

    it("are left alone when they are there", async () => {
      await createViewsOf(database());
      const oid = async () => (await database().query("select 'brop_views.records'::regclass::oid as oid", []))[0];
      const before = await oid();
      await ensureViews(database());
      expect(await oid()).to.deep.equal(before);
    });
  });
});

/** What a promise rejects with; fails when it does not. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("was not refused"),
    (error: unknown) => error,
  );

const createViewsOf = (db: Database) => db.transaction((tx) => createViews(tx));

describe("roles for direct SQL", function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let db: Database;
  before(async function () {
    const reason = whyNoPostgres();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    server = await startPostgres();
    db = await openDatabase({ url: server.url });
    await migrate(db);
    await createViewsOf(db);
    const retrieval = retrievalOn(db);
    for (const [tenant, batch] of [
      [TENANT, "mine"],
      [OTHER, "theirs"],
    ] as const) {
      await retrieval.register(tenant, { name: "tea", schema: TEA_SCHEMA, fields: TEA_FIELDS });
      await retrieval.put(tenant, tenant, "tea", [{ document: { batch, weight: 2 } }]);
    }
  });
  after(async () => {
    await db?.close();
    server?.stop();
  });

  /** Runs statements one after another as a role; the last one's rows. */
  async function as(role: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
    const url = new URL(server.url);
    url.username = role;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }

  it("read the views, and those of one tenant's business data", async () => {
    await createSqlRole(db, "analyst", [tenantSchema(TENANT)]);
    expect(await as("analyst", "select count(*)::int as count from records")).to.deep.equal([{ count: 0 }]);
    const rows = await as("analyst", "select batch, weight, state, document->>'batch' as inside from tea");
    expect(rows).to.deep.equal([{ batch: "mine", weight: "2", state: "unrecorded", inside: "mine" }]);
  });

  it("read nothing else, change nothing, and can not be helped to", async () => {
    await createSqlRole(db, "analyst", [tenantSchema(TENANT)]);
    const leak =
      "create function pg_temp.leak(text) returns boolean language plpgsql as $$ begin raise notice '%', $1; return true; end $$";
    const refused: string[][] = [
      ["select * from public.records"],
      ["select * from public.api_keys"],
      ["select * from public.data_schemas"],
      ["select * from brop_internal.records"],
      [`select * from "${tenantSchema(OTHER)}".tea`],
      ["select * from public.data_documents_1"],
      ["set default_transaction_read_only = off", "insert into brop_views.blocks (number) values (1)"],
      ["set default_transaction_read_only = off", "delete from tea"],
      ["set default_transaction_read_only = off", "create table public.mine (a int)"],
      ["set default_transaction_read_only = off", "create temporary table mine (a int)"],
      ["set default_transaction_read_only = off", leak],
      ["set default_transaction_read_only = off", "create role another"],
      ["set role brop"],
      ["select pg_read_file('/etc/hostname')"],
      ["copy (select 1) to program 'true'"],
    ];
    for (const statements of refused) {
      const error = await failure(as("analyst", ...statements));
      expect(String(error), statements.at(-1)).to.match(
        /permission denied|must be superuser|not allowed|cannot delete from view/,
      );
    }
  });

  it("keep reading when views are made again and a schema's fields change", async () => {
    await createSqlRole(db, "analyst", [tenantSchema(TENANT)]);
    await createViewsOf(db);
    const retrieval = retrievalOn(db);
    await retrieval.register(TENANT, { name: "tea", schema: TEA_SCHEMA, fields: { batch: {}, salt: {} } });
    while (await retrieval.work());
    await retrieval.register(TENANT, { name: "coffee", schema: TEA_SCHEMA, fields: { batch: {} } });
    expect(await as("analyst", "select batch, salt from tea")).to.deep.equal([{ batch: "mine", salt: null }]);
    expect(await as("analyst", "select batch from coffee")).to.deep.equal([]);
    expect(await as("analyst", "select number from blocks")).to.deep.equal([]);
  });

  it("without a tenant read no business data", async () => {
    await createSqlRole(db, "auditor", []);
    expect(await as("auditor", "select id from records")).to.deep.equal([]);
    expect(String(await failure(as("auditor", `select * from "${tenantSchema(TENANT)}".tea`)))).to.include("denied");
  });

  it("are made and ended only under names of their own", async () => {
    for (const name of ["brop", "pg_monitor", "a; drop role brop", 'x"y', "", "Große"]) {
      const error = await rejection(createSqlRole(db, name, []));
      expect(error, name).to.include({ code: "request.invalid" });
      expect(await rejection(dropSqlRole(db, name)), name).to.include({ code: "resource.not-found" });
    }
    const first = await createSqlRole(db, "shortlived", []);
    expect(await createSqlRole(db, "shortlived", [])).to.not.equal(first);
    await dropSqlRole(db, "shortlived");
    expect(String(await failure(as("shortlived", "select 1")))).to.match(/does not exist/);
  });
});
