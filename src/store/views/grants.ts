import type { Database } from "../database.ts";
import { quoted } from "./quoted.ts";

/** Lets whoever may use a PostgreSQL schema read all views in it, also those that were made anew. */
export async function grantToReaders(tx: Database, schema: string): Promise<void> {
  const readers = await tx.query<{ name: string }>(
    `select distinct r.rolname as name
     from pg_namespace n cross join aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
     where n.nspname = $1 and a.privilege_type = 'USAGE' and a.grantee <> n.nspowner`,
    [schema],
  );
  for (const { name } of readers) {
    await tx.query(`grant select on all tables in schema ${quoted(schema)} to ${quoted(name)}`, []);
  }
}
