import type { Database } from "../database.ts";

/** Where a log stands, by its place among the block's logs. */
export interface LogRow {
  block_number: number;
  log_index: number;
}

/** Changes of the validators up to a block, in order. Those of block 0 are in the genesis file. */
export function validatorChangesUpTo(db: Database, block: number): Promise<LogRow[]> {
  return db.query(
    "select block_number, log_index from validator_changes where block_number > 0 and block_number <= $1 order by epoch",
    [block],
  );
}

/** Contracts that Directory listed by its events, as of a block: address and the event. */
export function listingsAt(db: Database, block: number): Promise<(LogRow & { name: string; address: Uint8Array })[]> {
  return db.query(
    `select name, address, from_block as block_number, from_log as log_index from contracts
      where from_block > 0 and from_block <= $1 and (to_block is null or to_block > $1)`,
    [block],
  );
}
