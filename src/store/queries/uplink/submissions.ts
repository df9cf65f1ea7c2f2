import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";
import { Conditions } from "../conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "../page.ts";

/** included, expired and rejected are ends. */
export const SUBMISSION_STATES = ["received", "signed", "submitted", "included", "expired", "rejected"] as const;
export type SubmissionState = (typeof SUBMISSION_STATES)[number];

/** An error of the table as it is kept: code, message and details. */
export type StoredReason = { code: string; message: string } & Record<string, unknown>;

export interface SubmissionRow {
  id: string;
  tenant: string;
  kind: string;
  state: SubmissionState;
  /** `0x...`, as the other bytes. */
  hash: string;
  sender: string;
  nonce: bigint;
  deadline: number;
  /** JSON-RPC form; its signature is `0x` until there is one. */
  operation: Record<string, unknown>;
  content: Record<string, unknown>;
  batch: string | null;
  /** Milliseconds, as the other times. */
  createdAt: number;
  createdBlock: number;
  dueAt: number | null;
  attempts: number;
  relay: string | null;
  reason: StoredReason | null;
  endedAt: number | null;
  transactionHash: string | null;
  blockNumber: number | null;
  success: boolean | null;
  gasUsed: number | null;
}

export interface NewSubmission {
  id: string;
  tenant: string;
  createdBy: string;
  kind: string;
  state: "received" | "signed";
  hash: string;
  sender: string;
  nonce: bigint;
  deadline: number;
  operation: Record<string, unknown>;
  content: Record<string, unknown>;
  batch: string | null;
  createdAt: number;
  createdBlock: number;
  dueAt: number | null;
}

type Bytes = "hash" | "sender" | "transactionHash";
type Stored = Omit<SubmissionRow, Bytes | "nonce"> & {
  hash: Uint8Array;
  sender: Uint8Array;
  nonce: string;
  transactionHash: Uint8Array | null;
};

export const SUBMISSION_COLUMNS = `s.id, s.tenant, s.kind, s.state, s.hash, s.sender, s.nonce, s.deadline, s.operation,
  s.content, s.batch, s.created_at as "createdAt", s.created_block as "createdBlock", s.due_at as "dueAt", s.attempts,
  s.relay, s.reason, s.ended_at as "endedAt", s.transaction_hash as "transactionHash",
  s.block_number as "blockNumber", s.success, s.gas_used as "gasUsed"`;

/** Newest first. */
export const SUBMISSION_ORDER: Order = {
  columns: { "s.created_at": "integer", "s.id": "text" },
  direction: "desc",
};

/** Stores submissions; the same operation of the same tenant stays as it was. @returns ids of those that are new */
export async function insertSubmissions(tx: Database, rows: readonly NewSubmission[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const plain = rows.map((row) => ({
    ...{ id: row.id, tenant: row.tenant, created_by: row.createdBy, kind: row.kind, state: row.state },
    ...{ hash: row.hash.slice(2), sender: row.sender.slice(2), nonce: row.nonce.toString(), deadline: row.deadline },
    ...{ operation: row.operation, content: row.content, batch: row.batch, created_at: row.createdAt },
    ...{ created_block: row.createdBlock, due_at: row.dueAt },
  }));
  const inserted = await tx.query<{ id: string }>(
    `insert into submissions (id, tenant, created_by, kind, state, hash, sender, nonce, deadline, operation, content, batch,
       created_at, created_block, due_at)
     select id, tenant, created_by, kind, state, decode(hash, 'hex'), decode(sender, 'hex'), nonce, deadline, operation,
       content, batch, created_at, created_block, due_at
     from json_to_recordset($1::json) as row (id text, tenant text, created_by text, kind text, state text, hash text,
       sender text, nonce numeric, deadline bigint, operation json, content jsonb, batch text, created_at bigint,
       created_block bigint, due_at bigint)
     on conflict (tenant, hash) do nothing returning id`,
    [JSON.stringify(plain)],
  );
  return new Set(inserted.map(({ id }) => id));
}

/** One of a tenant's; undefined also for one of another tenant. */
export async function findSubmission(db: Database, tenant: string, id: string): Promise<SubmissionRow | undefined> {
  const rows = await db.query<Stored>(
    `select ${SUBMISSION_COLUMNS} from submissions s where s.id = $1 and s.tenant = $2`,
    [id, tenant],
  );
  return rows.map(readSubmission)[0];
}

/** A tenant's submissions of these operations. */
export async function findByHashes(
  db: Database,
  tenant: string,
  hashes: readonly string[],
): Promise<Map<string, SubmissionRow>> {
  const rows = await db.query<Stored>(
    `select ${SUBMISSION_COLUMNS} from submissions s
     where s.tenant = $1 and s.hash = any (array(select decode(hash, 'hex') from unnest($2::text[]) as given (hash)))`,
    [tenant, hashes.map((hash) => hash.slice(2))],
  );
  return new Map(rows.map(readSubmission).map((row) => [row.hash, row]));
}

/** Hashes of a tenant's signed submissions that have one of these nonces; by account and nonce, `0x...:nonce`. */
export async function findPlaces(
  db: Database,
  tenant: string,
  places: readonly { sender: string; nonce: bigint }[],
): Promise<Map<string, string>> {
  const rows = await db.query<{ sender: Uint8Array; nonce: string; hash: Uint8Array }>(
    `select s.sender, s.nonce, s.hash from submissions s
     join unnest($2::text[], $3::text[]) as given (sender, nonce)
       on s.sender = decode(given.sender, 'hex') and s.nonce = given.nonce::numeric
     where s.tenant = $1 and s.state in ('signed', 'submitted', 'included')`,
    [tenant, places.map(({ sender }) => sender.slice(2)), places.map(({ nonce }) => nonce.toString())],
  );
  return new Map(rows.map(({ sender, nonce, hash }) => [`${bytesToHex(sender)}:${nonce}`, bytesToHex(hash)]));
}

export interface SubmissionFilter {
  state?: SubmissionState | undefined;
  kind?: string | undefined;
  account?: Uint8Array | undefined;
  hash?: Uint8Array | undefined;
  batch?: string | undefined;
}

/** A tenant's submissions, newest first. */
export async function listSubmissions(
  db: Database,
  tenant: string,
  { state, kind, account, hash, batch }: SubmissionFilter,
  page: PageRequest,
): Promise<PageOf<SubmissionRow>> {
  const conditions = new Conditions().equal("s.tenant", tenant).equal("s.state", state).equal("s.kind", kind);
  conditions.equal("s.sender", account).equal("s.hash", hash).equal("s.batch", batch);
  const query = { select: SUBMISSION_COLUMNS, from: "submissions s", conditions, order: SUBMISSION_ORDER, page };
  const { rows, next } = await readPage<Stored>(db, query);
  return { rows: rows.map(readSubmission), next };
}

/** Gives operations that waited for it their signature. @returns ids of those that did wait */
export async function signSubmissions(
  tx: Database,
  tenant: string,
  signatures: readonly { id: string; operation: Record<string, unknown> }[],
  now: number,
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `update submissions s set state = 'signed', operation = given.operation, due_at = $3::int8
     from json_to_recordset($2::json) as given (id text, operation json)
     where s.id = given.id and s.tenant = $1 and s.state = 'received' returning s.id`,
    [tenant, JSON.stringify(signatures), now],
  );
  return new Set(rows.map(({ id }) => id));
}

export function readSubmission(row: Stored): SubmissionRow {
  return {
    ...row,
    hash: bytesToHex(row.hash),
    sender: bytesToHex(row.sender),
    nonce: BigInt(row.nonce),
    transactionHash: row.transactionHash === null ? null : bytesToHex(row.transactionHash),
  };
}
