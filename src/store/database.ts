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
  /**
   * Appends rows to a table, in the text format of PostgreSQL's `COPY`. Only inside of a transaction of a server: the
   * embedded database has nothing that would be faster than statements.
   *
   * @param target `table (column, …)`
   */
  copy?(target: string, text: Iterable<string>): Promise<void>;
  close(): Promise<void>;
  /** The connections to a server, and what waits for one. The embedded database has none. */
  connections?(): { busy: number; idle: number; waiting: number };
}
