import { createHash } from "node:crypto";
import { canonicalize } from "../core/canonical-json.ts";
import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import {
  findIdempotencyKey,
  type IdempotencyRow,
  insertIdempotencyKey,
} from "../store/queries/uplink/idempotency-keys.ts";

/** A request that may come twice. */
export interface RepeatableRequest {
  tenant: string;
  /** The header `Idempotency-Key`; undefined: each request is a new one. */
  key: string | undefined;
  /** Method and path. */
  what: string;
  body: unknown;
}

/** What is answered, and to which submission or batch it belongs. */
export interface Answer {
  status: number;
  /** JSON text. */
  text: string;
  subject: string;
}

/** Does what was asked for, in one transaction with the note that it was done. */
export type Work = (tx: Database) => Promise<Answer>;

// Structured header string (draft-ietf-httpapi-idempotency-key-header), or the same without quotes.
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

/** @throws BropError `request.invalid` for a header that is no key */
export function parseIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, quoted, bare] = (typeof header === "string" && KEY.exec(header)) || [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  const reason = "must be one string of 1 to 255 visible ASCII characters, in quotes or without";
  throw new BropError("request.invalid", { field: "Idempotency-Key", in: "header", reason });
}

/**
 * Does a request once, however often it comes: with the same key and body it is answered as it was the first time; of
 * two at the same time one does it, and the other waits for its answer. What is refused leaves no trace, so that it can
 * be mended and sent with the same key. The note and what was done are one transaction: there is no moment at which a
 * crash could separate them.
 *
 * @param prepare checks the request, without effect
 * @throws BropError `idempotency.conflict` when the key was used for another request
 */
export async function once(
  db: Database,
  request: RepeatableRequest,
  now: number,
  prepare: () => Promise<Work>,
): Promise<Answer & { repeated: boolean }> {
  const { tenant, key } = request;
  if (key === undefined) {
    const work = await prepare();
    return { ...(await db.transaction(work)), repeated: false };
  }
  const digest = digestOf(request);
  const known = await findIdempotencyKey(db, tenant, key);
  if (known !== undefined) return repeated(known, digest);
  const work = await prepare();
  const done = await db
    .transaction(async (tx) => {
      const answer = await work(tx);
      const { status, text, subject } = answer;
      const row = { tenant, key, request: digest, createdAt: now, status, answer: text, subject };
      if (await insertIdempotencyKey(tx, row)) return answer;
      throw new Overtaken();
    })
    .catch((error: unknown) => {
      if (error instanceof Overtaken) return undefined;
      throw error;
    });
  if (done !== undefined) return { ...done, repeated: false };
  return repeated((await findIdempotencyKey(db, tenant, key)) as IdempotencyRow, digest);
}

/** Another request with the same key was stored meanwhile: what this one did is taken back. */
class Overtaken extends Error {}

function repeated(row: IdempotencyRow, digest: Uint8Array): Answer & { repeated: boolean } {
  if (Buffer.compare(row.request, digest) !== 0) {
    throw new BropError("idempotency.conflict", { key: row.key, since: new Date(row.createdAt) });
  }
  return { status: row.status, text: row.answer, subject: row.subject, repeated: true };
}

function digestOf({ what, body }: RepeatableRequest): Uint8Array {
  return new Uint8Array(
    createHash("sha256")
      .update(`${what}\n${canonicalize(body ?? null)}`)
      .digest(),
  );
}
