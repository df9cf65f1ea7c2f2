import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

export interface ApplicationRow {
  id: number;
  issuer: Uint8Array;
  status: number;
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
  ground: Uint8Array | null;
  voucher: Uint8Array | null;
  from_block: number;
  timestamp: number;
}

export const APPLICATION_ORDER: Order = { columns: { "a.id": "integer" }, direction: "desc" };

export interface ApplicationFilter {
  issuer?: Uint8Array | undefined;
  status?: number | undefined;
  at?: number | undefined;
}

/** Newest first. `timestamp` is the time of the last change. */
export function findApplications(db: Database, filter: ApplicationFilter, page: PageRequest) {
  const conditions = new Conditions()
    .equal("a.issuer", filter.issuer)
    .equal("a.status", filter.status)
    .version("a", filter.at);
  const select = `a.id, a.issuer, a.status, a.voucher_type, a.decimals, a.holder_level, a.cap, a.terms_digest,
    a.declaration_digest, a.legal_category, a.name, a.symbol, a.product, a.uri, a.ground, a.voucher, a.from_block,
    b.timestamp`;
  const from = "voucher_applications a join blocks b on b.number = a.from_block";
  return readPage<ApplicationRow>(db, { select, from, conditions, order: APPLICATION_ORDER, page });
}
