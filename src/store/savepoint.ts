import type { Database } from "./database.ts";

type Run = <Row>(text: string, params?: unknown[]) => Promise<Row[]>;

/** The database as seen inside a transaction: a transaction in it is a savepoint. `close` belongs to the outer one. */
export function insideTransaction(kind: Database["kind"], run: Run, depth = 0): Database {
  return {
    kind,
    query: run,
    async transaction(work) {
      const name = `nested_${depth}`;
      await run(`savepoint ${name}`, []);
      try {
        const result = await work(insideTransaction(kind, run, depth + 1));
        await run(`release savepoint ${name}`, []);
        return result;
      } catch (error) {
        await run(`rollback to savepoint ${name}`, []);
        throw error;
      }
    },
    async close() {
      throw new Error("a transaction can not close its database");
    },
  };
}
