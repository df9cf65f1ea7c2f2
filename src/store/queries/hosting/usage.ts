import type { Database } from "../../database.ts";

/** What one file took in a period. */
export interface UsageLine {
  file: string;
  digest: Uint8Array;
  name: string;
  size: number;
  /** Milliseconds since 1970: when it began to count, and when it ended to. */
  from: number;
  to: number;
  /** Bytes times milliseconds, decimal digits: exact. */
  byteMilliseconds: string;
}

export interface UsageTotal {
  files: number;
  byteMilliseconds: string;
}

// A file counts from when it was kept until it was deleted, as far as that lies in the period.
const FROM = "greatest(kept_from, $2)";
const TO = "least(coalesce(deleted_at, $3), $3)";
const WITHIN = "tenant = $1 and kept_from < $3 and (deleted_at is null or deleted_at > $2)";

/** What a tenant's files took from one moment until before another, in all. */
export async function totalUsage(db: Database, tenant: string, from: number, to: number): Promise<UsageTotal> {
  const rows = await db.query<UsageTotal>(
    `select count(*)::int8 as files, coalesce(sum(size::numeric * (${TO} - ${FROM})), 0)::text as "byteMilliseconds"
     from files where ${WITHIN}`,
    [tenant, from, to],
  );
  return rows[0] as UsageTotal;
}

/** The same file by file, in the order in which they came, behind one of them. */
export function usageLines(
  db: Database,
  tenant: string,
  { from, to }: { from: number; to: number },
  after: { keptFrom: number; file: string } | undefined,
  limit: number,
): Promise<(UsageLine & { keptFrom: number })[]> {
  return db.query<UsageLine & { keptFrom: number }>(
    `select id as file, digest, name, size, kept_from as "keptFrom", ${FROM} as from, ${TO} as to,
       (size::numeric * (${TO} - ${FROM}))::text as "byteMilliseconds"
     from files where ${WITHIN} and (kept_from, id) > ($4, $5) order by kept_from, id limit $6`,
    [tenant, from, to, after?.keptFrom ?? -1, after?.file ?? "", limit],
  );
}
