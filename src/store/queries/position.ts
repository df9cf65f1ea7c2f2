import type { Database } from "../database.ts";

export interface PositionRow {
  chain_id: number;
  genesis_hash: Uint8Array;
  block_number: number;
}

/** Which chain is indexed and how far; undefined before the indexer ran for the first time. */
export async function readPosition(db: Database): Promise<PositionRow | undefined> {
  const rows = await db.query<PositionRow>("select chain_id, genesis_hash, block_number from chain", []);
  return rows[0];
}
