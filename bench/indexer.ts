/**
 * How many events a second the indexer brings into PostgreSQL, beside Ponder with the same chain, the same node, the same
 * server and the same rows, in the same run: `npm run bench -- indexer [EVENTS]`.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createReadStream, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Interface } from "ethers";
import pg from "pg";
import { abi } from "../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../src/chain/system-addresses.ts";
import { startPostgres } from "../test/store/postgres-server.ts";
import { type RecordedBlock, recordedChain } from "./indexer/chain.ts";
import { installPonder, runPonder } from "./indexer/ponder.ts";
import { printTable } from "./support/table.ts";

const EVENTS = Number(process.argv[2] ?? 400_000);
const PORT = 42_069;
const RUNS = 2;
const CACHE = fileURLToPath(new URL("../cache/bench-indexer/", import.meta.url));
const here = (file: string) => fileURLToPath(new URL(`./indexer/${file}`, import.meta.url));

const file = await recordedChain(join(CACHE, `chain-${EVENTS}.ndjson`), EVENTS);
const peer = join(CACHE, "ponder");
installPonder(peer);
const { contracts, lastBlock, logs, transactions } = await examine(file);
const node = await startNode(file);
/** Milliseconds from Ponder's start until it begins to read. */
let startup = 0;
const postgres = await startPostgres();
try {
  console.log(
    `${logs.toLocaleString("en")} events in ${lastBlock + 1} blocks with ${transactions} transactions ` +
      `(${Math.round(statSync(file).size / 1e6)} MB of JSON); both read over HTTP from one node.\n`,
  );
  const brop = await best(RUNS, runBrop);
  const ponder = await ponderRun("with_outbox", true);
  const cached = await ponderRun("with_outbox_again", true, true);
  const bare = await ponderRun("without_outbox", false);
  const row = (name: string, seconds: number) => [
    name,
    seconds.toFixed(1),
    Math.round(logs / seconds).toLocaleString("en"),
    (ponder / seconds).toFixed(1),
  ];
  printTable(
    ["", "seconds", "events/s", "of Ponder"],
    [
      row("BROP: state rows, events, cursor", brop),
      row("Ponder 1.0.0: the same rows", ponder),
      row("Ponder, state rows only", bare),
      row("Ponder, the same rows, chain already in its cache", cached),
    ],
  );

  async function runBrop(run: number): Promise<number> {
    const database = await makeDatabase(`brop_${run}`);
    await reading(node.url);
    const child = spawn(process.execPath, [here("brop-process.ts"), node.url, database], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const done = Number(await firstLine(child));
    const seconds = (done - (await reading(node.url))) / 1000;
    const told = await count(database, "select count(*)::int as count from events where type <> 'block.added'");
    const records = await count(database, "select count(*)::int as count from records");
    console.log(`BROP: ${seconds.toFixed(1)} s, ${told} events and ${records} records in the database`);
    return seconds;
  }

  async function ponderRun(schema: string, outbox: boolean, again = false): Promise<number> {
    const database = await makeDatabase(outbox ? "ponder" : "ponder_bare");
    await reading(node.url);
    const run = { folder: peer, url: node.url, database, schema, lastBlock, contracts, outbox, port: PORT };
    const { started, ready } = await runPonder(run);
    const began = await reading(node.url);
    // What comes before it begins to read does not count. From its cache it does not read: that time is as before.
    if (!again) startup = began - started;
    const seconds = (ready - started - startup) / 1000;
    const records = await count(database, `select count(*)::int as count from ${schema}.records`);
    console.log(`Ponder, ${schema}: ${seconds.toFixed(1)} s, ${records} records in the database`);
    return seconds;
  }

  async function makeDatabase(name: string): Promise<string> {
    const admin = new pg.Client(postgres.url);
    await admin.connect();
    const { rowCount } = await admin.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await admin.query(`create database ${name}`);
    await admin.end();
    return postgres.url.replace(/\/postgres$/, `/${name}`);
  }
} finally {
  node.stop();
  postgres.stop();
}

async function best(runs: number, work: (run: number) => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) least = Math.min(least, await work(run));
  return least;
}

/** When the node's reader began to read, since this was asked last. */
async function reading(url: string): Promise<number> {
  return Number(await (await fetch(url)).text());
}

async function count(database: string, query: string): Promise<number> {
  const client = new pg.Client(database);
  await client.connect();
  const { rows } = await client.query<{ count: number }>(query);
  await client.end();
  return rows[0]?.count ?? 0;
}

/** The contracts that Ponder has to be told, and how much there is. */
async function examine(path: string) {
  const said = new Map([
    [topicOf("Records", "Recorded"), "Records"],
    [topicOf("Voucher", "TransferSingle"), "Voucher"],
  ]);
  const contracts: Record<string, string> = { EntryPoint: SYSTEM_ADDRESSES.EntryPoint, Quota: SYSTEM_ADDRESSES.Quota };
  let [logs, transactions, lastBlock] = [0, 0, -1];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { block, receipts } = JSON.parse(line) as RecordedBlock;
    lastBlock = Number(block.number);
    transactions += receipts.length;
    for (const { address, topics } of receipts.flatMap((receipt) => receipt.logs)) {
      logs++;
      const contract = said.get(topics[0] ?? "");
      if (contract !== undefined) contracts[contract] = address;
    }
  }
  return { contracts, logs, transactions, lastBlock };
}

function topicOf(contract: "Records" | "Voucher", event: string): string {
  return new Interface(abi[contract]).getEvent(event)?.topicHash as string;
}

async function startNode(path: string) {
  const child = spawn(process.execPath, ["--max-old-space-size=8192", here("recorded-node.ts"), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await firstLine(child);
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

function firstLine(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    child.once("exit", (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)));
  });
}
