/**
 * One server to be measured, in a process of its own: `node bench/query/server.ts brop|bare DATABASE_URL SCHEMA INDEX`.
 * Prints its port. The bare one does one prepared query a request, the same that BROP does, and writes the rows.
 */
import fastify from "fastify";
import pg from "pg";
import { apiRoutes } from "../../src/api/api-routes.ts";
import { SignIn } from "../../src/api/sign-in/sign-in.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import { openDatabase, openReader } from "../../src/store/open-database.ts";

const [kind, url = "", schema, index] = process.argv.slice(2);
const server = fastify();
if (kind === "brop") await addBrop();
else addBare();

await server.listen({ port: 0, host: "127.0.0.1" });
console.log((server.server.address() as { port: number }).port);

async function addBrop(): Promise<void> {
  const db = await openDatabase({ url });
  const reader = await openReader(db, url);
  const retrieval = new Retrieval({ db, reader, clock: systemClock, logger: silentLogger });
  // Keys only: nobody signs in, so the chain is not asked.
  const rpc = new RpcClient("http://127.0.0.1:1");
  const signIn = new SignIn({ db, rpc, chainId: 1, publicUrl: "http://127.0.0.1", clock: systemClock });
  // A limit that is never reached: what counting costs belongs to the measurement.
  const rates = { anonymous: 1_000_000_000, key: 1_000_000_000 };
  const context = { db, retrieval, signIn, rates, indexer: undefined, allowPrivate: false };
  await server.register(apiRoutes({ ...context, subscriptionChanged: () => {} }));
}

function addBare(): void {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const columns = `'0x' || encode(d.digest, 'hex') as digest, '0x' || encode(d.owner, 'hex') as owner, d.document,
    '0x' || encode(r.id, 'hex') as record, r.block_number, '0x' || encode(r.transaction_hash, 'hex') as transaction, s.status`;
  const record = `left join lateral (select id, block_number, transaction_hash from records
      where digest = d.digest and owner = d.owner order by block_number, log_index limit 1) r on true
    left join record_statuses s on s.record = r.id and s.to_block is null`;
  const from = `from data_index_${index} i join data_documents_${schema} d on d.id = i.id ${record}`;
  server.get<{ Querystring: { batch: string } }>("/batch", async ({ query }) => {
    const text = `select ${columns} ${from} where i.c0 = $1 order by i.id desc limit 51`;
    return (await pool.query({ name: "batch", text, values: [query.batch] })).rows;
  });
  server.get<{ Querystring: { digest: string } }>("/digest", async ({ query }) => {
    const text = `select ${columns} from data_documents_${schema} d ${record} where d.digest = $1`;
    return (await pool.query({ name: "digest", text, values: [Buffer.from(query.digest.slice(2), "hex")] })).rows;
  });
  server.get<{ Querystring: { province: string; weight: string } }>("/page", async ({ query }) => {
    const text = `select ${columns} ${from} where i.c1 = $1 and i.c2 >= $2 order by i.c2, i.id limit 51`;
    return (await pool.query({ name: "page", text, values: [query.province, query.weight] })).rows;
  });
}
