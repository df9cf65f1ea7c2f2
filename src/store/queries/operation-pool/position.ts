import type { Database } from "../../database.ts";

/** A followed block: its height and hash. */
export type FollowedBlock = readonly [number: number, hash: string];

/** Latest blocks that a relay followed, newest first; none if it never did. */
export async function readRelayPosition(db: Database, relay: string): Promise<FollowedBlock[]> {
  const rows = await db.query<{ blocks: FollowedBlock[] }>(
    "select blocks from relay_positions where relay = decode($1, 'hex')",
    [relay.slice(2)],
  );
  return rows[0]?.blocks ?? [];
}

/** Notes the latest blocks that a relay followed, newest first. */
export async function writeRelayPosition(db: Database, relay: string, blocks: readonly FollowedBlock[]): Promise<void> {
  await db.query(
    `insert into relay_positions (relay, blocks) values (decode($1, 'hex'), $2::jsonb)
     on conflict (relay) do update set blocks = excluded.blocks`,
    [relay.slice(2), JSON.stringify(blocks)],
  );
}
