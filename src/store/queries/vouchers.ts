import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { newestFirst, type PageRequest, readPage } from "./page.ts";

export interface VoucherRow {
  address: Uint8Array;
  application: number;
  issuer: Uint8Array;
  voucher_type: number;
  decimals: number;
  holder_level: number;
  cap: string;
  terms_digest: Uint8Array;
  declaration_digest: Uint8Array;
  legal_category: string;
  name: string;
  symbol: string;
  product: string;
  uri: string;
  circulating: string;
  holders: number;
  transaction_hash: Uint8Array;
  block_number: number;
  timestamp: number;
}

export const VOUCHER_ORDER = newestFirst("v");

interface Parts {
  select: string;
  from: string;
}

function parts(conditions: Conditions, at: number | undefined): Parts {
  const applied = conditions.versionOf("a", at);
  const supplied = conditions.versionOf("s", at);
  const held = conditions.versionOf("h", at);
  return {
    select: `v.address, v.application, v.issuer, a.voucher_type, a.decimals, a.holder_level, a.cap, a.terms_digest,
      a.declaration_digest, a.legal_category, a.name, a.symbol, a.product, a.uri, v.transaction_hash, v.block_number,
      b.timestamp,
      (select coalesce(sum(s.circulating), 0) from voucher_supplies s where s.voucher = v.address and ${supplied}) as circulating,
      (select count(distinct h.holder) from voucher_balances h
        where h.voucher = v.address and h.amount > 0 and ${held}) as holders`,
    from: `vouchers v join voucher_applications a on a.id = v.application and ${applied}
      join blocks b on b.number = v.block_number`,
  };
}

/** Newest first. */
export function findVouchers(
  db: Database,
  filter: { issuer?: Uint8Array | undefined; at?: number | undefined },
  page: PageRequest,
) {
  const conditions = new Conditions();
  const { select, from } = parts(conditions, filter.at);
  conditions.equal("v.issuer", filter.issuer).happened("v", filter.at);
  return readPage<VoucherRow>(db, { select, from, conditions, order: VOUCHER_ORDER, page });
}

export async function findVoucher(db: Database, address: Uint8Array, at?: number): Promise<VoucherRow | undefined> {
  const conditions = new Conditions();
  const { select, from } = parts(conditions, at);
  conditions.add("v.address = ?", address).happened("v", at);
  return (await db.query<VoucherRow>(`select ${select} from ${from}${conditions}`, conditions.parameters))[0];
}
