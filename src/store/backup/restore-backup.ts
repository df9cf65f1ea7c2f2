import { BropError } from "../../core/errors.ts";
import type { Database } from "../database.ts";
import { migrate, readMigrations } from "../migrate.ts";
import { ensureViews } from "../views/create-views.ts";
import { createTable, describeTables, quote, type TableText } from "./describe.ts";
import type { BackupHead, BackupViews } from "./format.ts";
import { backupLines, checkBackup } from "./read-backup.ts";

const ROWS_AT_ONCE = 1_000;

/**
 * Fills an empty database from a backup, of either kind of database, in one transaction, and brings its tables up to this
 * version. The indexer then goes on from the block of the backup.
 *
 * @throws BropError backup.damaged, file.not-found; data.newer when a newer version made it; chain.wrong when it is of
 * another chain; backup.not-empty when the database holds something
 */
export async function restoreBackup(db: Database, file: string, chainId: number): Promise<BackupHead> {
  const head = await checkBackup(file);
  if (head.chainId !== chainId) {
    throw new BropError("chain.wrong", { chainId: head.chainId, expectedChainId: chainId });
  }
  const migrations = readMigrations();
  for (const { number, name, checksum } of head.migrations) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) throw new BropError("data.newer", { migration: name });
    if (known.checksum !== checksum)
      throw new BropError("data.newer", { migration: name, reason: "it is another one here" });
  }
  await refuseRows(db);
  // The tables as they were when the backup was made.
  const made = new Set(head.migrations.map(({ number }) => number));
  await migrate(db, migrations, (migration) => made.has(migration.number));
  await db
    .transaction((tx) => load(tx, file))
    .catch((cause: unknown) => {
      throw doesNotFit(cause) ? damaged(file, cause) : cause;
    });
  await migrate(db, migrations);
  await ensureViews(db);
  return head;
}

/** PostgreSQL's classes of errors 22 and 23: data of another type, or that breaks a constraint. */
function doesNotFit(cause: unknown): boolean {
  return cause instanceof SyntaxError || /^2[23]/.test(String((cause as { code?: unknown })?.code));
}

function damaged(path: string, cause: unknown): BropError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BropError("backup.damaged", { path, reason }, undefined, { cause });
}

/** What a new database holds from its migrations does not count. */
async function refuseRows(db: Database): Promise<void> {
  for (const { table } of await describeTables(db)) {
    if (table === "push_position") continue;
    const rows = await db.query(`select 1 from ${quote(table)} limit 1`, []);
    if (rows.length > 0) throw new BropError("backup.not-empty", { table });
  }
}

async function load(tx: Database, file: string): Promise<void> {
  const there = new Set((await describeTables(tx)).map(({ table }) => table));
  const later: TableText[] = [];
  let views: BackupViews["views"] = [];
  let table: TableText | undefined;
  let rows: (string | null)[][] = [];
  const flush = async () => {
    if (table !== undefined && rows.length > 0) await insert(tx, table, rows);
    rows = [];
  };
  for await (const line of backupLines(file)) {
    if (line.startsWith("[")) {
      rows.push(JSON.parse(line));
      if (rows.length >= ROWS_AT_ONCE) await flush();
    } else if (line.startsWith('{"table":')) {
      await flush();
      table = JSON.parse(line) as TableText;
      if (there.has(table.table)) await tx.query(`delete from ${quote(table.table)}`, []);
      else {
        await tx.query(createTable(table), []);
        later.push(table);
      }
    } else if (line.startsWith('{"views":')) {
      await flush();
      views = (JSON.parse(line) as BackupViews).views;
    }
  }
  for (const { table: name, constraints, indexes } of later) {
    for (const constraint of constraints.filter((text) => !/^NOT NULL/i.test(text)))
      await tx.query(`alter table ${quote(name)} add ${constraint}`, []);
    for (const index of indexes) await tx.query(index, []);
  }
  await setSequences(tx);
  await ensureViews(tx);
  for (const { schema, name, definition } of views) {
    await tx.query(`create schema if not exists ${quote(schema)}`, []);
    await tx.query(`create view ${quote(schema)}.${quote(name)} as ${definition}`, []);
  }
}

async function insert(tx: Database, { table, columns }: TableText, rows: (string | null)[][]): Promise<void> {
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const given = columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
  const places = columns.map((_, index) => `v${index}`);
  const values = columns.map(({ type }, index) => `${places[index]}::${type}`).join(", ");
  await tx.query(
    `insert into ${quote(table)} (${names}) overriding system value
     select ${values} from unnest(${given}) as given(${places.join(", ")})`,
    columns.map((_, index) => rows.map((row) => row[index] ?? null)),
  );
}

/** Numbers that are given out go on behind those that are taken. */
async function setSequences(tx: Database): Promise<void> {
  for (const { table, columns } of await describeTables(tx)) {
    for (const { name } of columns.filter(({ identity }) => identity)) {
      await tx.query(
        `select setval(pg_get_serial_sequence($1, $2), coalesce((select max(${quote(name)}) from ${quote(table)}), 0) + 1, false)`,
        [`public.${quote(table)}`, name],
      );
    }
  }
}
