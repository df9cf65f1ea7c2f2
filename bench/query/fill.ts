import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import type { Database } from "../../src/store/database.ts";

export const PROVINCES = ["福建", "浙江", "云南", "安徽", "四川", "湖南", "江苏", "广东", "湖北", "河南"];

/** SQL of the digest that row `n` has here: not that of its document, which nothing in the measurement asks for. */
const DIGEST = "sha256(('row ' || n)::bytea)";

/** A schema with rows and a record for each, written by the server itself: sending them is not what is measured. */
export async function fill(db: Database, tenant: string, rows: number): Promise<{ schema: number; index: number }> {
  const retrieval = new Retrieval({ db, reader: db, clock: systemClock, logger: silentLogger });
  const { schema } = await retrieval.register(tenant, {
    name: "tea",
    schema: {
      properties: { batch: { type: "string" }, province: { type: "string" }, weight: { type: "integer" } },
    },
    fields: { batch: {}, province: {}, weight: {} },
  });
  const { row, current } = schema;
  const tables = [`data_documents_${row.id}`, `data_index_${current.id}`, "records"];
  const indexes = await withoutIndexes(db, tables);
  const given = `generate_series(1, ${rows}) n, (select array[${PROVINCES.map((name) => `'${name}'`).join(",")}] as names) p`;
  const province = "p.names[1 + n % 10]";
  const weight = "(n::bigint * 7919) % 100000";
  await db.query(
    `insert into data_documents_${row.id} (digest, owner, version, document, created_at)
     select ${DIGEST}, decode($1, 'hex'), $2,
       '{"batch":"2030-' || n || '","name":"安溪铁观音","origin":{"farm":"farm ' || n % 1000 || '"},"province":"' || ${province}
         || '","salt":"' || md5(n::text) || '","weight":' || ${weight} || '}', 1900000000000
     from ${given} order by n`,
    [tenant.slice(2), row.digest],
  );
  await db.query(
    `insert into data_index_${current.id} (id, c0, c1, c2)
     select n, '2030-' || n, ${province}, ${weight} from ${given} order by n`,
    [],
  );
  await db.query(
    `insert into records (id, owner, digest, algorithm, kind, recorded_at, transaction_hash, block_number, log_index)
     select sha256(('record ' || n)::bytea), decode($1, 'hex'), ${DIGEST}, 18, 0, 1900000000 + n / 100,
       sha256(('transaction ' || n / 50)::bytea), n / 100, n % 100 from ${given}`,
    [tenant.slice(2)],
  );
  for (const index of indexes) await db.query(index, []);
  for (const table of tables) await db.query(`vacuum analyze ${table}`);
  return { schema: row.id, index: current.id };
}

/** Drops indexes that are no constraints. @returns what makes them again */
async function withoutIndexes(db: Database, tables: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ name: string; text: string }>(
    `select i.indexname as name, i.indexdef as text from pg_indexes i
     where i.tablename = any($1) and not exists (select 1 from pg_constraint c where c.conname = i.indexname)`,
    [tables],
  );
  for (const { name } of rows) await db.query(`drop index ${name}`, []);
  return rows.map(({ text }) => text);
}
