import type { Database } from "../../database.ts";
import { Conditions } from "../conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "../page.ts";

/** What a token stamps, as TimestampAuthorities counts. */
export const STAMPED_KINDS = { record: 1, block: 3 } as const;
export type StampedKind = keyof typeof STAMPED_KINDS;

export interface TimestampRow {
  token_digest: Uint8Array;
  kind: number;
  object: Uint8Array;
  block_number: number | null;
  digest: Uint8Array;
  token: Uint8Array;
  certificate_digest: Uint8Array;
  certificate: Uint8Array;
  policy: string;
  serial: string;
  stated_at: number;
  accuracy: number | null;
  stored_at: number;
  act: number | null;
}

const COLUMNS = `t.token_digest, t.kind, t.object, t.block_number, t.digest, t.token, t.certificate_digest, t.certificate,
  t.policy, t.serial, t.stated_at, t.accuracy, t.stored_at, t.act`;

export const TIMESTAMP_ORDER: Order = {
  columns: { "t.stored_at": "integer", "t.token_digest": "bytes" },
  direction: "desc",
};

/** Keeps a token; the same one twice is once. */
export async function insertTimestamp(db: Database, row: Omit<TimestampRow, "act">): Promise<void> {
  await db.query(
    `insert into timestamps (token_digest, kind, object, block_number, digest, token, certificate_digest, certificate,
       policy, serial, stated_at, accuracy, stored_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
    [
      ...[row.token_digest, row.kind, row.object, row.block_number, row.digest, row.token, row.certificate_digest],
      ...[row.certificate, row.policy, row.serial, row.stated_at, row.accuracy, row.stored_at],
    ],
  );
}

export async function findTimestamp(db: Database, tokenDigest: Uint8Array): Promise<TimestampRow | undefined> {
  return (
    await db.query<TimestampRow>(`select ${COLUMNS} from timestamps t where t.token_digest = $1`, [tokenDigest])
  )[0];
}

export interface TimestampFilter {
  kind?: number | undefined;
  object?: Uint8Array | undefined;
  /** A block's number. */
  block?: number | undefined;
}

/** Newest first. */
export function findTimestamps(
  db: Database,
  filter: TimestampFilter,
  page: PageRequest,
): Promise<PageOf<TimestampRow>> {
  const conditions = new Conditions()
    .equal("t.kind", filter.kind)
    .equal("t.object", filter.object)
    .equal("t.block_number", filter.block);
  return readPage(db, { select: COLUMNS, from: "timestamps t", conditions, order: TIMESTAMP_ORDER, page });
}

/** When a block was stamped last, milliseconds since 1970; undefined: never. */
export async function lastBlockStamp(db: Database): Promise<number | undefined> {
  const text = "select max(stored_at) as last from timestamps where kind = $1";
  const [row] = await db.query<{ last: number | null }>(text, [STAMPED_KINDS.block]);
  return row?.last ?? undefined;
}

/** Tokens of blocks between two, these not included, whose digests nobody was asked to put on chain yet. */
export async function blockStampsToAttach(db: Database, after: number, before: number): Promise<TimestampRow[]> {
  return db.query<TimestampRow>(
    `select ${COLUMNS} from timestamps t where t.kind = $1 and t.act is null and t.block_number > $2 and t.block_number < $3
     order by t.block_number limit 20`,
    [STAMPED_KINDS.block, after, before],
  );
}

/** Notes the act that puts a token's digest on chain. */
export async function noteAttachment(db: Database, tokenDigest: Uint8Array, act: number): Promise<void> {
  await db.query("update timestamps set act = $2 where token_digest = $1", [tokenDigest, act]);
}

export async function countTimestamps(db: Database): Promise<Record<StampedKind, number>> {
  const rows = await db.query<{ kind: number; count: number }>(
    "select kind, count(*) as count from timestamps group by kind",
    [],
  );
  const of = (kind: number) => rows.find((row) => row.kind === kind)?.count ?? 0;
  return { record: of(STAMPED_KINDS.record), block: of(STAMPED_KINDS.block) };
}
