import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** An operation that the indexer has found on the chain. */
export interface IndexedInclusion {
  hash: string;
  block: number;
  transactionHash: string;
  success: boolean;
  gasUsed: number;
  /** Revert data of an execution without success. */
  revert: string | undefined;
}

/** Those of the operations that are on the chain. */
export async function findInclusions(db: Database, hashes: readonly string[]): Promise<IndexedInclusion[]> {
  const rows = await db.query<{
    hash: Uint8Array;
    block: number;
    transaction: Uint8Array;
    success: boolean;
    gas: number;
    revert: Uint8Array | null;
  }>(
    `select o.hash, o.block_number as block, o.transaction_hash as transaction, o.success, o.gas_used as gas,
       r.reason as revert
     from operations o left join operation_reverts r on r.operation = o.hash
     where o.hash = any (array(select decode(hash, 'hex') from unnest($1::text[]) as given (hash)))`,
    [hashes.map((hash) => hash.slice(2))],
  );
  return rows.map(({ hash, block, transaction, success, gas, revert }) => ({
    ...{ hash: bytesToHex(hash), block, transactionHash: bytesToHex(transaction), success, gasUsed: gas },
    revert: revert === null ? undefined : bytesToHex(revert),
  }));
}

/** The operation on the chain that used an account's nonce. */
export async function findByNonce(
  db: Database,
  sender: string,
  nonce: bigint,
): Promise<{ hash: string; block: number; transactionHash: string } | undefined> {
  const [row] = await db.query<{ hash: Uint8Array; block: number; transaction: Uint8Array }>(
    `select hash, block_number as block, transaction_hash as transaction from operations
     where sender = decode($1, 'hex') and nonce = $2::numeric`,
    [sender.slice(2), nonce.toString()],
  );
  if (row === undefined) return undefined;
  return { hash: bytesToHex(row.hash), block: row.block, transactionHash: bytesToHex(row.transaction) };
}
