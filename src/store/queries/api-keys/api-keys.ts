import { hexToBytes } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

export const ROLES = ["partner", "operator", "regulator", "bookkeeper"] as const;
export type KeyRole = (typeof ROLES)[number];

export interface ApiKeyRow {
  id: string;
  name: string;
  role: KeyRole;
  /** The account that the key speaks for, in lower case. */
  account: string | null;
  scopes: string[];
  secretDigest: Uint8Array;
  formerDigest: Uint8Array | null;
  /** Milliseconds since 1970, as the others. */
  formerUntil: number | null;
  createdAt: number;
  /** Identifier of the key that made it, or `platform`. */
  createdBy: string;
  expiresAt: number | null;
  revokedAt: number | null;
}

const COLUMNS = `id, name, role, '0x' || encode(account, 'hex') as account, scopes, secret_digest as "secretDigest", former_digest as "formerDigest",
  former_until as "formerUntil", created_at as "createdAt", created_by as "createdBy", expires_at as "expiresAt",
  revoked_at as "revokedAt"`;

export type NewApiKey = Omit<ApiKeyRow, "formerDigest" | "formerUntil" | "revokedAt">;

export async function insertApiKey(db: Database, key: NewApiKey): Promise<void> {
  await db.query(
    `insert into api_keys (id, name, role, account, scopes, secret_digest, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9)`,
    [
      ...[key.id, key.name, key.role, key.account === null ? null : hexToBytes(key.account), key.scopes],
      ...[key.secretDigest, key.createdAt, key.createdBy, key.expiresAt],
    ],
  );
}

export async function findApiKey(db: Database, id: string): Promise<ApiKeyRow | undefined> {
  return (await db.query<ApiKeyRow>(`select ${COLUMNS} from api_keys where id = $1`, [id]))[0];
}

/** Newest first. */
export function listApiKeys(db: Database): Promise<ApiKeyRow[]> {
  return db.query<ApiKeyRow>(`select ${COLUMNS} from api_keys order by created_at desc, id`, []);
}

/** Gives a key another secret; the one before holds until `formerUntil`. */
export async function replaceSecret(db: Database, id: string, digest: Uint8Array, formerUntil: number): Promise<void> {
  await db.query(
    `update api_keys set former_digest = secret_digest, former_until = $3, secret_digest = $2 where id = $1`,
    [id, digest, formerUntil],
  );
}

/** Ends a key for good. @returns whether it was in force */
export async function revokeApiKey(db: Database, id: string, now: number): Promise<boolean> {
  const rows = await db.query("update api_keys set revoked_at = $2 where id = $1 and revoked_at is null returning 1", [
    id,
    now,
  ]);
  return rows.length > 0;
}
