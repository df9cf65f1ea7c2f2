import type { Database } from "../../database.ts";

export type ContentFault = "missing" | "size" | "content" | "record";

export interface ContentRow {
  digest: Uint8Array;
  size: number;
  state: "arriving" | "kept" | "removed";
  /** Milliseconds since 1970. */
  checkedAt: number;
  fault: ContentFault | null;
}

const COLUMNS = `digest, size, state, checked_at as "checkedAt", fault`;

/** A content that is about to be put into the store. One that is there already stays as it is. */
export async function expectContent(
  db: Database,
  { digest, size, pieceDigests }: { digest: Uint8Array; size: number; pieceDigests: Uint8Array },
  now: number,
): Promise<void> {
  await db.query(
    `insert into file_contents (digest, size, piece_digests, state, changed_at, checked_at)
     values ($1, $2, $3, 'arriving', $4, $4)
     on conflict (digest) do update set piece_digests = $3,
       state = case when file_contents.state = 'kept' then 'kept' else 'arriving' end, changed_at = $4`,
    [digest, size, pieceDigests, now],
  );
}

/** Says that the store holds it, all of it and right. */
export async function keepContent(tx: Database, digest: Uint8Array, now: number): Promise<void> {
  await tx.query(
    "update file_contents set state = 'kept', changed_at = $2, checked_at = $2, fault = null where digest = $1",
    [digest, now],
  );
}

export async function findContent(db: Database, digest: Uint8Array): Promise<ContentRow | undefined> {
  return (await db.query<ContentRow>(`select ${COLUMNS} from file_contents where digest = $1`, [digest]))[0];
}

/** As `findContent`; until the end of the transaction nobody else changes it. */
export async function lockContent(tx: Database, digest: Uint8Array): Promise<ContentRow | undefined> {
  const rows = await tx.query<ContentRow>(`select ${COLUMNS} from file_contents where digest = $1 for update`, [
    digest,
  ]);
  return rows[0];
}

/** Digests of some pieces, one behind the other. */
export async function readPieceDigests(
  db: Database,
  digest: Uint8Array,
  first: number,
  count: number,
): Promise<Uint8Array> {
  const rows = await db.query<{ part: Uint8Array }>(
    "select substring(piece_digests from $2::int4 for $3::int4) as part from file_contents where digest = $1",
    [digest, first * 32 + 1, count * 32],
  );
  return rows[0]?.part ?? new Uint8Array();
}

export async function removeContent(tx: Database, digest: Uint8Array, now: number): Promise<void> {
  await tx.query("update file_contents set state = 'removed', changed_at = $2, fault = null where digest = $1", [
    digest,
    now,
  ]);
}

/** Contents that no file has: those that were kept, and those that have been arriving since before a time. */
export async function unusedContents(db: Database, arrivingBefore: number): Promise<Uint8Array[]> {
  const rows = await db.query<{ digest: Uint8Array }>(
    `select digest from file_contents
     where (state = 'kept' or (state = 'arriving' and changed_at < $1))
       and not exists (select 1 from files where files.digest = file_contents.digest and deleted_at is null)
     limit 1000`,
    [arrivingBefore],
  );
  return rows.map(({ digest }) => digest);
}

/**
 * A content whose last check is the longest ago, if that was before a time; a damaged one, which may have been put right
 * meanwhile, comes first and sooner.
 */
export async function nextToCheck(
  db: Database,
  before: number,
  damagedBefore: number,
): Promise<ContentRow | undefined> {
  const [damaged] = await db.query<ContentRow>(
    `select ${COLUMNS} from file_contents
     where state = 'kept' and fault is not null and checked_at < $1 order by checked_at limit 1`,
    [damagedBefore],
  );
  if (damaged !== undefined) return damaged;
  const rows = await db.query<ContentRow>(
    `select ${COLUMNS} from file_contents where state = 'kept' and checked_at < $1 order by checked_at limit 1`,
    [before],
  );
  return rows[0];
}

/** Contents in the order of their digests, behind one of them. */
export function contentsAfter(db: Database, digest: Uint8Array, limit: number): Promise<ContentRow[]> {
  return db.query<ContentRow>(
    `select ${COLUMNS} from file_contents where state = 'kept' and digest > $1 order by digest limit $2`,
    [digest, limit],
  );
}

/** Notes that it was read as a whole, and what was wrong with it. */
export async function noteCheck(
  tx: Database,
  digest: Uint8Array,
  fault: ContentFault | null,
  checkedAt: number,
): Promise<void> {
  await tx.query("update file_contents set checked_at = $2, fault = $3 where digest = $1", [digest, checkedAt, fault]);
}

/** What the store holds, for metrics. */
export async function countContents(db: Database): Promise<{ contents: number; bytes: number; damaged: number }> {
  const rows = await db.query<{ contents: number; bytes: number; damaged: number }>(
    `select count(*)::int8 as contents, coalesce(sum(size), 0)::int8 as bytes,
       (count(*) filter (where fault is not null))::int8 as damaged
     from file_contents where state = 'kept'`,
    [],
  );
  return rows[0] as { contents: number; bytes: number; damaged: number };
}

/** When the content that was not checked for longest was checked; undefined where nothing is kept. */
export async function oldestCheck(db: Database): Promise<number | undefined> {
  const rows = await db.query<{ oldest: number | null }>(
    "select min(checked_at) as oldest from file_contents where state = 'kept'",
    [],
  );
  return rows[0]?.oldest ?? undefined;
}
