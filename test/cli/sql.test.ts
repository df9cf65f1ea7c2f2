import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { recordOnChain } from "../retrieval/support/records.ts";
import { retrievalOn, TEA_FIELDS, TEA_SCHEMA, TENANT } from "../retrieval/support/tea.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "../store/postgres-server.ts";
import { brop } from "./support/brop.ts";

const DIGEST = `0x${"ab".repeat(32)}`;

describe("brop sql", function () {
  this.timeout(120_000);
  let cwd: string;
  let server: PostgresServer | undefined;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "brop-cli-"));
  });
  after(async () => {
    server?.stop();
    await rm(cwd, { recursive: true });
  });

  async function fill(options: { url?: string; directory?: string }): Promise<void> {
    const db = await openDatabase(options);
    await migrate(db);
    await recordOnChain(db, { owner: TENANT, digest: DIGEST, block: 3 });
    const retrieval = retrievalOn(db);
    await retrieval.register(TENANT, { name: "tea", schema: TEA_SCHEMA, fields: TEA_FIELDS });
    await retrieval.put(TENANT, TENANT, "tea", [{ document: { batch: "一号" } }]);
    await db.close();
  }

  const places: [string, () => Promise<Record<string, string>>][] = [["the data folder", async () => ({})]];
  if (whyNoPostgres() === undefined) {
    places.push([
      "a server",
      async () => {
        server = await startPostgres();
        return { DATABASE_URL: server.url };
      },
    ]);
  }
  for (const [place, open] of places) {
    describe(`with ${place}`, () => {
      let environment: Record<string, string>;
      before(async () => {
        environment = await open();
        const url = environment.DATABASE_URL;
        await fill(url === undefined ? { directory: join(cwd, "data", "database") } : { url });
      });
      const ask = (...args: string[]) => brop(["sql", ...args], { cwd, environment });

      it("answers from the views, and from those of a tenant", async () => {
        const records = await ask("select digest, status, recorded_at from records;", "--json");
        expect(JSON.parse(records.stdout)).to.deep.equal({
          rows: [{ digest: DIGEST, status: "valid", recorded_at: new Date(1_800_000_003_000).toISOString() }],
        });
        const tea = await ask("select batch, state, weight from tea", "--tenant", TENANT);
        expect(tea.stdout).to.match(/^batch +state +weight\n一号 +unrecorded +-\n$/);
        expect((await ask("select number from blocks")).stdout).to.equal("No rows.\n");
      });

      it("changes nothing, and takes one question only", async () => {
        for (const select of [
          "delete from public.records",
          "insert into public.push_position (block_number) values (1) returning 1",
          "select 1; drop table public.records",
          "with gone as (delete from public.records returning 1) select * from gone",
          "",
        ]) {
          const { code, stdout } = await ask(select, "--json");
          expect(code, select).to.equal(1);
          expect(JSON.parse(stdout).error.code, select).to.equal("request.invalid");
        }
        expect(JSON.parse((await ask("select id from records", "--json")).stdout).rows).to.have.lengthOf(1);
      });
    });
  }

  describe("beyond questions", () => {
    it("does not make a database where there is none, nor roles in the embedded one", async () => {
      const elsewhere = { BROP_DATA: join(cwd, "nowhere") };
      expect((await brop(["sql", "select 1"], { cwd, environment: elsewhere })).stderr).to.include("file.not-found");
      const role = await brop(["sql-role", "create", "ann"], { cwd });
      expect(role.stderr).to.include("configuration.invalid").and.include("DATABASE_URL");
    });

    it("makes a role on a server, and shows its password once", async function () {
      if (server === undefined) this.skip();
      const environment = { DATABASE_URL: server.url };
      const made = await brop(["sql-role", "create", "ann", "--tenant", TENANT, "--json"], { cwd, environment });
      expect(JSON.parse(made.stdout).role).to.equal("ann");
      expect(JSON.parse(made.stdout).password).to.have.length.greaterThan(20);
      const dropped = await brop(["sql-role", "drop", "ann"], { cwd, environment });
      expect(dropped).to.include({ code: 0, stdout: "The role ann is gone.\n" });
    });
  });
});
