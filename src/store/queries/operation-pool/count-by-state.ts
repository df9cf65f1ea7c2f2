import type { Database } from "../../database.ts";

/** How many operations this database's access nodes hold or held, by state. */
export async function countPoolByState(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ state: string; operations: number }>(
    "select state, count(*) as operations from operation_pool group by state",
    [],
  );
  const states = { received: 0, submitted: 0, included: 0, expired: 0, displaced: 0 };
  return { ...states, ...Object.fromEntries(rows.map(({ state, operations }) => [state, operations])) };
}
