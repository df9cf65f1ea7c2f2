import { hexToBytes } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";
import { PORTION_COLUMNS, type PortionRow, readPortion, type StoredPortion } from "./portions.ts";
import type { Tile } from "./sealed.ts";

/** A record where it was handed over. */
export interface StoredRecord {
  portion: PortionRow;
  /** Place in the portion, from 0. */
  position: number;
  /** Its 134 bytes. */
  record: Uint8Array;
}

type Row = StoredPortion & { position: number; record: Uint8Array };

/** The record at a place of a portion. */
export async function findBatchRecord(
  db: Database,
  portion: string,
  position: number,
): Promise<StoredRecord | undefined> {
  const rows = await db.query<Row>(
    `select ${PORTION_COLUMNS}, $2::int8 as position, substring(p.records from ($2::int8 * 134 + 1)::int4 for 134) as record
     from batch_portions p where p.id = $1 and $2::int8 < p.record_count`,
    [portion, position],
  );
  return rows.map(toRecord)[0];
}

/** Records of a digest, oldest first. @param after the place behind which to go on: portion's number and position */
export async function findBatchRecords(
  db: Database,
  digest: string,
  account: string | undefined,
  after: readonly [number, number] | undefined,
  limit: number,
): Promise<StoredRecord[]> {
  const bytes = hexToBytes(digest);
  const behind = after === undefined ? -1 : after[0] * 2 ** 20 + after[1];
  const rows = await db.query<Row>(
    `select ${PORTION_COLUMNS}, x.place & 1048575 as position, r.record
     from batch_places x join batch_portions p on p.number = x.place >> 20,
       lateral (select substring(p.records from ((x.place & 1048575) * 134 + 1)::int4 for 134) as record) r
     where x.prefix = $1 and x.place > $3::int8 and substring(r.record from 1 for 32) = $2
       and ($4::bytea is null or p.account = $4::bytea)
     order by x.place limit $5::int8`,
    [bytes.subarray(0, 7), bytes, behind, account === undefined ? null : hexToBytes(account), limit],
  );
  return rows.map(toRecord);
}

/** Leaves from one to another, both of them included. */
export interface LeafRange {
  first: number;
  last: number;
}

/** Records of ranges of a batch's leaves, each one after another as bytes; zeros for what is not there. */
export async function leafRecords(db: Database, batch: string, ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
  const rows = await db.query<{ range: number; leaf: number; records: Uint8Array }>(
    `select g.range, r.leaf, r.records
     from unnest($2::int8[], $3::int8[]) with ordinality as g (first, last, range) cross join lateral (
       select greatest(p.first_leaf, g.first) as leaf,
         substring(p.records from (greatest(g.first - p.first_leaf, 0) * 134 + 1)::int4
           for ((least(g.last, p.first_leaf + p.record_count - 1) - greatest(p.first_leaf, g.first) + 1) * 134)::int4
         ) as records
       from batch_portions p
       where p.batch = $1 and p.first_leaf <= g.last and p.first_leaf + p.record_count > g.first and p.first_leaf >=
         (select max(first_leaf) from batch_portions where batch = $1 and first_leaf <= g.first)) r`,
    [batch, ranges.map(({ first }) => first), ranges.map(({ last }) => last)],
  );
  const found = ranges.map(({ first, last }) => new Uint8Array((last - first + 1) * 134));
  for (const { range, leaf, records } of rows) {
    const { first } = ranges[range - 1] as LeafRange;
    found[range - 1]?.set(records, (leaf - first) * 134);
  }
  return found;
}

/** 256 nodes of a batch's tree; undefined when they are not there. */
export async function findTile(
  db: Database,
  batch: string,
  height: number,
  position: number,
): Promise<Tile | undefined> {
  const [row] = await db.query<{ nodes: Uint8Array }>(
    "select nodes from batch_tiles where batch = $1 and height = $2 and position = $3",
    [batch, height, position],
  );
  return row === undefined ? undefined : { height, position, nodes: row.nodes };
}

/** Why the owner revoked a leaf, and in which block; undefined: it is not revoked. */
export async function leafRevocation(
  db: Database,
  anchor: string,
  leaf: number,
): Promise<{ reason: Uint8Array; block: number } | undefined> {
  const rows = await db.query<{ reason: Uint8Array; block: number }>(
    "select reason, block_number as block from leaf_revocations where batch = $1 and leaf = $2::numeric",
    [hexToBytes(anchor), leaf],
  );
  return rows[0];
}

function toRecord({ position, record, ...row }: Row): StoredRecord {
  return { portion: readPortion(row), position, record };
}
