import type { Database } from "../../database.ts";

/** What active subscriptions are still to be told. */
export interface PushBacklog {
  pending: number;
  /** When the oldest of these was written, milliseconds; null without any. */
  oldest: number | null;
  /** Blocks that are indexed and not yet matched with subscriptions. */
  lag: number;
}

export async function readPushBacklog(db: Database): Promise<PushBacklog> {
  const [row] = await db.query<PushBacklog>(
    `select count(d.subscription) as pending, min(d.created_at) as oldest,
       (select greatest(0, c.block_number - p.block_number) from chain c, push_position p) as lag
     from subscriptions s join deliveries d on d.subscription = s.id and d.state = 'pending' where s.status = 'active'`,
    [],
  );
  return { pending: row?.pending ?? 0, oldest: row?.oldest ?? null, lag: row?.lag ?? 0 };
}

/** How many subscriptions stand in each state. */
export async function countSubscriptions(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ status: string; count: number }>(
    "select status, count(*) as count from subscriptions group by status",
    [],
  );
  return { active: 0, paused: 0, disabled: 0, ...Object.fromEntries(rows.map((row) => [row.status, row.count])) };
}
