import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Database } from "../../store/database.ts";
import {
  type ApiKeyRow,
  findApiKey,
  insertApiKey,
  type KeyRole,
  replaceSecret,
} from "../../store/queries/api-keys/api-keys.ts";

/** What keys may be allowed to do; `*` is everything that the role may. */
export const SCOPES = ["*", "subscriptions", "api-keys", "submissions", "data", "files", "operator", "audit"] as const;
export type Scope = (typeof SCOPES)[number];

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const FORM = /^brop_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
/** How long the former secret holds beside a new one, in milliseconds. */
const BOTH_SECRETS_FOR = 24 * 3_600_000;

export interface KeyDescription {
  name: string;
  role: KeyRole;
  /** The account that the key speaks for, if any. */
  account?: string | null;
  scopes: readonly string[];
  /** Milliseconds since 1970; null: it holds until it is revoked. */
  expiresAt: number | null;
}

/**
 * Makes a key. Only a digest of it is kept: 256 random bits need no slow hash.
 *
 * @param by who makes it
 * @returns its identifier and its text, `brop_…`, which nobody can read again
 */
export async function createApiKey(
  db: Database,
  { name, role, account = null, scopes, expiresAt }: KeyDescription,
  by: string,
  now: number,
): Promise<{ id: string; key: string }> {
  const id = randomBytes(ID_BYTES).toString("hex");
  const secret = newSecret();
  await insertApiKey(db, {
    ...{ id, name, role, account, scopes: [...scopes], expiresAt },
    ...{ secretDigest: digestOf(secret), createdAt: now, createdBy: by },
  });
  return { id, key: textOf(id, secret) };
}

/** Gives a key another secret; both hold for a day. @returns its text */
export async function rotateApiKey(db: Database, id: string, now: number): Promise<string> {
  const secret = newSecret();
  await replaceSecret(db, id, digestOf(secret), now + BOTH_SECRETS_FOR);
  return textOf(id, secret);
}

/** The key in force that a text is, undefined for every other text. */
export async function checkApiKey(db: Database, text: string, now: number): Promise<ApiKeyRow | undefined> {
  const [, id = "", secret = ""] = FORM.exec(text) ?? [];
  if (id === "") return undefined;
  const row = await findApiKey(db, id);
  if (row === undefined || row.revokedAt !== null) return undefined;
  if (row.expiresAt !== null && row.expiresAt <= now) return undefined;
  const digest = digestOf(secret);
  const former = row.formerDigest !== null && (row.formerUntil ?? 0) > now && timingSafeEqual(row.formerDigest, digest);
  return timingSafeEqual(row.secretDigest, digest) || former ? row : undefined;
}

const newSecret = () => randomBytes(SECRET_BYTES).toString("base64url");
const textOf = (id: string, secret: string) => `brop_${id}_${secret}`;
const digestOf = (secret: string) => new Uint8Array(createHash("sha256").update(secret).digest());
