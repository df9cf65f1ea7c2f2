import type { Database } from "../../database.ts";

/** Bytes that a tenant may keep, where that was set; until the end of the transaction no other room is given away. */
export async function lockQuota(tx: Database, tenant: string): Promise<number | null> {
  await tx.query("insert into file_quotas (tenant) values ($1) on conflict (tenant) do nothing", [tenant]);
  const rows = await tx.query<{ bytes: number | null }>("select bytes from file_quotas where tenant = $1 for update", [
    tenant,
  ]);
  return rows[0]?.bytes ?? null;
}

/** @param bytes null: as the settings say */
export async function setQuota(db: Database, tenant: string, bytes: number | null): Promise<void> {
  await db.query(
    "insert into file_quotas (tenant, bytes) values ($1, $2) on conflict (tenant) do update set bytes = $2",
    [tenant, bytes],
  );
}

export async function readQuota(db: Database, tenant: string): Promise<number | null> {
  const rows = await db.query<{ bytes: number | null }>("select bytes from file_quotas where tenant = $1", [tenant]);
  return rows[0]?.bytes ?? null;
}

/** Bytes of a tenant's kept files, and of those that are on their way. */
export async function bytesInUse(db: Database, tenant: string): Promise<{ kept: number; arriving: number }> {
  const rows = await db.query<{ kept: number; arriving: number }>(
    `select
       (select coalesce(sum(size), 0)::int8 from files where tenant = $1 and deleted_at is null) as kept,
       (select coalesce(sum(size), 0)::int8 from file_uploads where tenant = $1 and file is null) as arriving`,
    [tenant],
  );
  return rows[0] as { kept: number; arriving: number };
}
