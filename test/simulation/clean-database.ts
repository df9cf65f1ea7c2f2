import type { Database } from "../../src/store/database.ts";
import { openMigrated } from "../store/migrated-database.ts";

/** One database in memory that is emptied between runs, in milliseconds: a new one takes seconds. */
export class CleanDatabase {
  readonly db: Database;
  readonly #tables: readonly string[];
  /** What migrations put in. */
  readonly #first: ReadonlyMap<string, string>;

  private constructor(db: Database, tables: readonly string[], first: ReadonlyMap<string, string>) {
    this.db = db;
    this.#tables = tables;
    this.#first = first;
  }

  static async open(): Promise<CleanDatabase> {
    const db = await openMigrated();
    const names = await db.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migrations'`,
      [],
    );
    const tables = names.map(({ name }) => name);
    const first = new Map<string, string>();
    for (const table of tables) {
      const [row] = await db.query<{ rows: string | null }>(`select json_agg(t)::text as rows from ${table} as t`, []);
      if (row?.rows) first.set(table, row.rows);
    }
    return new CleanDatabase(db, tables, first);
  }

  /** Takes every table back to what the migrations left. */
  async clean(): Promise<Database> {
    const deletions = this.#tables.map((table) => `delete from ${table};`).join("\n");
    await this.db.query(`set session_replication_role = replica; ${deletions} set session_replication_role = default;`);
    for (const [table, rows] of this.#first) {
      await this.db.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [
        rows,
      ]);
    }
    await this.db.query("select setval(seqrelid::regclass, seqstart, false) from pg_sequence", []);
    return this.db;
  }
}
