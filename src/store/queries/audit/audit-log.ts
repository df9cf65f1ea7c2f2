import { hexToBytes } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** One request that may have changed something. */
export interface AuditRow {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  requestId: string;
  principal: string;
  role: string;
  /** In lower case. */
  account: string | null;
  method: string;
  route: string;
  path: string;
  bodyDigest: Uint8Array | null;
  /** Null: no answer was given, since it is under way or the process was killed. */
  status: number | null;
  details: Record<string, unknown> | null;
}

const COLUMNS = `id, at, request_id as "requestId", principal, role, '0x' || encode(account, 'hex') as account, method,
  route, path, body_digest as "bodyDigest", status, details`;

/** @returns identifier of the entry */
export async function insertAuditEntry(db: Database, row: Omit<AuditRow, "id">): Promise<number> {
  const [inserted] = await db.query<{ id: number }>(
    `insert into audit_log (at, request_id, principal, role, account, method, route, path, body_digest, status, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb) returning id`,
    [
      ...[row.at, row.requestId, row.principal, row.role, row.account === null ? null : hexToBytes(row.account)],
      ...[row.method, row.route, row.path, row.bodyDigest, row.status],
      row.details === null ? null : JSON.stringify(row.details),
    ],
  );
  return (inserted as { id: number }).id;
}

/** Writes down how a request ended. */
export async function endAuditEntry(
  db: Database,
  id: number,
  status: number,
  details: Record<string, unknown> | null,
): Promise<void> {
  await db.query("update audit_log set status = $2, details = $3::jsonb where id = $1", [
    ...[id, status],
    details === null ? null : JSON.stringify(details),
  ]);
}

export interface AuditFilter {
  principal?: string | undefined;
  account?: Uint8Array | undefined;
  route?: string | undefined;
  requestId?: string | undefined;
  /** Milliseconds since 1970: from `since` on, before `until`. */
  since?: number | undefined;
  until?: number | undefined;
  /** Entries before this one. */
  before?: number | undefined;
}

/** Newest first. */
export function listAuditEntries(db: Database, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  const { principal, account, route, requestId, since, until, before } = filter;
  return db.query<AuditRow>(
    `select ${COLUMNS} from audit_log
     where ($1::text is null or principal = $1) and ($2::bytea is null or account = $2)
       and ($3::text is null or route = $3) and ($4::text is null or request_id = $4)
       and ($5::bigint is null or at >= $5) and ($6::bigint is null or at < $6) and ($7::bigint is null or id < $7)
     order by id desc limit $8`,
    [
      ...[principal ?? null, account ?? null, route ?? null, requestId ?? null],
      ...[since ?? null, until ?? null, before ?? null, limit],
    ],
  );
}
