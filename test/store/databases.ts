import type { Database } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { openMigrated } from "./migrated-database.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "./postgres-server.ts";

/**
 * Runs the same suite on the embedded database and on a server, where one is installed. The database is migrated; each
 * test begins with empty tables.
 */
export function onEachDatabase(suite: (database: () => Database) => void): void {
  for (const kind of ["pglite", "postgres"] as const) {
    describe(`on ${kind === "pglite" ? "PGlite" : "PostgreSQL"}`, function () {
      this.timeout(60_000);
      let db: Database;
      let server: PostgresServer | undefined;

      before(async function () {
        const reason = kind === "postgres" ? whyNoPostgres() : undefined;
        if (reason !== undefined) {
          console.log(`      skipped: ${reason}`);
          this.skip();
        }
        if (kind === "postgres") server = await startPostgres();
        db = server === undefined ? await openMigrated() : await openDatabase({ url: server.url });
        await migrate(db);
      });
      beforeEach(() => emptyTables(db));
      after(async () => {
        await db?.close();
        server?.stop();
      });

      suite(() => db);
    });
  }
}

/**
 * Removes every row but the list of migrations. Of tables that have any: to truncate all of them, each with its indexes,
 * takes longer than most tests.
 */
export async function emptyTables(db: Database): Promise<void> {
  const names = (await tableNames(db)).filter((name) => name !== "schema_migrations");
  const looks = names.map((name) => `select '${name}' as name where exists (select from ${name})`);
  const filled = await db.query<{ name: string }>(looks.join(" union all "), []);
  const deletions = filled.map(({ name }) => `delete from ${name};`).join(" ");
  // In any order: foreign keys are not looked at.
  await db.query(`set session_replication_role = replica; ${deletions} set session_replication_role = default;`);
}

export async function tableNames(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
    [],
  );
  return rows.map(({ name }) => name);
}
