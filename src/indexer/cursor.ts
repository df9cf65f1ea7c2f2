import { BropError } from "../core/errors.ts";
import { hexToBytes } from "../core/hex.ts";
import type { Database } from "../store/database.ts";
import { INDEX_SHAPE } from "../store/tables.ts";

/** The last block that is indexed. */
export interface Cursor {
  block: number;
  /** 0x and 64 digits. */
  hash: string;
}

export interface StoredChain extends Cursor {
  chainId: number;
  genesisHash: string;
  /** Shape of the tables that it was filled with. */
  shape: number;
}

const SELECT = `select chain_id as "chainId", '0x' || encode(genesis_hash, 'hex') as "genesisHash",
  shape, block_number as block, '0x' || encode(block_hash, 'hex') as hash from chain`;

/** Which chain the database belongs to and how far it is indexed; undefined for a new database. */
export async function readChain(db: Database): Promise<StoredChain | undefined> {
  return (await db.query<StoredChain>(SELECT, []))[0];
}

/** Begins an index: nothing is indexed yet, not even block 0. */
export async function createChain(db: Database, chainId: number, genesisHash: string): Promise<void> {
  await db.query(
    `insert into chain (chain_id, genesis_hash, block_number, block_hash, shape) values ($1, $2, -1, $3, $4)
     on conflict do nothing`,
    [chainId, hexToBytes(genesisHash), new Uint8Array(32), INDEX_SHAPE],
  );
}

/**
 * Moves the cursor, in the transaction that writes the rows.
 * @throws BropError service.unavailable when another process moved it meanwhile: its rows are there already
 */
export async function moveCursor(tx: Database, from: number, to: Cursor): Promise<void> {
  const moved = await tx.query(
    "update chain set block_number = $2, block_hash = $3 where block_number = $1 returning 1",
    [from, to.block, hexToBytes(to.hash)],
  );
  if (moved.length === 0) {
    throw new BropError("service.unavailable", { reason: "another indexer works on the same database" });
  }
}

/** Hash of an indexed block. */
export async function indexedHash(db: Database, block: number): Promise<string | undefined> {
  const rows = await db.query<{ hash: string }>(
    "select '0x' || encode(hash, 'hex') as hash from blocks where number = $1",
    [block],
  );
  return rows[0]?.hash;
}
