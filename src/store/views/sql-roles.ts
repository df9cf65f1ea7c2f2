import { randomBytes } from "node:crypto";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../database.ts";
import { VIEWS } from "./create-views.ts";
import { quoted } from "./quoted.ts";

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const PASSWORD_BYTES = 24;
/** What a reader's statement may take, and how many connections it may have. */
const STATEMENT_TIMEOUT = "60s";
const CONNECTIONS = 10;
/** Marks the roles that were made here: no other one is changed or dropped. */
const MARK = "BROP reader";

/**
 * Makes a role of the database server that can read the views and nothing else, or gives one that was made here a new
 * password.
 *
 * @param schemas PostgreSQL schemas of views besides those of the index
 * @returns its password, which nobody can read again
 * @throws BropError `request.invalid` for a name that is none or belongs to somebody else
 */
export async function createSqlRole(db: Database, name: string, schemas: readonly string[]): Promise<string> {
  requireServer(db.kind);
  if (!NAME.test(name) || name.startsWith("pg_")) throw invalid("small letters, digits and _, a letter first");
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  const role = quoted(name);
  await db.transaction(async (tx) => {
    const mark = await markOf(tx, name);
    if (mark !== undefined && mark !== MARK) throw invalid("the server has another role of this name");
    // The password has letters, digits, - and _ only.
    const settings = `login nosuperuser nocreatedb nocreaterole noreplication connection limit ${CONNECTIONS}`;
    await tx.query(
      `${mark === undefined ? "create" : "alter"} role ${role} with ${settings} password '${password}'`,
      [],
    );
    await tx.query(`comment on role ${role} is '${MARK}'`, []);
    await tx.query(`alter role ${role} set default_transaction_read_only = on`, []);
    await tx.query(`alter role ${role} set statement_timeout = '${STATEMENT_TIMEOUT}'`, []);
    await tx.query(`alter role ${role} set search_path = ${[VIEWS, ...schemas].map(quoted).join(", ")}`, []);
    await closeToOthers(tx);
    for (const schema of [VIEWS, ...schemas]) {
      await tx.query(`create schema if not exists ${quoted(schema)}`, []);
      await tx.query(`grant usage on schema ${quoted(schema)} to ${role}`, []);
      await tx.query(`grant select on all tables in schema ${quoted(schema)} to ${role}`, []);
    }
  });
  return password;
}

/** Ends a role that was made here. @throws BropError `resource.not-found` */
export async function dropSqlRole(db: Database, name: string): Promise<void> {
  requireServer(db.kind);
  await db.transaction(async (tx) => {
    if ((await markOf(tx, name)) !== MARK) throw new BropError("resource.not-found", { role: name });
    await tx.query(`drop owned by ${quoted(name)}`, []);
    await tx.query(`drop role ${quoted(name)}`, []);
  });
}

/** Everybody may make temporary tables, and in old servers tables in `public`, unless they are told not to. */
async function closeToOthers(tx: Database): Promise<void> {
  const [row] = await tx.query<{ name: string }>("select current_database() as name", []);
  await tx.query(`revoke temporary on database ${quoted((row as { name: string }).name)} from public`, []);
  await tx.query("revoke create on schema public from public", []);
}

/** What stands beside a role; undefined when there is no such role. */
async function markOf(tx: Database, name: string): Promise<string | null | undefined> {
  const rows = await tx.query<{ mark: string | null }>(
    "select shobj_description(oid, 'pg_authid') as mark from pg_roles where rolname = $1",
    [name],
  );
  return rows[0]?.mark;
}

/** @throws BropError `configuration.invalid` */
export function requireServer(kind: Database["kind"]): void {
  if (kind === "postgres") return;
  throw new BropError("configuration.invalid", {
    setting: "DATABASE_URL",
    reason: "roles belong to a PostgreSQL server; the embedded database is read with `brop sql`",
  });
}

function invalid(reason: string): BropError {
  return new BropError("request.invalid", { field: "name", reason });
}
