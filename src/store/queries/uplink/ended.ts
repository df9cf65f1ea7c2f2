import type { Database } from "../../database.ts";

/** Those of the submissions that have ended. */
export async function endedAmong(db: Database, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    "select id from submissions where id = any ($1::text[]) and ended_at is not null",
    [ids],
  );
  return rows.map(({ id }) => id);
}
