import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "./page.ts";

export interface AccountRow {
  address: Uint8Array;
  number: number;
  creator: Uint8Array;
  transaction_hash: Uint8Array;
  block_number: number;
  timestamp: number;
}

/** What is known of one account beyond its creation. */
export interface AccountDetailRow extends AccountRow {
  /** ERC-7913. */
  signer: Uint8Array;
  /** Null: the class of its certification level. */
  class: number | null;
  sponsor: Uint8Array | null;
}

const COLUMNS = "a.address, a.number, a.creator, a.transaction_hash, a.block_number, b.timestamp";
const FROM = "accounts a join blocks b on b.number = a.block_number";

export const ACCOUNT_ORDER: Order = { columns: { "a.number": "integer" }, direction: "asc" };

/** In the order of their numbers. */
export function findAccounts(db: Database, filter: { creator?: Uint8Array | undefined }, page: PageRequest) {
  const conditions = new Conditions().equal("a.creator", filter.creator);
  return readPage<AccountRow>(db, { select: COLUMNS, from: FROM, conditions, order: ACCOUNT_ORDER, page }) as Promise<
    PageOf<AccountRow>
  >;
}

/** One account, with its signer, class and sponsor as of block `at`. */
export async function findAccount(
  db: Database,
  address: Uint8Array,
  at?: number,
): Promise<AccountDetailRow | undefined> {
  const conditions = new Conditions().add("a.address = ?", address).happened("a", at);
  const joins = (["signers", "classes", "sponsors"] as const).map(
    (what) => `left join account_${what} ${what} on ${what}.account = a.address and ${conditions.versionOf(what, at)}`,
  );
  const rows = await db.query<AccountDetailRow>(
    `select ${COLUMNS}, signers.signer, nullif(classes.class, 0) as class, sponsors.sponsor
     from ${FROM} ${joins.join(" ")}${conditions}`,
    conditions.parameters,
  );
  return rows[0];
}

/** Address of the account of a sequential number. */
export async function accountOfNumber(db: Database, number: bigint): Promise<Uint8Array | undefined> {
  const rows = await db.query<{ address: Uint8Array }>("select address from accounts where number = $1::numeric", [
    number.toString(),
  ]);
  return rows[0]?.address;
}
