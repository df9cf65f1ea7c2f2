import type { Database } from "../database.ts";

/** What was charged since a block. */
export interface QuotaUse {
  points: number;
  operations: number;
  payers: number;
}

/** Points that operations of blocks above `block` were charged, and how many accounts they were charged to. */
export async function readQuotaUse(db: Database, block: number): Promise<QuotaUse> {
  const [row] = await db.query<{ points: string; operations: string; payers: number }>(
    `select coalesce(sum(points), 0) as points, coalesce(sum(operations), 0) as operations,
       count(distinct payer) as payers
     from quota_charges where block_number > $1`,
    [block],
  );
  return { points: Number(row?.points ?? 0), operations: Number(row?.operations ?? 0), payers: row?.payers ?? 0 };
}
