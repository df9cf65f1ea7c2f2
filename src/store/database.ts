import { openPglite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";

/**
 * A PostgreSQL database, embedded (PGlite) or a server: the same SQL on both.
 *
 * Values come back the same on both: int8 as number (blocks, seconds, counts), numeric as decimal string, bytea as
 * Uint8Array, jsonb parsed.
 */
export interface Database {
  readonly kind: "pglite" | "postgres";
  /**
   * Runs one statement with parameters $1, $2, ... Without `params` the text may hold several statements; the rows are
   * those of the last one.
   */
  query<Row>(text: string, params?: unknown[]): Promise<Row[]>;
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. A transaction inside a
   * transaction is a savepoint. Inside `work` use `tx` only: the embedded database has one connection, which would
   * wait for itself.
   */
  transaction<T>(work: (tx: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

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
