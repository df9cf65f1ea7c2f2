import type { Database } from "../../database.ts";

/** A sign-in whose token holds. */
export interface SignInRow {
  tokenDigest: Uint8Array;
  account: Uint8Array;
  messageHash: Uint8Array;
  signature: Uint8Array;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** The secret of the nonces; `fresh` becomes it where there is none. */
export async function readSignInSecret(db: Database, fresh: Uint8Array): Promise<Uint8Array> {
  await db.query("insert into sign_in_secret (secret) values ($1) on conflict do nothing", [fresh]);
  const [row] = await db.query<{ secret: Uint8Array }>("select secret from sign_in_secret", []);
  return (row as { secret: Uint8Array }).secret;
}

/** @returns false where the nonce was used before: nothing is kept then */
export async function insertSignIn(db: Database, row: SignInRow, nonce: string, now: number): Promise<boolean> {
  const inserted = await db.query(
    `insert into sign_ins (token_digest, nonce, account, message_hash, signature, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
    [row.tokenDigest, nonce, row.account, row.messageHash, row.signature, now, row.expiresAt],
  );
  return inserted.length > 0;
}

export async function findSignIn(db: Database, tokenDigest: Uint8Array, now: number): Promise<SignInRow | undefined> {
  const [row] = await db.query<SignInRow>(
    `select token_digest as "tokenDigest", account, message_hash as "messageHash", signature, expires_at as "expiresAt"
     from sign_ins where token_digest = $1 and expires_at > $2 and ended_at is null`,
    [tokenDigest, now],
  );
  return row;
}

/** Ends a token before its time. Its nonce stays used. @returns whether it was in force */
export async function endSignIn(db: Database, tokenDigest: Uint8Array, now: number): Promise<boolean> {
  const rows = await db.query(
    "update sign_ins set ended_at = $2 where token_digest = $1 and expires_at > $2 and ended_at is null returning 1",
    [tokenDigest, now],
  );
  return rows.length > 0;
}

/** Forgets sign-ins whose token ended before a time. */
export async function forgetSignIns(db: Database, before: number): Promise<void> {
  await db.query("delete from sign_ins where expires_at < $1", [before]);
}
