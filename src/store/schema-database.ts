import type { Database } from "./database.ts";

/** The database as it is seen with the tables of another PostgreSQL schema in front of those of `public`. */
export function inSchema(db: Database, schema: string): Database {
  const enter = (tx: Database) => tx.query(`set local search_path to ${schema}, public`, []);
  return {
    kind: db.kind,
    query: (text, params) =>
      db.transaction(async (tx) => {
        await enter(tx);
        return tx.query(text, params);
      }),
    transaction: (work) =>
      db.transaction(async (tx) => {
        await enter(tx);
        return work(tx);
      }),
    close: () => db.close(),
  };
}
