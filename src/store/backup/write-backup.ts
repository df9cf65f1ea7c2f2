import { createHash } from "node:crypto";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../database.ts";
import { describeTables, quote, type TableText } from "./describe.ts";
import { type BackupHead, TENANT_SCHEMAS } from "./format.ts";

const ROWS_AT_ONCE = 2_000;

export interface BackupSummary {
  block: number;
  rows: number;
}

/**
 * Writes everything that the database holds, as it was at one moment, into a new file, while others go on working.
 *
 * @throws BropError service.unavailable when nothing is indexed yet: there would be nothing to tell the chain by
 */
export async function writeBackup(db: Database, file: string, now: number): Promise<BackupSummary> {
  const draft = `${file}.new`;
  try {
    const summary = await db.transaction(async (tx) => {
      await tx.query("set transaction isolation level repeatable read, read only", []);
      const head = await readHead(tx, now);
      let rows = 0;
      const digest = createHash("sha256");
      async function* text() {
        for await (const line of linesOf(tx, head)) {
          if (line.startsWith("[")) rows += 1;
          digest.update(`${line}\n`);
          yield `${line}\n`;
        }
        yield `${JSON.stringify({ end: true, rows, sha256: digest.digest("hex") })}\n`;
      }
      await pipeline(text, createGzip({ level: 3 }), createWriteStream(draft, { mode: 0o600, flush: true }));
      return { block: head.block, rows };
    });
    renameSync(draft, file);
    return summary;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

async function readHead(tx: Database, now: number): Promise<BackupHead> {
  const [chain] = await tx.query<{ chainId: number; genesisHash: string; block: number }>(
    `select chain_id as "chainId", '0x' || encode(genesis_hash, 'hex') as "genesisHash", block_number as block from chain`,
    [],
  );
  if (chain === undefined) throw new BropError("service.unavailable", { reason: "nothing is indexed yet" });
  const migrations = await tx.query<BackupHead["migrations"][number]>(
    "select number, name, checksum from schema_migrations order by number",
    [],
  );
  return { format: "brop-backup", ...chain, createdAt: now, migrations };
}

async function* linesOf(tx: Database, head: BackupHead): AsyncGenerator<string> {
  yield JSON.stringify(head);
  for (const table of await describeTables(tx)) {
    yield JSON.stringify(table);
    yield* rowsOf(tx, table);
  }
  const views = await tx.query(
    `select schemaname as schema, viewname as name, definition from pg_views where schemaname like $1 order by 1, 2`,
    [TENANT_SCHEMAS],
  );
  yield JSON.stringify({ views });
}

async function* rowsOf(tx: Database, { table, columns }: TableText): AsyncGenerator<string> {
  const values = columns.map(({ name }) => `${quote(name)}::text`).join(", ");
  await tx.query(
    `declare backup no scroll cursor for select json_build_array(${values})::text as line from ${quote(table)}`,
    [],
  );
  for (;;) {
    const rows = await tx.query<{ line: string }>(`fetch ${ROWS_AT_ONCE} from backup`, []);
    for (const { line } of rows) yield line;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await tx.query("close backup", []);
}
