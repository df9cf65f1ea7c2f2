import type { Database } from "../../database.ts";

export type TransactionState = "signed" | "included" | "displaced";

export interface TransactionRow {
  act_id: number;
  position: number;
  what: string;
  sender: Uint8Array;
  nonce: number;
  target: Uint8Array;
  hash: Uint8Array;
  signed_at: number;
  state: TransactionState;
  success: boolean | null;
  block_number: number | null;
}

const COLUMNS = "act_id, position, what, sender, nonce, target, hash, signed_at, state, success, block_number";

/** Hashes, addresses and bytes are `0x...`. */
export interface NewTransaction {
  actId: number;
  what: string;
  sender: string;
  nonce: number;
  target: string;
  raw: string;
  hash: string;
  signedAt: number;
}

const bytes = (hex: string) => Buffer.from(hex.slice(2), "hex");

/** Stores a signed transaction as the act's next. */
export async function insertTransaction(db: Database, row: NewTransaction): Promise<void> {
  await db.query(
    `insert into operator_transactions (act_id, position, what, sender, nonce, target, raw, hash, signed_at)
     values ($1, (select count(*) from operator_transactions where act_id = $1), $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[row.actId, row.what, bytes(row.sender), row.nonce, bytes(row.target), bytes(row.raw), bytes(row.hash)],
      row.signedAt,
    ],
  );
}

/** Transactions of some acts, in their order. */
export function transactionsOf(db: Database, acts: readonly number[]): Promise<TransactionRow[]> {
  return db.query<TransactionRow>(
    `select ${COLUMNS} from operator_transactions where act_id = any($1::bigint[]) order by act_id, position`,
    [acts],
  );
}

/** Those whose end is not known, in the order in which they have to be included. */
export function openTransactions(db: Database): Promise<(TransactionRow & { raw: Uint8Array })[]> {
  return db.query(
    `select ${COLUMNS}, raw from operator_transactions where state = 'signed' order by sender, nonce`,
    [],
  );
}

/** First nonce of a sender behind those that are signed and not included. */
export async function nextStoredNonce(db: Database, sender: string): Promise<number> {
  const [row] = await db.query<{ next: number }>(
    "select coalesce(max(nonce) + 1, 0) as next from operator_transactions where sender = $1 and state = 'signed'",
    [bytes(sender)],
  );
  return row?.next ?? 0;
}

/** Notes the end of a transaction. */
export async function endTransaction(
  db: Database,
  hash: Uint8Array,
  end: { state: "displaced" } | { state: "included"; success: boolean; block: number },
): Promise<void> {
  const [success, block] = end.state === "included" ? [end.success, end.block] : [null, null];
  await db.query(
    "update operator_transactions set state = $2, success = $3, block_number = $4 where hash = $1 and state = 'signed'",
    [hash, end.state, success, block],
  );
}

/** Included ones of blocks after one. */
export function includedAfter(db: Database, block: number): Promise<TransactionRow[]> {
  return db.query<TransactionRow>(
    `select ${COLUMNS} from operator_transactions where state = 'included' and block_number > $1`,
    [block],
  );
}

/** Takes back that a transaction was included: a development chain has lost its block. */
export async function reopenTransaction(db: Database, hash: Uint8Array): Promise<void> {
  await db.query(
    "update operator_transactions set state = 'signed', success = null, block_number = null where hash = $1",
    [hash],
  );
}
