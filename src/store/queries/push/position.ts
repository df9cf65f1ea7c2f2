import type { Database } from "../../database.ts";

export interface PushPosition {
  /** Up to which block deliveries are written; -1: none yet. */
  block: number;
  /** Rises with each change of a subscription. */
  revision: number;
}

const SELECT = "select block_number as block, revision from push_position";
const NOWHERE: PushPosition = { block: -1, revision: 0 };

export async function readPushPosition(db: Database): Promise<PushPosition> {
  return (await db.query<PushPosition>(SELECT, []))[0] ?? NOWHERE;
}

/** Holds the position until the transaction ends: no event is matched and no subscription changes meanwhile. */
export async function lockPushPosition(tx: Database): Promise<PushPosition> {
  await tx.query("insert into push_position (block_number) values (-1) on conflict do nothing", []);
  return (await tx.query<PushPosition>(`${SELECT} for update`, []))[0] as PushPosition;
}

export async function movePushPosition(tx: Database, block: number): Promise<void> {
  await tx.query("update push_position set block_number = $1", [block]);
}

/** Notes that a subscription was made or changed. */
export async function bumpRevision(tx: Database): Promise<void> {
  await tx.query("update push_position set revision = revision + 1", []);
}

/** The last block whose rows and events are there; -1: none yet. */
export async function lastIndexedBlock(db: Database): Promise<number> {
  return (await db.query<{ block: number }>("select block_number as block from chain", []))[0]?.block ?? -1;
}
