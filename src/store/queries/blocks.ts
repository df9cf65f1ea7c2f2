import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "./page.ts";

export interface BlockRow {
  number: number;
  hash: Uint8Array;
  parent_hash: Uint8Array;
  timestamp: number;
  proposer: Uint8Array;
  transaction_count: number;
  gas_used: number;
}

const COLUMNS = "b.number, b.hash, b.parent_hash, b.timestamp, b.proposer, b.transaction_count, b.gas_used";

export const BLOCK_ORDER: Order = { columns: { "b.number": "integer" }, direction: "desc" };

/** Newest first. */
export function findBlocks(db: Database, page: PageRequest): Promise<PageOf<BlockRow>> {
  return readPage(db, { select: COLUMNS, from: "blocks b", conditions: new Conditions(), order: BLOCK_ORDER, page });
}

/** A block by its number or hash. */
export async function findBlock(db: Database, which: number | Uint8Array): Promise<BlockRow | undefined> {
  const column = typeof which === "number" ? "number" : "hash";
  return (await db.query<BlockRow>(`select ${COLUMNS} from blocks b where b.${column} = $1`, [which]))[0];
}
