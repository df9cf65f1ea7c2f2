/**
 * Requests a second of indexed look-ups and filtered pages over business data, beside a bare Fastify route that does one
 * prepared query of the same rows, on the same server and in the same run: `npm run bench -- query [ROWS]`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createApiKey } from "../src/api/access/api-key.ts";
import { migrate } from "../src/store/migrate.ts";
import { openDatabase } from "../src/store/open-database.ts";
import { startPostgres } from "../test/store/postgres-server.ts";
import { fill, PROVINCES } from "./query/fill.ts";
import { rate, requestText } from "./query/requests.ts";
import { printTable } from "./support/table.ts";

const ROWS = Number(process.argv[2] ?? 2_000_000);
const TENANT = `0x${"11".repeat(20)}`;
const CONNECTIONS = 16;
const QUESTIONS = 2_000;
const ROUNDS = 25;
const ROUND = 500;
const SERVER = fileURLToPath(new URL("./query/server.ts", import.meta.url));

const postgres = await startPostgres();
const children: ChildProcess[] = [];
try {
  const db = await openDatabase({ url: postgres.url });
  await migrate(db);
  const filled = await fill(db, TENANT, ROWS);
  const description = { name: "bench", role: "partner", account: TENANT, scopes: ["data"], expiresAt: null } as const;
  const { key } = await createApiKey(db, description, "bench", Date.now());
  await db.close();
  const arguments_ = [postgres.url, String(filled.schema), String(filled.index)];
  const [brop, bare] = await Promise.all([start("brop", arguments_), start("bare", arguments_)]);
  const numbers = Array.from({ length: QUESTIONS }, (_, place) => 1 + ((place * 7_919_317) % ROWS));
  const rows: string[][] = [];
  for (const { name, ask, peer } of questions(key)) {
    const ours = numbers.map(ask);
    const theirs = numbers.map(peer);
    const rates: [number, number][] = [];
    // By turns, so that whatever else the machine does meets both.
    for (let round = 0; round <= ROUNDS; round++) {
      const pair: [number, number] = [
        await rate(brop, ours, CONNECTIONS, ROUND),
        await rate(bare, theirs, CONNECTIONS, ROUND),
      ];
      if (round > 0) rates.push(pair);
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
    const [mine, other] = [median(rates.map(([rate]) => rate)), median(rates.map(([, rate]) => rate))];
    const ratio = median(rates.map(([one, two]) => one / two));
    rows.push([name, Math.round(mine).toString(), Math.round(other).toString(), ratio.toFixed(2)]);
  }
  console.log(`${ROWS.toLocaleString("en")} rows, each with its record; ${CONNECTIONS} connections.\n`);
  printTable(["", "BROP, requests/s", "bare Fastify and pg", "ratio"], rows);
} finally {
  for (const child of children) child.kill();
  postgres.stop();
}

interface Question {
  name: string;
  ask: (number: number) => Buffer;
  peer: (number: number) => Buffer;
}

function questions(key: string): Question[] {
  const where = (conditions: object) => encodeURIComponent(JSON.stringify(conditions));
  const digest = (number: number) => `0x${createHash("sha256").update(`row ${number}`).digest("hex")}`;
  const province = (number: number) => PROVINCES[number % PROVINCES.length] as string;
  return [
    {
      name: "one row by its digest",
      ask: (number) => requestText(`/v1/data/tea/${digest(number)}`, key),
      peer: (number) => requestText(`/digest?digest=${digest(number)}`),
    },
    {
      name: "one row by an indexed field",
      ask: (number) => requestText(`/v1/data/tea?where=${where({ batch: `2030-${number}` })}`, key),
      peer: (number) => requestText(`/batch?batch=2030-${number}`),
    },
    {
      name: "a page of 50: two conditions, sorted",
      ask: (number) => {
        const conditions = where({ province: province(number), weight: { gte: number % 90_000 } });
        return requestText(`/v1/data/tea?where=${conditions}&sort=weight`, key);
      },
      peer: (number) => requestText(`/page?province=${encodeURIComponent(province(number))}&weight=${number % 90_000}`),
    },
  ];
}

/** @returns the port of a server in a process of its own */
function start(kind: string, given: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [SERVER, kind, ...given], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout.once("data", (text: Buffer) => resolve(Number(text)));
    child.once("exit", (code) => reject(new Error(`the ${kind} server ended with ${code}`)));
  });
}
