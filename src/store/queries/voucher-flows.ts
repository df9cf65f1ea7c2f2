import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";

/** What moved of a voucher on one day. */
export interface FlowRow {
  /** Days since 1970-01-01 (UTC). */
  day: number;
  allocated: string;
  transferred: string;
  redeemed: string;
  movements: number;
}

export interface FlowFilter {
  voucher: Uint8Array;
  /** Seconds since 1970: the first second that counts. */
  since: number;
  at?: number | undefined;
}

/** Sums of each day on which something moved, the oldest first. */
export function findFlows(db: Database, { voucher, since, at }: FlowFilter): Promise<FlowRow[]> {
  const conditions = new Conditions().add("t.voucher = ?", voucher).happened("t", at);
  // The first block of the time, so that only the part of the index is read that counts.
  conditions.add(
    "t.block_number >= (select number from blocks where timestamp >= ? order by timestamp limit 1)",
    since,
  );
  const sum = (which: string) => `coalesce(sum(t.amount) filter (where ${which}), 0)::numeric`;
  return db.query(
    `select b.timestamp / 86400 as day, ${sum("t.sender is null")} as allocated,
       ${sum("t.sender is not null and t.recipient is not null")} as transferred,
       ${sum("t.recipient is null")} as redeemed, count(*) as movements
     from voucher_transfers t join blocks b on b.number = t.block_number${conditions}
     group by 1 order by 1`,
    conditions.parameters,
  );
}
