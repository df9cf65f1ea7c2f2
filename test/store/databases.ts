import type { Database } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";
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
        db = await openDatabase(server === undefined ? {} : { url: server.url });
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

/** Removes every row but the list of migrations. */
export async function emptyTables(db: Database): Promise<void> {
  const names = (await tableNames(db)).filter((name) => name !== "schema_migrations");
  await db.query(`truncate ${names.join(", ")}`, []);
}

export async function tableNames(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
    [],
  );
  return rows.map(({ name }) => name);
}
