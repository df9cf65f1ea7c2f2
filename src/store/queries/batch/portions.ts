import { bytesToHex, hexToBytes } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** What one request handed over to be anchored. */
export interface PortionRow {
  number: number;
  id: string;
  tenant: string;
  /** `0x...`, in lower case. */
  account: string;
  createdAt: number;
  createdBlock: number;
  recordCount: number;
  /** Null until it is sealed. */
  batch: string | null;
  firstLeaf: number | null;
}

export type NewPortion = Pick<PortionRow, "id" | "tenant" | "account" | "createdAt" | "recordCount"> & {
  /** SSZ's serialisation, 134 bytes a record. */
  records: Uint8Array;
};

export const PORTION_COLUMNS = `p.number, p.id, p.tenant, p.account, p.created_at as "createdAt",
  p.created_block as "createdBlock", p.record_count as "recordCount", p.batch, p.first_leaf as "firstLeaf"`;

export type StoredPortion = Omit<PortionRow, "account"> & { account: Uint8Array };

export const readPortion = <Row extends StoredPortion>(row: Row): Omit<Row, "account"> & { account: string } => ({
  ...row,
  account: bytesToHex(row.account),
});

/**
 * Stores records and where each digest stands, in one statement: after it everything is there, without it nothing. The
 * index's rows go in in their order, so that neighbours share a page.
 * @returns the newest indexed block, which the portion is counted from
 */
export async function insertPortion(tx: Database, portion: NewPortion): Promise<number> {
  const { id, tenant, account, createdAt, recordCount, records } = portion;
  const [row] = await tx.query<{ block: number }>(
    `with portion as (
       insert into batch_portions (id, tenant, account, created_at, created_block, record_count, records)
       values ($1, $2, $3, $4::int8, coalesce((select block_number from chain), 0), $5::int8, $6)
       returning number, created_block
     ), places as (
       insert into batch_places (prefix, place)
       select substring($6 from (record * 134 + 1)::int4 for 7), portion.number * 1048576 + record
       from portion, generate_series(0, $5::int8 - 1) as given (record) order by 1
     )
     select created_block as block from portion`,
    [id, tenant, hexToBytes(account), createdAt, recordCount, records],
  );
  return row?.block ?? 0;
}

/** Records of a tenant that are in no anchored batch yet and not given up either. */
export async function countWaiting(db: Database, tenant: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select (
       (select coalesce(sum(record_count), 0) from batch_portions where batch is null and tenant = $1) +
       (select coalesce(sum(record_count), 0) from sealed_batches
        where tenant = $1 and open)
     )::int8 as count`,
    [tenant],
  );
  return row?.count ?? 0;
}

/** Portions that are in no batch, of one tenant and account. */
export interface OpenGroup {
  tenant: string;
  account: string;
  /** Newest indexed block when the first of them came. */
  since: number;
  records: number;
}

export async function openGroups(db: Database): Promise<OpenGroup[]> {
  const rows = await db.query<Omit<OpenGroup, "account"> & { account: Uint8Array }>(
    `select tenant, account, min(created_block) as since, sum(record_count)::int8 as records
     from batch_portions where batch is null group by tenant, account order by min(number)`,
    [],
  );
  return rows.map((row) => ({ ...row, account: bytesToHex(row.account) }));
}

/** Open portions of a group in the order in which they came. */
export async function openPortions(
  db: Database,
  { tenant, account }: Pick<OpenGroup, "tenant" | "account">,
): Promise<Pick<PortionRow, "number" | "recordCount">[]> {
  return db.query(
    `select number, record_count as "recordCount" from batch_portions
     where batch is null and tenant = $1 and account = $2 order by number`,
    [tenant, hexToBytes(account)],
  );
}

/** The records of a portion, as they are kept. */
export async function portionRecords(db: Database, number: number): Promise<Uint8Array> {
  const [row] = await db.query<{ records: Uint8Array }>("select records from batch_portions where number = $1", [
    number,
  ]);
  return row?.records ?? new Uint8Array(0);
}

export async function findPortion(db: Database, id: string): Promise<PortionRow | undefined> {
  const rows = await db.query<StoredPortion>(`select ${PORTION_COLUMNS} from batch_portions p where p.id = $1`, [id]);
  return rows.map(readPortion)[0];
}
