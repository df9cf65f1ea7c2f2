import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

export interface TransferRow {
  voucher: Uint8Array;
  lot: string;
  sender: Uint8Array | null;
  recipient: Uint8Array | null;
  executor: Uint8Array;
  amount: string;
  transaction_hash: Uint8Array;
  block_number: number;
  log_index: number;
  timestamp: number;
}

export const TRANSFER_ORDER: Order = {
  columns: { "t.block_number": "integer", "t.log_index": "integer", "t.item": "integer" },
  direction: "desc",
};

export interface TransferFilter {
  voucher: Uint8Array;
  /** Sent or received. */
  account?: Uint8Array | undefined;
  at?: number | undefined;
}

/** Newest first. */
export function findTransfers(db: Database, filter: TransferFilter, page: PageRequest) {
  const conditions = new Conditions().add("t.voucher = ?", filter.voucher).happened("t", filter.at);
  if (filter.account !== undefined) conditions.add("(t.sender = ? or t.recipient = ?)", filter.account, filter.account);
  const select = `t.voucher, t.lot, t.sender, t.recipient, t.executor, t.amount, t.transaction_hash, t.block_number,
    t.log_index, b.timestamp`;
  const from = "voucher_transfers t join blocks b on b.number = t.block_number";
  return readPage<TransferRow>(db, { select, from, conditions, order: TRANSFER_ORDER, page });
}
