/**
 * How long a webhook takes from the moment in which its block is known (its rows and events are committed) to the
 * receiver, with 10,000 subscriptions of which 1 % want each event: `npm run bench -- push [BLOCKS]`. Beside it the same
 * posts without a platform, all at once, signed ahead: what the machine, its loopback and the receiver take by themselves.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beginningOf } from "../src/core/event-position.ts";
import { subscribe } from "../src/push/manage.ts";
import { createWebhookPoster } from "../src/push/post-webhook.ts";
import { Push } from "../src/push/push.ts";
import { newSecret, signedHeaders } from "../src/push/webhook-signature.ts";
import type { Database } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { openPglite } from "../src/store/pglite.ts";
import { openPostgres } from "../src/store/postgres.ts";
import { CHAIN_ID, index } from "../test/push/said.ts";
import { startPostgres, whyNoPostgres } from "../test/store/postgres-server.ts";
import type { Taken } from "./push/receiver-process.ts";
import { printTable } from "./support/table.ts";

const BLOCKS = Number(process.argv[2] ?? 60);
const SUBSCRIPTIONS = 10_000;
/** Each kind of record is what one in this many subscriptions wants. */
const KINDS = 100;
const MATCHING = SUBSCRIPTIONS / KINDS;
const EVENTS_A_BLOCK = [1, 10];
const BLOCK_TIME_MS = 1_000;
const LIMIT_MS = 300;

const receiver = fork(fileURLToPath(new URL("./push/receiver-process.ts", import.meta.url)));
const port = await new Promise<number>((resolve) =>
  receiver.once("message", (said: { port: number }) => resolve(said.port)),
);
const rows: string[][] = [];
try {
  const noPostgres = whyNoPostgres();
  if (noPostgres === undefined) {
    const server = await startPostgres();
    try {
      await measureDatabase("PostgreSQL", await openPostgres(server.url));
    } finally {
      server.stop();
    }
  } else console.log(`Without PostgreSQL: ${noPostgres}.`);
  const folder = mkdtempSync(join(tmpdir(), "brop-push-"));
  try {
    await measureDatabase("PGlite", await openPglite(join(folder, "database")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} finally {
  receiver.disconnect();
}
console.log(
  `\n${SUBSCRIPTIONS.toLocaleString("en")} subscriptions, each event wanted by ${MATCHING}; ${BLOCKS} blocks, one a second.`,
);
console.log("Milliseconds from the commit of a block to its webhooks' receiver.\n");
printTable(["", "webhooks", "p50", "p99", "most", "p99 limit", "p99 of bare"], rows);

async function measureDatabase(name: string, db: Database & { close(): Promise<void> }): Promise<void> {
  try {
    await migrate(db);
    await index(db, 0, []);
    for (let count = 0; count < SUBSCRIPTIONS; count++) {
      const url = `http://127.0.0.1:${port}/${count}`;
      const filter = { types: ["records.recorded"], where: { kind: count % KINDS } };
      await subscribe(db, "bench", { url, filter }, { allowPrivate: true, now: Date.now() });
    }
    const push = new Push({ db, chainId: CHAIN_ID, allowPrivate: true });
    await push.start();
    let block = 1;
    for (const events of EVENTS_A_BLOCK) {
      // The first block reads the subscriptions and opens the connections.
      block = (await measure(db, push, receiver, block, 1, events)).next;
      const { latencies, next } = await measure(db, push, receiver, block, BLOCKS, events);
      block = next;
      const bare = await measureBare(events * MATCHING);
      rows.push(row(`${name}, ${events} event${events === 1 ? "" : "s"} a block`, latencies, bare));
    }
    await push.stop();
  } finally {
    await db.close();
  }
}

/** Says events in block after block and waits for all their webhooks. */
async function measure(db: Database, push: Push, from: ChildProcess, first: number, count: number, events: number) {
  const knownAt = new Map<string, number>();
  for (let block = first; block < first + count; block++) {
    const began = performance.now();
    const said = Array.from({ length: events }, (_, place) => ({
      type: "records.recorded",
      data: { kind: (block * events + place) % KINDS, digest: `0x${"ab".repeat(32)}`, owner: `0x${"cd".repeat(20)}` },
    }));
    const ids = await index(db, block, said);
    const known = performance.timeOrigin + performance.now();
    for (const id of ids) knownAt.set(id, known);
    push.nudge();
    await sleep(BLOCK_TIME_MS - (performance.now() - began));
  }
  const expected = knownAt.size * MATCHING;
  const taken: Taken[] = [];
  const end = Date.now() + 60_000;
  while (taken.length < expected && Date.now() < end) {
    taken.push(...(await takenBy(from)));
    await sleep(100);
  }
  if (taken.length !== expected) throw new Error(`${taken.length} of ${expected} webhooks came`);
  const latencies = taken.map(({ id, at }) => at - (knownAt.get(id) ?? Number.NaN));
  return { latencies, next: first + count };
}

/** The same number of posts, all at once, signed ahead. */
async function measureBare(count: number): Promise<number[]> {
  const poster = createWebhookPoster(true);
  const body = JSON.stringify({ filler: "x".repeat(600), position: beginningOf(1) });
  const secret = newSecret();
  const latencies: number[] = [];
  for (let round = 0; round < 10; round++) {
    const headers = Array.from({ length: count }, (_, place) =>
      signedHeaders(`bare-${round}-${place}`, Math.floor(Date.now() / 1_000), body, [secret]),
    );
    const began = performance.timeOrigin + performance.now();
    await Promise.all(headers.map((each, place) => poster.post(`http://127.0.0.1:${port}/bare${place}`, each, body)));
    for (const { at } of await takenBy(receiver)) latencies.push(at - began);
  }
  poster.close();
  return latencies;
}

function takenBy(from: ChildProcess): Promise<Taken[]> {
  return new Promise((resolve) => {
    from.once("message", (taken: Taken[]) => resolve(taken));
    from.send("take");
  });
}

function row(name: string, latencies: number[], bare: number[]): string[] {
  const at = (of: number[], share: number) => of.sort((a, b) => a - b)[Math.ceil(of.length * share) - 1] as number;
  const p99 = at(latencies, 0.99);
  return [
    name,
    latencies.length.toLocaleString("en"),
    ...[at(latencies, 0.5), p99, at(latencies, 1)].map((value) => value.toFixed(0)),
    String(LIMIT_MS),
    (p99 / at(bare, 0.99)).toFixed(2),
  ];
}
