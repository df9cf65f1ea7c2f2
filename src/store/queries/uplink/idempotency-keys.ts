import type { Database } from "../../database.ts";

/** What was answered to a request with an idempotency key. */
export interface IdempotencyRow {
  tenant: string;
  key: string;
  /** SHA-256 of the request. */
  request: Uint8Array;
  createdAt: number;
  status: number;
  answer: string;
  /** The submission or batch that it is about. */
  subject: string;
}

export async function findIdempotencyKey(
  db: Database,
  tenant: string,
  key: string,
): Promise<IdempotencyRow | undefined> {
  const rows = await db.query<IdempotencyRow>(
    `select tenant, key, request, created_at as "createdAt", status, answer, subject from idempotency_keys
     where tenant = $1 and key = $2`,
    [tenant, key],
  );
  return rows[0];
}

/** Stores an answer. Waits for another transaction that is storing one under the same key. @returns whether it was first */
export async function insertIdempotencyKey(tx: Database, row: IdempotencyRow): Promise<boolean> {
  const { tenant, key, request, createdAt, status, answer, subject } = row;
  const rows = await tx.query(
    `insert into idempotency_keys (tenant, key, request, created_at, status, answer, subject)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
    [tenant, key, request, createdAt, status, answer, subject],
  );
  return rows.length > 0;
}

export async function forgetIdempotencyKeys(db: Database, createdBefore: number): Promise<void> {
  await db.query("delete from idempotency_keys where created_at < $1", [createdBefore]);
}
