import type { Database } from "../../database.ts";

export interface IndexRow<Fields = unknown> {
  id: number;
  schema: number;
  fields: Fields;
  state: "building" | "current" | "retired";
  /** Rows that were there when it was made: how many, and how many of them are looked through. */
  total: number;
  done: number;
  /** Numbers of the last of these rows and of the last one that is looked through. */
  lastRow: number;
  doneRow: number;
  misfits: number;
}

const COLUMNS = `id, schema, fields, state, total, done, last_row as "lastRow", done_row as "doneRow", misfits`;

/** The index that questions are answered from, and the one that is being made. */
export function findLiveIndexes<Fields>(db: Database, schema: number): Promise<IndexRow<Fields>[]> {
  const text = `select ${COLUMNS} from data_indexes where schema = $1 and state <> 'retired' order by id`;
  return db.query(text, [schema]);
}

export async function insertIndex(
  tx: Database,
  { schema, fields, state, total, lastRow }: Pick<IndexRow, "schema" | "fields" | "state" | "total" | "lastRow">,
): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `insert into data_indexes (schema, fields, state, total, done, last_row, done_row, misfits)
     values ($1, $2, $3, $4, 0, $5, 0, 0) returning id`,
    [schema, JSON.stringify(fields), state, total, lastRow],
  );
  return (rows[0] as { id: number }).id;
}

/** Holds one index that is being made and that nobody else works on. */
export async function lockBuilding<Fields>(tx: Database): Promise<IndexRow<Fields> | undefined> {
  const rows = await tx.query<IndexRow<Fields>>(
    `select ${COLUMNS} from data_indexes where state = 'building' order by id limit 1 for update skip locked`,
    [],
  );
  return rows[0];
}

export async function noteProgress(
  tx: Database,
  id: number,
  { rows, lastRow, misfits }: { rows: number; lastRow: number; misfits: number },
): Promise<void> {
  await tx.query("update data_indexes set done = done + $2, done_row = $3, misfits = misfits + $4 where id = $1", [
    id,
    rows,
    lastRow,
    misfits,
  ]);
}

export async function retireIndexes(
  tx: Database,
  schema: number,
  state: IndexRow["state"],
  now: number,
): Promise<void> {
  await tx.query("update data_indexes set state = 'retired', retired_at = $3 where schema = $1 and state = $2", [
    ...[schema, state, now],
  ]);
}

export async function makeCurrent(tx: Database, id: number): Promise<void> {
  await tx.query("update data_indexes set state = 'current' where id = $1", [id]);
}

/** Takes the numbers of indexes that were retired before a time from the list. */
export async function forgetRetired(tx: Database, before: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    "delete from data_indexes where state = 'retired' and retired_at < $1 returning id",
    [before],
  );
  return rows.map(({ id }) => id);
}

/** How many indexes are being made. */
export async function countBuilding(db: Database): Promise<number> {
  const rows = await db.query<{ count: number }>(
    "select count(*) as count from data_indexes where state = 'building'",
    [],
  );
  return rows[0]?.count ?? 0;
}
