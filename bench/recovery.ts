/**
 * How long the services take to be there again: `npm run bench -- recovery [ROWS]`. A start after `kill -9`, beside the first
 * start of the same platform; backup and restore of so many rows, beside `pg_dump` and `psql` on the same server.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restoreBackup } from "../src/store/backup/restore-backup.ts";
import { writeBackup } from "../src/store/backup/write-backup.ts";
import type { Database } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { openDatabase } from "../src/store/open-database.ts";
import { launchPlatform, untilReady } from "../test/platform/support/platform-process.ts";
import { startPostgres, whyNoPostgres } from "../test/store/postgres-server.ts";
import { dumpAndRestore } from "./recovery/pg-dump.ts";
import { printTable } from "./support/table.ts";

const ROWS = Number(process.argv[2] ?? 50_000);
const CHAIN_ID = 8_420;
const RESTARTS = 3;

const folder = mkdtempSync(join(tmpdir(), "brop-recovery-"));
const table: string[][] = [];
try {
  await measureStarts();
  await measureBackups("PGlite", { directory: join(folder, "from") }, { directory: join(folder, "to") });
  const reason = whyNoPostgres();
  if (reason === undefined) await measureServer();
  else console.log(`Without PostgreSQL: ${reason}.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\nStarts of the whole platform with a chain of its own; backups of ${ROWS.toLocaleString("en")} rows.\n`);
printTable(["", "seconds", "beside"], table);

/** The median of some starts after a kill; the first one makes chain, contracts and database. */
async function measureStarts(): Promise<void> {
  const data = join(folder, "platform");
  const first = await timedStart(data);
  const later: number[] = [];
  for (let index = 0; index < RESTARTS; index++) later.push(await timedStart(data));
  const median = later.sort((a, b) => a - b)[Math.floor(RESTARTS / 2)] as number;
  table.push(["first start, until ready", first.toFixed(1), ""]);
  table.push([
    "start after kill -9, until ready",
    median.toFixed(1),
    `${(median / first).toFixed(2)} of the first start`,
  ]);
}

async function timedStart(data: string): Promise<number> {
  const began = performance.now();
  const platform = launchPlatform({ data });
  await untilReady(platform);
  const seconds = secondsSince(began);
  await platform.kill();
  return seconds;
}

type Where = Parameters<typeof openDatabase>[0];

async function measureBackups(title: string, from: Where, to: Where): Promise<number[]> {
  const file = join(folder, `${title}.backup`);
  const source = await filled(from);
  let began = performance.now();
  await writeBackup(source, file, Date.now());
  const written = secondsSince(began);
  await source.close();
  const target = await openDatabase(to);
  began = performance.now();
  await restoreBackup(target, file, CHAIN_ID);
  const restored = secondsSince(began);
  await target.close();
  table.push([`backup, ${title}`, written.toFixed(1), ""], [`restore, ${title}`, restored.toFixed(1), ""]);
  return [written, restored];
}

async function measureServer(): Promise<void> {
  const [one, two, three] = [await startPostgres(), await startPostgres(), await startPostgres()];
  try {
    const own = await measureBackups("PostgreSQL", { url: one.url }, { url: two.url });
    const peer = dumpAndRestore(one.url, three.url, join(folder, "dump.sql"));
    if (peer === undefined) return;
    for (const [index, seconds] of peer.entries()) {
      const row = table.at(index - 2) as string[];
      row[2] = `${((own[index] as number) / seconds).toFixed(1)} times pg_dump and psql (${seconds.toFixed(1)} s)`;
    }
  } finally {
    for (const server of [one, two, three]) server.stop();
  }
}

/** A database with so many charges: rows of an index, as plain as most. */
async function filled(where: Where): Promise<Database> {
  const db = await openDatabase(where);
  await migrate(db);
  const hash = new Uint8Array(32);
  await db.query("insert into chain (chain_id, genesis_hash, block_number, block_hash) values ($1, $2, 9, $2)", [
    CHAIN_ID,
    hash,
  ]);
  await db.query(
    `insert into quota_charges (account, payer, points, operations, block_number)
     select decode(lpad(to_hex(i % 5000), 40, '0'), 'hex'), decode(lpad(to_hex(i % 5000), 40, '0'), 'hex'), i, 1, i
     from generate_series(1, $1::int8) as i`,
    [ROWS],
  );
  return db;
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000;
}
