import type { Database } from "./database.ts";
import { openPglite } from "./pglite.ts";
import { openPostgres, openPostgresReader } from "./postgres.ts";

/**
 * Opens a database: the server at `url`, or the embedded one in `directory` (made when it is not there), or, with
 * neither, an embedded one in memory.
 *
 * @throws BropError data.locked when another process has the directory open, data.damaged when it holds no database
 * or a broken one, data.newer when a newer version made it, service.unavailable when the server does not answer
 */
export async function openDatabase(options: { url?: string; directory?: string }): Promise<Database> {
  return options.url === undefined ? openPglite(options.directory) : openPostgres(options.url);
}

/**
 * Another way to the same database for questions of others, which may neither change anything nor take long. The embedded
 * database has one connection and no clock that could stop a statement: there it is the database itself.
 */
export async function openReader(db: Database, url: string | undefined): Promise<Database> {
  return url === undefined ? { ...db, close: async () => {} } : openPostgresReader(url);
}
