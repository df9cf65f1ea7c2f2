import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";

export interface ValidatorRow {
  validator: Uint8Array;
  seat: Uint8Array | null;
  epoch: number;
  from_block: number;
}

/** Nodes that keep the books after the end of block `at`: they seal the block after it. */
export function findValidators(db: Database, at?: number): Promise<ValidatorRow[]> {
  const conditions = new Conditions().add("v.member").version("v", at);
  return db.query(
    `select v.validator, v.seat, v.epoch, v.from_block from validators v${conditions} order by v.validator`,
    conditions.parameters,
  );
}
