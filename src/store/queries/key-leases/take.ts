import type { Database } from "../../database.ts";
import { DATABASE_NOW } from "./now.ts";

export interface TakeLease {
  /** Address of the key, `0x...`. */
  key: string;
  /** `process/one of its leases`. */
  owner: string;
  /** Milliseconds that it is held without being renewed. */
  ttl: number;
  /** Milliseconds since 1970 (UTC); undefined: the database's clock. */
  now: number | undefined;
  /** Whether no other process can be at this database: then the leases of others are those of dead ones. */
  alone: boolean;
}

/**
 * Takes the lease of a key that nobody holds, in one statement: of two that try at once one gets it.
 * @returns its fencing number; undefined if another holds it
 */
export async function takeLease(db: Database, { key, owner, ttl, now, alone }: TakeLease): Promise<number | undefined> {
  const [row] = await db.query<{ fence: number }>(
    `insert into key_leases as held (key, owner, fence, expires_at)
     select decode($1, 'hex'), $2, 1, ${DATABASE_NOW("$4")} + $3::int8
     on conflict (key) do update set owner = excluded.owner, fence = held.fence + 1, expires_at = excluded.expires_at
       where held.expires_at <= ${DATABASE_NOW("$4")} or held.owner = excluded.owner
         or ($5::boolean and split_part(held.owner, '/', 1) <> split_part(excluded.owner, '/', 1))
     returning fence`,
    [key.slice(2), owner, ttl, now ?? null, alone],
  );
  return row?.fence;
}
