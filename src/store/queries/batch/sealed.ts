import { bytesToHex, hexToBytes } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";
import { Conditions } from "../conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "../page.ts";
import type { StoredReason } from "../uplink/submissions.ts";

/** A batch whose root is settled. */
export interface SealedBatch {
  id: string;
  tenant: string;
  /** `0x...`, as the other bytes. */
  account: string;
  root: string;
  anchor: string;
  recordCount: number;
  sealedAt: number;
  sealedBlock: number;
  submission: string | null;
  attempts: number;
  open: boolean;
  dueAt: number;
  reason: StoredReason | null;
  refusedAt: number | null;
  /** From the chain; null: it is not anchored. */
  anchoredBlock: number | null;
  anchoredAt: number | null;
  transactionHash: string | null;
}

type Bytes = "account" | "root" | "anchor";
type Stored = Omit<SealedBatch, Bytes | "transactionHash"> &
  Record<Bytes, Uint8Array> & { transactionHash: Uint8Array | null };

// Whether it is anchored is read from the chain's copy each time: blocks that a development chain loses take nothing else
// with them.
const COLUMNS = `s.id, s.tenant, s.account, s.root, s.anchor, s.record_count as "recordCount",
    s.sealed_at as "sealedAt", s.sealed_block as "sealedBlock", s.submission, s.attempts, s.open, s.due_at as "dueAt", s.reason,
    s.refused_at as "refusedAt", b.block_number as "anchoredBlock", b.anchored_at as "anchoredAt",
    b.transaction_hash as "transactionHash"`;
const FROM = `sealed_batches s left join batches b on b.id = s.anchor and b.record_count = s.record_count`;

/** Newest first. */
export const SEALED_ORDER: Order = { columns: { "s.sealed_at": "integer", "s.id": "text" }, direction: "desc" };

function read(row: Stored): SealedBatch {
  const { account, root, anchor, transactionHash } = row;
  return {
    ...row,
    ...{ account: bytesToHex(account), root: bytesToHex(root), anchor: bytesToHex(anchor) },
    transactionHash: transactionHash === null ? null : bytesToHex(transactionHash),
  };
}

/** Where a portion stands in a new batch. */
export interface SealedPortion {
  number: number;
  firstLeaf: number;
}

/** 256 nodes of one height. */
export interface Tile {
  height: number;
  position: number;
  nodes: Uint8Array;
}

export type NewBatch = Pick<SealedBatch, "id" | "tenant" | "account" | "root" | "anchor" | "recordCount" | "sealedAt">;

/**
 * Stores a batch with its tiles and puts its portions into it, in the caller's transaction. Where the account has a batch
 * of the same root, they are put into that one: their records stand there at the same places.
 * @returns whether each portion was still open; if not, the transaction has to be taken back
 */
export async function insertSealed(
  tx: Database,
  batch: NewBatch,
  portions: readonly SealedPortion[],
  tiles: readonly Tile[],
): Promise<boolean> {
  const { id, tenant, account, root, anchor, recordCount, sealedAt } = batch;
  const inserted = await tx.query<{ id: string }>(
    `insert into sealed_batches (id, tenant, account, root, anchor, record_count, sealed_at, sealed_block, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, coalesce((select block_number from chain), 0), 0)
     on conflict (account, root) do nothing returning id`,
    [id, tenant, hexToBytes(account), hexToBytes(root), hexToBytes(anchor), recordCount, sealedAt],
  );
  const [same] =
    inserted.length > 0
      ? inserted
      : await tx.query<{ id: string }>("select id from sealed_batches where account = $1 and root = $2", [
          hexToBytes(account),
          hexToBytes(root),
        ]);
  const taken = await tx.query<{ number: number }>(
    `update batch_portions p set batch = $1, first_leaf = given.leaf
     from unnest($2::int8[], $3::int8[]) as given (number, leaf)
     where p.number = given.number and p.batch is null returning p.number`,
    [same?.id, portions.map(({ number }) => number), portions.map(({ firstLeaf }) => firstLeaf)],
  );
  if (inserted.length > 0) {
    for (const { height, position, nodes } of tiles) {
      await tx.query("insert into batch_tiles (batch, height, position, nodes) values ($1, $2, $3, $4)", [
        ...[id, height, position, nodes],
      ]);
    }
  }
  return taken.length === portions.length;
}

export async function findSealed(db: Database, id: string): Promise<SealedBatch | undefined> {
  return (await db.query<Stored>(`select ${COLUMNS} from ${FROM} where s.id = $1`, [id])).map(read)[0];
}

/** A tenant's batches. */
export async function listSealed(
  db: Database,
  tenant: string,
  account: string | undefined,
  page: PageRequest,
): Promise<PageOf<SealedBatch>> {
  const conditions = new Conditions();
  conditions.add("s.tenant = ?", tenant);
  if (account !== undefined) conditions.add("s.account = ?", hexToBytes(account));
  const found = await readPage<Stored>(db, { select: COLUMNS, from: FROM, conditions, order: SEALED_ORDER, page });
  return { rows: found.rows.map(read), next: found.next };
}

/** Batches that need an operation now. */
export async function dueBatches(db: Database, now: number, limit: number): Promise<SealedBatch[]> {
  const rows = await db.query<Stored>(
    `select ${COLUMNS} from ${FROM}
     where s.open and s.submission is null and s.due_at <= $1 order by s.due_at, s.id limit $2::int8`,
    [now, limit],
  );
  return rows.map(read);
}

/** A batch whose operation has ended. */
export interface EndedBatch {
  id: string;
  submission: string;
  state: "included" | "expired" | "rejected";
  success: boolean | null;
  reason: StoredReason | null;
  attempts: number;
  sealedBlock: number;
  isAnchored: boolean;
}

/** Open batches whose operation has ended. */
export async function endedBatches(db: Database, limit: number): Promise<EndedBatch[]> {
  return db.query<EndedBatch>(
    `select s.id, s.submission, o.state, o.success, o.reason, s.attempts, s.sealed_block as "sealedBlock",
       b.id is not null as "isAnchored"
     from sealed_batches s join submissions o on o.id = s.submission
     left join batches b on b.id = s.anchor and b.record_count = s.record_count
     where s.open and o.ended_at is not null and (b.id is not null or o.success is not true)
     order by s.id limit $1::int8`,
    [limit],
  );
}

/** Notes the operation of a batch that has none, in the transaction that stores it. @returns false: it has one */
export async function setSubmission(tx: Database, id: string, submission: string): Promise<boolean> {
  const set = await tx.query(
    `update sealed_batches set submission = $2, attempts = attempts + 1
     where id = $1 and submission is null and open returning id`,
    [id, submission],
  );
  return set.length > 0;
}

/** Closes batches that are on the chain. */
export async function closeAnchored(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query("update sealed_batches set open = false, reason = null where id = any ($1::text[]) and open", [ids]);
}

/** How a batch goes on whose operation ended without effect, or could not be made. */
export interface NextAttempt {
  id: string;
  /** The operation that it had; null: none. */
  submission: string | null;
  dueAt: number;
  reason: StoredReason | null;
  /** When it is given up; null: it is not. */
  refusedAt: number | null;
}

/** Writes next attempts, of those whose operation is still the one that was looked at. */
export async function writeNextAttempts(db: Database, attempts: readonly NextAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  await db.query(
    `update sealed_batches s set submission = null, due_at = given."dueAt", reason = given.reason,
       open = given."refusedAt" is null, refused_at = given."refusedAt",
       attempts = s.attempts + case when given.submission is null then 1 else 0 end
     from json_to_recordset($1::json) as given (id text, submission text, "dueAt" bigint, reason jsonb,
       "refusedAt" bigint)
     where s.id = given.id and s.open and s.submission is not distinct from given.submission`,
    [JSON.stringify(attempts)],
  );
}

/** Opens batches again that were anchored above a block, before the rest is taken back: a development chain lost those. */
export async function rewindSealedBatches(tx: Database, block: number): Promise<void> {
  await tx.query(
    `update sealed_batches s set open = true from batches b
     where b.id = s.anchor and b.block_number > $1 and s.refused_at is null`,
    [block],
  );
}

/** How many records stand in each state. */
export async function countBatchRecords(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ state: string; count: number }>(
    `select 'taken' as state, coalesce(sum(record_count), 0)::int8 as count from batch_portions where batch is null
     union all
     select case when open then 'sealed' when refused_at is null then 'anchored' else 'refused' end,
       sum(record_count)::int8 from sealed_batches group by 1`,
    [],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
