import type { Database } from "../database.ts";

export interface TransactionRow {
  hash: Uint8Array;
  block_number: number;
  transaction_index: number;
  sender: Uint8Array;
  recipient: Uint8Array | null;
  success: boolean;
  gas_used: number;
}

/** Transactions of a block, in its order. */
export function transactionsOf(db: Database, block: number): Promise<TransactionRow[]> {
  return db.query(
    `select hash, block_number, transaction_index, sender, recipient, success, gas_used
     from transactions where block_number = $1 order by transaction_index`,
    [block],
  );
}
