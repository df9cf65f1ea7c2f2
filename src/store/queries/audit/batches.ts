import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** A batch with what the chain has of it. */
export interface AuditedBatch {
  id: string;
  /** `0x...`, as the other bytes. */
  account: string;
  root: string;
  anchor: string;
  recordCount: number;
  /** It counts as anchored. */
  isDone: boolean;
  /** Null: the chain does not have it. */
  chainRoot: string | null;
  chainCount: number | null;
}

type Stored = Omit<AuditedBatch, "account" | "root" | "anchor" | "chainRoot"> &
  Record<"account" | "root" | "anchor", Uint8Array> & { chainRoot: Uint8Array | null };

/** Batches behind one of them, in the order of their identifiers. */
export async function auditedBatches(db: Database, after: string, limit: number): Promise<AuditedBatch[]> {
  const rows = await db.query<Stored>(
    `select s.id, s.account, s.root, s.anchor, s.record_count as "recordCount",
       not s.open and s.refused_at is null as "isDone", b.root as "chainRoot", b.record_count as "chainCount"
     from sealed_batches s left join batches b on b.id = s.anchor where s.id > $1 order by s.id limit $2::int8`,
    [after, limit],
  );
  return rows.map(({ account, root, anchor, chainRoot, ...row }) => ({
    ...row,
    ...{ account: bytesToHex(account), root: bytesToHex(root), anchor: bytesToHex(anchor) },
    chainRoot: chainRoot === null ? null : bytesToHex(chainRoot),
  }));
}

/** Records that can not be found by their digest. */
export async function* missingPlaces(db: Database): AsyncIterable<{ portion: string; position: number }> {
  for (let after = -1; ; ) {
    const [portion] = await db.query<{ number: number; id: string }>(
      "select number, id from batch_portions where number > $1 order by number limit 1",
      [after],
    );
    if (portion === undefined) return;
    yield* await db.query<{ portion: string; position: number }>(
      `select p.id as portion, r.position::int8 as position
       from batch_portions p cross join lateral generate_series(0, p.record_count - 1) as r (position)
       where p.number = $1 and not exists (
         select from batch_places x where x.prefix = substring(p.records from (r.position * 134 + 1)::int4 for 7)
           and x.place = p.number * 1048576 + r.position)
       order by 2 limit 1000`,
      [portion.number],
    );
    after = portion.number;
  }
}

/** Rows of the index of digests that stand for no record. */
export async function* strayPlaces(db: Database): AsyncIterable<{ place: number; prefix: string }> {
  const rows = await db.query<{ place: number; prefix: Uint8Array }>(
    `select x.place, x.prefix from batch_places x left join batch_portions p on p.number = x.place >> 20
     where p.number is null or (x.place & 1048575) >= p.record_count
       or x.prefix <> substring(p.records from ((x.place & 1048575) * 134 + 1)::int4 for 7)
     order by x.place limit 1000`,
    [],
  );
  for (const { place, prefix } of rows) yield { place, prefix: bytesToHex(prefix) };
}
