import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { BropError } from "../core/errors.ts";
import type { Database } from "./database.ts";

/** One file `NNNN_name.sql`. */
export interface Migration {
  number: number;
  name: string;
  /** SHA-256 of its text, hexadecimal. */
  checksum: string;
  text: string;
}

interface Applied {
  number: number;
  name: string;
  checksum: string;
}

const DIRECTORY = new URL("./migrations/", import.meta.url);
// Any fixed number, the same in every process: only one migrates at a time.
const ADVISORY_LOCK = 8420;
const LIST = `create table if not exists schema_migrations (
  number integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
)`;

/**
 * Brings the database's tables up to this code, one transaction a migration, in the order of their numbers.
 *
 * @param wanted which of them are applied; all others are known, but left for later
 * @throws BropError data.newer when the database has migrations that this code does not know; data.damaged when an
 * applied migration was changed afterwards
 */
export async function migrate(
  db: Database,
  migrations: Migration[] = readMigrations(),
  wanted: (migration: Migration) => boolean = () => true,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
    await tx.query(LIST);
  });
  for (const migration of migrations.filter(wanted)) {
    await db.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
      const applied = await tx.query<Applied>("select number, name, checksum from schema_migrations", []);
      check(applied, migrations);
      if (applied.some(({ number }) => number === migration.number)) return;
      await tx.query(migration.text);
      await tx.query("insert into schema_migrations (number, name, checksum) values ($1, $2, $3)", [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
    });
  }
}

function check(applied: Applied[], migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of applied) {
    const migration = known.get(number);
    if (migration === undefined) throw new BropError("data.newer", { migration: name });
    if (migration.checksum !== checksum) {
      throw new BropError(
        "data.damaged",
        { migration: name },
        `The migration ${name} was changed after this database was made with it: undo the change and add a new migration`,
      );
    }
  }
}

/** The migrations of this version, in the order of their numbers. */
export function readMigrations(directory: URL = DIRECTORY): Migration[] {
  const files = readdirSync(directory).filter((file) => file.endsWith(".sql"));
  const migrations = files.sort().map((file) => {
    const match = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file);
    if (match === null) throw new Error(`${file}: a migration is named NNNN_name.sql`);
    // Git may check out with other line ends; the checksum is the same everywhere.
    const text = readFileSync(new URL(file, directory), "utf8").replaceAll("\r\n", "\n");
    const checksum = createHash("sha256").update(text).digest("hex");
    return { number: Number(match[1]), name: file.slice(0, -4), checksum, text };
  });
  for (const [index, { number, name }] of migrations.entries()) {
    if (migrations[index - 1]?.number === number) throw new Error(`${name}: its number is taken`);
  }
  return migrations;
}
