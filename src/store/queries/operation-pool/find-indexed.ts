import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** An included operation as the indexer knows it. */
export interface IndexedOperation {
  transactionHash: string;
  blockNumber: number;
  success: boolean;
}

/** An operation that the indexer has seen on the chain, whichever relay's; undefined also where no indexer runs. */
export async function findIndexedOperation(db: Database, hash: string): Promise<IndexedOperation | undefined> {
  const [row] = await db.query<{ transaction_hash: Uint8Array; block_number: number; success: boolean }>(
    "select transaction_hash, block_number, success from operations where hash = decode($1, 'hex')",
    [hash.slice(2)],
  );
  if (row === undefined) return undefined;
  return { transactionHash: bytesToHex(row.transaction_hash), blockNumber: row.block_number, success: row.success };
}
