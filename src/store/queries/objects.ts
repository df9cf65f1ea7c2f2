import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { newestFirst, type Order, type PageRequest, readPage } from "./page.ts";
import { joinStatus, RECORD_COLUMNS, type RecordRow } from "./records.ts";

export interface ObjectRow {
  id: Uint8Array;
  owner: Uint8Array;
  key: Uint8Array;
  length: number;
  head: Uint8Array | null;
  transaction_hash: Uint8Array;
  block_number: number;
  timestamp: number;
}

export interface LinkRow extends RecordRow {
  position: number;
  previous: Uint8Array | null;
}

export const OBJECT_ORDER = newestFirst("o");
export const LINK_ORDER: Order = { columns: { "l.position": "integer" }, direction: "asc" };

function selectObject(conditions: Conditions, at: number | undefined): string {
  const links = `from object_links l where l.object = o.id${at === undefined ? "" : ` and l.block_number <= ${conditions.parameter(at)}`}`;
  return `o.id, o.owner, o.key, o.transaction_hash, o.block_number, b.timestamp,
    (select count(*) ${links}) as length,
    (select l.digest ${links} order by l.position desc limit 1) as head`;
}

const FROM = "objects o join blocks b on b.number = o.block_number";

/** Newest first. */
export function findObjects(
  db: Database,
  filter: { owner?: Uint8Array | undefined; at?: number | undefined },
  page: PageRequest,
) {
  const conditions = new Conditions();
  const select = selectObject(conditions, filter.at);
  conditions.equal("o.owner", filter.owner).happened("o", filter.at);
  return readPage<ObjectRow>(db, { select, from: FROM, conditions, order: OBJECT_ORDER, page });
}

export async function findObject(db: Database, id: Uint8Array, at?: number): Promise<ObjectRow | undefined> {
  const conditions = new Conditions();
  const select = selectObject(conditions, at);
  conditions.add("o.id = ?", id).happened("o", at);
  return (await db.query<ObjectRow>(`select ${select} from ${FROM}${conditions}`, conditions.parameters))[0];
}

/** Accounts that may add links besides the owner. */
export async function writersOf(db: Database, object: Uint8Array, at?: number): Promise<Uint8Array[]> {
  const conditions = new Conditions().add("w.object = ?", object).add("w.admitted").version("w", at);
  const rows = await db.query<{ writer: Uint8Array }>(
    `select w.writer from object_writers w${conditions} order by w.from_block, w.from_log`,
    conditions.parameters,
  );
  return rows.map(({ writer }) => writer);
}

/** Links from the first on, each with its record. */
export function findLinks(db: Database, object: Uint8Array, at: number | undefined, page: PageRequest) {
  const conditions = new Conditions();
  const from = `object_links l join records r on r.id = l.record ${joinStatus(conditions, at)}`;
  conditions.add("l.object = ?", object).happened("l", at);
  const select = `l.position, l.previous, ${RECORD_COLUMNS}`;
  return readPage<LinkRow>(db, { select, from, conditions, order: LINK_ORDER, page });
}
