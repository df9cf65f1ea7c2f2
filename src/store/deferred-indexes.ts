import type { Database } from "./database.ts";
import { INDEX_TABLES } from "./tables.ts";

/**
 * Drops the indexes of the indexer's tables that only readers need, and notes down how they are made again. Unique ones
 * stay: they say what a row is.
 */
export async function deferIndexes(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const indexes = await tx.query<{ name: string; definition: string }>(
      `select indexname as name, indexdef as definition from pg_indexes
       where schemaname = current_schema() and tablename = any ($1::text[]) and indexdef like 'CREATE INDEX %'`,
      [INDEX_TABLES],
    );
    for (const { name, definition } of indexes) {
      await tx.query("insert into deferred_indexes (name, definition) values ($1, $2)", [name, definition]);
      await tx.query(`drop index ${name}`, []);
    }
  });
}

/** Indexes that a server builds at a time. */
const AT_ONCE = 2;

/** Builds what `deferIndexes` dropped, one index a transaction: what was built stays when it is cut off. */
export async function buildDeferredIndexes(db: Database): Promise<number> {
  const waiting = await db.query<{ name: string }>("select name from deferred_indexes order by name", []);
  const names = waiting.values();
  const build = async () => {
    for (const { name } of names) await buildIndex(db, name);
  };
  await Promise.all(Array.from({ length: db.kind === "postgres" ? AT_ONCE : 1 }, build));
  return waiting.length;
}

function buildIndex(db: Database, name: string): Promise<void> {
  return db.transaction(async (tx) => {
    const [index] = await tx.query<{ definition: string }>(
      "delete from deferred_indexes where name = $1 returning definition",
      [name],
    );
    // Another process was faster.
    if (index !== undefined) await tx.query(index.definition, []);
  });
}
