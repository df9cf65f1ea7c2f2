import type { Database } from "../database.ts";

export interface Counts {
  records: number;
  objects: number;
  accounts: number;
  partners: number;
  vouchers: number;
  operations: number;
}

/** How much there is of everything. Counts every row: for a page that is kept for a while. */
export async function countAll(db: Database): Promise<Counts> {
  const [counts] = await db.query<Counts>(
    `select (select count(*) from records) as records,
      (select count(*) from objects) as objects,
      (select count(*) from accounts) as accounts,
      (select count(*) from partners where to_block is null) as partners,
      (select count(*) from vouchers) as vouchers,
      (select count(*) from operations) as operations`,
    [],
  );
  return counts as Counts;
}
