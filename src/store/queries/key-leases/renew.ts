import type { Database } from "../../database.ts";
import { DATABASE_NOW } from "./now.ts";

export interface HeldLease {
  key: string;
  owner: string;
  fence: number;
}

/** Holds a lease for another `ttl` milliseconds from now. @returns false if another has taken it meanwhile */
export async function renewLease(
  db: Database,
  { key, owner, fence }: HeldLease,
  ttl: number,
  now: number | undefined,
): Promise<boolean> {
  const rows = await db.query(
    `update key_leases set expires_at = ${DATABASE_NOW("$5")} + $4::int8
     where key = decode($1, 'hex') and owner = $2 and fence = $3 returning fence`,
    [key.slice(2), owner, fence, ttl, now ?? null],
  );
  return rows.length > 0;
}
