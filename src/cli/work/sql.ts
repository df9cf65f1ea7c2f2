import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../config.ts";
import { BropError } from "../../core/errors.ts";
import { tenantSchema } from "../../retrieval/data-view.ts";
import type { Database } from "../../store/database.ts";
import { migrate } from "../../store/migrate.ts";
import { openDatabase, openReader } from "../../store/open-database.ts";
import { ensureViews, VIEWS } from "../../store/views/create-views.ts";
import { quoted } from "../../store/views/quoted.ts";
import { createSqlRole, dropSqlRole, requireServer } from "../../store/views/sql-roles.ts";
import type { Session } from "../session.ts";
import { columns } from "../table.ts";

/** Rows that are read; whoever wants more has a server and its own tools. */
const MOST_ROWS = 1_000;

export async function sql({ output }: Session, select: string, { tenant }: { tenant?: string }): Promise<void> {
  const { rows, more } = await withDatabase((db, url) => ask(db, url, select, schemasOf(tenant)));
  if (more) output.note(`only the first ${MOST_ROWS} rows are shown`);
  output.result({ rows }, (paint) => {
    const names = Object.keys(rows[0] ?? {});
    if (names.length === 0) return "No rows.";
    const cells = rows.map((row) => names.map((name) => shown(row[name])));
    const [head, ...lines] = columns([names, ...cells]).split("\n") as [string];
    return [paint.bold(head), ...lines].join("\n");
  });
}

export async function createRole({ output }: Session, name: string, { tenant }: { tenant?: string }): Promise<void> {
  const schemas = schemasOf(tenant);
  requireServer(readConfig({}).databaseUrl === undefined ? "pglite" : "postgres");
  const password = await withDatabase((db) => createSqlRole(db, name, schemas));
  const result = { role: name, password, schemas: [VIEWS, ...schemas] };
  output.result(result, () => `role      ${name}\npassword  ${password}\nreads     ${result.schemas.join(", ")}`);
  output.note("the password is shown only now");
}

export async function dropRole({ output }: Session, name: string): Promise<void> {
  await withDatabase((db) => dropSqlRole(db, name));
  output.result({ role: name, dropped: true }, () => `The role ${name} is gone.`);
}

type Row = Record<string, unknown>;

/** A cursor takes questions only, and what is read is no more than what is shown. */
async function ask(db: Database, url: string | undefined, select: string, schemas: readonly string[]) {
  const reader = await openReader(db, url);
  try {
    return await reader.transaction(async (tx) => {
      await tx.query("set transaction read only", []);
      await tx.query(`set local search_path = ${[VIEWS, ...schemas].map(quoted).join(", ")}`, []);
      await tx.query(`declare answer no scroll cursor for ${select.replace(/[;\s]+$/, "")}`, []);
      const rows = await tx.query<Row>(`fetch ${MOST_ROWS + 1} from answer`, []);
      return { rows: rows.slice(0, MOST_ROWS), more: rows.length > MOST_ROWS };
    });
  } catch (cause) {
    if (cause instanceof BropError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BropError("request.invalid", { field: "SELECT", reason }, undefined, { cause });
  } finally {
    await reader.close();
  }
}

async function withDatabase<Answer>(work: (db: Database, url: string | undefined) => Promise<Answer>): Promise<Answer> {
  const { databaseUrl: url, data } = readConfig({});
  const directory = join(data, "database");
  // Looking must not make a database where there is none.
  if (url === undefined && !existsSync(directory)) throw new BropError("file.not-found", { path: directory });
  const db = await openDatabase(url === undefined ? { directory } : { url });
  try {
    await migrate(db);
    await ensureViews(db);
    return await work(db, url);
  } finally {
    await db.close();
  }
}

function schemasOf(tenant: string | undefined): string[] {
  return tenant === undefined ? [] : [tenantSchema(tenant.toLowerCase())];
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
