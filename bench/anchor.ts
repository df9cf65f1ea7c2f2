/**
 * Records a second, from the first request over HTTP to the block that has the last one's root and its index, with fsync on
 * and PostgreSQL, beside a transparency log by Tessera; the root of 2^20 leaves beside the bare native hasher; and proofs a
 * second: `npm run bench -- anchor [RECORDS]`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { hashInto } from "@chainsafe/hashtree";
import { Wallet } from "ethers";
import { createApiKey } from "../src/api/access/api-key.ts";
import { batchPathFault } from "../src/core/batch/path.ts";
import { RECORD_BYTES } from "../src/core/batch/serialised-records.ts";
import { batchRoot, MAX_BATCH } from "../src/core/batch/tree.ts";
import { installNativePairHasher } from "../src/core/sha256-pairs.node.ts";
import type { Database } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { openDatabase } from "../src/store/open-database.ts";
import { listSealed, type SealedBatch } from "../src/store/queries/batch/sealed.ts";
import { BatchPaths } from "../src/uplink/batch/batch-paths.ts";
import { startPostgres } from "../test/store/postgres-server.ts";
import { postAll } from "./anchor/post-records.ts";
import { startTessera } from "./anchor/tessera.ts";
import { startBenchNetwork } from "./support/network.ts";
import { printTable } from "./support/table.ts";

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const A_REQUEST = 10_000;
const CONNECTIONS = 6;
const PROOFS = 40_000;
/** Proofs of one question, as GET /batch-proofs takes them. */
const A_QUESTION = 200;
const ROUNDS = 5;
const SERVER = fileURLToPath(new URL("./anchor/server.ts", import.meta.url));

await installNativePairHasher();
const postgres = await startPostgres(true);
const network = await startBenchNetwork();
let child: ChildProcess | undefined;
try {
  const owner = new Wallet(Wallet.createRandom().privateKey);
  const account = await network.createAccount(owner);
  await network.mineEvery(1);
  const db = await openDatabase({ url: postgres.url });
  await migrate(db);
  const tenant = account.toLowerCase();
  const description = {
    name: "bench",
    role: "partner",
    account: tenant,
    scopes: ["submissions"],
    expiresAt: null,
  } as const;
  const { key } = await createApiKey(db, description, "bench", Date.now());
  const url = await startServer(owner.privateKey);
  const bodies = recordsOf(RECORDS);

  const headers = { authorization: `Bearer ${key}`, "content-type": "application/octet-stream" };
  const began = performance.now();
  const answers = await postAll(`${url}/v1/batch-records?account=${account}`, bodies, CONNECTIONS, headers);
  const taken = seconds(began);
  await anchored(db);
  const whole = seconds(began);
  const batches = (await listSealed(db, tenant, undefined, { limit: 100 })).rows;
  const accepted = answers.reduce((sum, text) => sum + (JSON.parse(text) as { accepted: number }).accepted, 0);
  const found = await countFound(db, bodies);
  const peer = await measureTessera(bodies);
  const rate = (elapsed: number) => Math.round(RECORDS / elapsed).toLocaleString("en");

  console.log(
    `${RECORDS.toLocaleString("en")} records of ${RECORD_BYTES} bytes, ${A_REQUEST} a request, ${CONNECTIONS} connections.`,
  );
  console.log(`${accepted} accepted, ${found} found by their digests, in ${batches.length} batches.\n`);
  printTable(
    ["", "records/s", "of Tessera"],
    [
      ["BROP: taken durably", rate(taken), peer === undefined ? "" : (peer / taken).toFixed(2)],
      ["BROP: taken, anchored, indexed", rate(whole), peer === undefined ? "" : (peer / whole).toFixed(2)],
      ["Tessera, POSIX storage: stored, with a place", peer === undefined ? "Go is missing" : rate(peer), "1.00"],
    ],
  );

  console.log("");
  const [bare, own] = rootTimes();
  const proofs = await proofRate(db, batches);
  printTable(
    ["", "", "limit"],
    [
      ["root of 2^20 leaves, bare hasher, ms", bare.toFixed(0), ""],
      ["root of 2^20 leaves, BROP, ms", own.toFixed(0), ""],
      ["of the bare hasher", (own / bare).toFixed(2), "1.60"],
      ["proofs/s from what is kept", Math.round(proofs).toLocaleString("en"), "10,000"],
    ],
  );
  await db.close();
} finally {
  child?.stdin?.end();
  if (child !== undefined) await new Promise((resolve) => child?.once("exit", resolve));
  await network.stop();
  postgres.stop();
}

function recordsOf(count: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(count / A_REQUEST) }, (_, at) => {
    const records = Math.min(A_REQUEST, count - at * A_REQUEST);
    const body = new Uint8Array(records * RECORD_BYTES);
    for (let record = 0; record < records; record++) {
      randomFillSync(body, record * RECORD_BYTES, 32);
      body[record * RECORD_BYTES + 32] = 0x12;
    }
    return body;
  });
}

function startServer(anchorKey: string): Promise<string> {
  const env = { ...process.env, BROP_RELAY_KEY: network.relay.privateKey, BROP_ANCHOR_KEY: anchorKey };
  const started = spawn(process.execPath, [SERVER, network.chain.url, postgres.url], {
    stdio: ["pipe", "pipe", "inherit"],
    env,
  });
  child = started;
  return new Promise((resolve, reject) => {
    started.stdout.once("data", (text: Buffer) => resolve(text.toString("utf8").trim()));
    started.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

/** Waits until the chain has the root of every record. */
async function anchored(db: Database): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; await sleep(50)) {
    const [row] = await db.query<{ count: number }>(
      `select coalesce(sum(s.record_count), 0)::int8 as count
       from sealed_batches s join batches b on b.id = s.anchor and b.record_count = s.record_count`,
      [],
    );
    if (row?.count === RECORDS) return;
  }
  throw new Error("not every record was anchored in time");
}

/** How many of the digests are found. */
async function countFound(db: Database, bodies: readonly Uint8Array[]): Promise<number> {
  let found = 0;
  for (const body of bodies) {
    const digests = Array.from({ length: body.length / RECORD_BYTES }, (_, at) =>
      Buffer.from(body.subarray(at * RECORD_BYTES, at * RECORD_BYTES + 32)).toString("hex"),
    );
    const [row] = await db.query<{ count: number }>(
      `select count(*) as count from unnest($1::text[]) as given (digest) where exists (
         select from batch_places x join batch_portions p on p.number = x.place >> 20
         where x.prefix = substring(decode(given.digest, 'hex') from 1 for 7)
           and substring(p.records from ((x.place & 1048575) * 134 + 1)::int4 for 32) = decode(given.digest, 'hex'))`,
      [digests],
    );
    found += row?.count ?? 0;
  }
  return found;
}

/** @returns seconds for the same records; undefined where there is no Go */
async function measureTessera(bodies: readonly Uint8Array[]): Promise<number | undefined> {
  const log = await startTessera();
  if (log === undefined) return undefined;
  try {
    const began = performance.now();
    await postAll(log.url, bodies, CONNECTIONS, {});
    return seconds(began);
  } finally {
    log.process.kill();
  }
}

/** Milliseconds of the bare hasher over flat levels, and of `batchRoot`; medians. */
function rootTimes(): [number, number] {
  const leaves = new Uint8Array(MAX_BATCH * 32);
  randomFillSync(leaves);
  const bare = () => {
    let level = leaves;
    while (level.length > 32) {
      const next = new Uint8Array(level.length / 2);
      hashInto(level, next);
      level = next;
    }
  };
  const times: [number, number][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const pair: [number, number] = [timeOf(bare), timeOf(() => batchRoot(leaves))];
    if (round > 0) times.push(pair);
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
  return [median(times.map(([time]) => time)), median(times.map(([, time]) => time))];
}

/** Proofs a second at places all over the batches; each is checked afterwards. */
async function proofRate(db: Database, batches: readonly SealedBatch[]): Promise<number> {
  const paths = new BatchPaths(db);
  const asked = Array.from({ length: PROOFS }, (_, at) => {
    const batch = batches[Math.floor(at / A_QUESTION) % batches.length] as SealedBatch;
    return { batch, index: (at * 7_919) % batch.recordCount };
  });
  const made: { leaf: string; path: string[] }[] = [];
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    for (let at = next; at < asked.length; at = next) {
      next += A_QUESTION;
      const { batch } = asked[at] as (typeof asked)[0];
      const part = asked.slice(at, at + A_QUESTION).map(({ index }) => index);
      for (const [place, path] of (await paths.paths(batch, part)).entries()) made[at + place] = path;
    }
  };
  await Promise.all([worker(), worker()]);
  const elapsed = seconds(began);
  for (const [at, { batch, index }] of asked.entries()) {
    const fault = batchPathFault({
      ...(made[at] as (typeof made)[0]),
      index,
      length: batch.recordCount,
      root: batch.root,
    });
    if (fault !== undefined) throw new Error(`proof ${at}: ${fault}`);
  }
  return PROOFS / elapsed;
}

function timeOf(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function seconds(began: number): number {
  return (performance.now() - began) / 1_000;
}
