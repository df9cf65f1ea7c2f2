import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

export interface HolderRow {
  holder: Uint8Array;
  lot: string;
  amount: string;
}

export interface HoldingRow {
  voucher: Uint8Array;
  lot: string;
  amount: string;
  name: string;
  symbol: string;
  decimals: number;
  issuer: Uint8Array;
}

export const HOLDER_ORDER: Order = {
  columns: { "h.amount": "numeric", "h.holder": "bytes", "h.lot": "numeric" },
  direction: "desc",
};
export const HOLDING_ORDER: Order = { columns: { "h.voucher": "bytes", "h.lot": "numeric" }, direction: "asc" };

/** Who holds a voucher, the largest holding first. */
export function findHolders(db: Database, voucher: Uint8Array, at: number | undefined, page: PageRequest) {
  const conditions = new Conditions().add("h.voucher = ?", voucher).add("h.amount > 0").version("h", at);
  const from = "voucher_balances h";
  return readPage<HolderRow>(db, { select: "h.holder, h.lot, h.amount", from, conditions, order: HOLDER_ORDER, page });
}

/** What an account holds. */
export function findHoldings(db: Database, holder: Uint8Array, at: number | undefined, page: PageRequest) {
  const conditions = new Conditions().add("h.holder = ?", holder).add("h.amount > 0").version("h", at);
  const applied = conditions.versionOf("a", at);
  const select = "h.voucher, h.lot, h.amount, a.name, a.symbol, a.decimals, v.issuer";
  const from = `voucher_balances h join vouchers v on v.address = h.voucher
    join voucher_applications a on a.id = v.application and ${applied}`;
  return readPage<HoldingRow>(db, { select, from, conditions, order: HOLDING_ORDER, page });
}
