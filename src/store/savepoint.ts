import type { Database } from "./database.ts";

/** What a transaction's connection can do. */
export interface Connection {
  query: <Row>(text: string, params?: unknown[]) => Promise<Row[]>;
  copy?: NonNullable<Database["copy"]>;
}

/** The database as seen inside a transaction: a transaction in it is a savepoint. `close` belongs to the outer one. */
export function insideTransaction(kind: Database["kind"], connection: Connection, depth = 0): Database {
  const { query } = connection;
  return {
    kind,
    ...connection,
    async transaction(work) {
      const name = `nested_${depth}`;
      await query(`savepoint ${name}`, []);
      try {
        const result = await work(insideTransaction(kind, connection, depth + 1));
        await query(`release savepoint ${name}`, []);
        return result;
      } catch (error) {
        await query(`rollback to savepoint ${name}`, []);
        throw error;
      }
    },
    async close() {
      throw new Error("a transaction can not close its database");
    },
  };
}
