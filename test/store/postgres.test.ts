import { expect } from "chai";
import type { BropError } from "../../src/core/errors.ts";
import type { Database } from "../../src/store/database.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "./postgres-server.ts";

describe("database server", () => {
  it("that does not answer is reported without the password", async () => {
    const url = "postgres://brop:secret@127.0.0.1:1/registry";
    const error = (await openDatabase({ url }).catch((thrown: unknown) => thrown)) as BropError;
    expect(error.code).to.equal("service.unavailable");
    expect(error.message).to.include("127.0.0.1:1/registry").and.include("ECONNREFUSED");
    expect(JSON.stringify(error.toProblem())).to.not.include("secret");
  });

  describe("that is there", function () {
    this.timeout(30_000);
    let server: PostgresServer;
    let db: Database;

    before(async function () {
      const reason = whyNoPostgres();
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        return this.skip();
      }
      server = await startPostgres();
      db = await openDatabase({ url: server.url });
    });
    after(async () => {
      await db?.close();
      server?.stop();
    });

    it("may cut a connection between two statements of a transaction: that one fails, and all goes on", async () => {
      await db.query("create table notes (text text)");
      const error = await db
        .transaction(async (tx) => {
          const [own] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid", []);
          await tx.query("insert into notes values ($1)", ["lost"]);
          await db.query("select pg_terminate_backend($1)", [own?.pid]);
          // Time for the news to come while nobody asks for anything.
          await new Promise((resolve) => setTimeout(resolve, 200));
          await tx.query("insert into notes values ($1)", ["lost too"]);
        })
        .catch((thrown: unknown) => thrown);
      expect(error).to.be.an("error");
      expect(await db.query("select text from notes", [])).to.deep.equal([]);
      await db.transaction((tx) => tx.query("insert into notes values ($1)", ["kept"]));
      expect(await db.query("select text from notes", [])).to.deep.equal([{ text: "kept" }]);
    });

    it("gives up a transaction whose process says nothing, so that its locks are free", async () => {
      const [row] = await db.query<{ limit: string }>(
        "select current_setting('idle_in_transaction_session_timeout') as limit",
        [],
      );
      expect(row?.limit).to.equal("20s");
    });
  });
});
