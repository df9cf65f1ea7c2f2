import type { Database } from "../../database.ts";

/** A followed block: its height and hash. */
export type FollowedBlock = readonly [number: number, hash: string];

export interface RelayPosition {
  /** Latest followed blocks, newest first; none if the relay never followed. */
  blocks: readonly FollowedBlock[];
  /** No operation without a definite end was received before; milliseconds. */
  openSince: number;
}

/** How far a relay followed the chain. */
export async function readRelayPosition(db: Database, relay: string): Promise<RelayPosition> {
  const rows = await db.query<{ blocks: FollowedBlock[]; open_since: number }>(
    "select blocks, open_since from relay_positions where relay = decode($1, 'hex')",
    [relay.slice(2)],
  );
  return { blocks: rows[0]?.blocks ?? [], openSince: rows[0]?.open_since ?? 0 };
}

/** Notes how far a relay followed the chain. */
export async function writeRelayPosition(db: Database, relay: string, position: RelayPosition): Promise<void> {
  await db.query(
    `insert into relay_positions (relay, blocks, open_since) values (decode($1, 'hex'), $2::jsonb, $3)
     on conflict (relay) do update set blocks = excluded.blocks, open_since = excluded.open_since`,
    [relay.slice(2), JSON.stringify(position.blocks), position.openSince],
  );
}
