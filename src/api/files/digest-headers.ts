import type { IncomingHttpHeaders } from "node:http";
import { BropError } from "../../core/errors.ts";

const SHA_256 = /(?:^|[,\s])sha-256=:([A-Za-z0-9+/]{43}=):/i;
/** RFC 3230, which RFC 9530 replaces: without the colons. */
const FORMER = /(?:^|[,\s])sha-256=([A-Za-z0-9+/]{43}=)(?:$|[,\s])/i;

/**
 * The SHA-256 that a request gives for its body: `Repr-Digest` or `Content-Digest` (RFC 9530), or the former `Digest`.
 *
 * @throws BropError `request.invalid` for such a header without a SHA-256, and for two that differ
 */
export function givenDigest(headers: IncomingHttpHeaders): Uint8Array | undefined {
  const found = [
    read(headers, "repr-digest", SHA_256),
    read(headers, "content-digest", SHA_256),
    read(headers, "digest", FORMER),
  ].filter((digest) => digest !== undefined);
  const [first, ...more] = found;
  if (more.some((digest) => !digest.equals(first as Buffer))) {
    throw new BropError("request.invalid", { field: "repr-digest", in: "headers", reason: "the digests differ" });
  }
  return first;
}

function read(headers: IncomingHttpHeaders, name: string, form: RegExp): Buffer | undefined {
  const text = headers[name];
  if (text === undefined) return undefined;
  const [, digest] = form.exec(String(text)) ?? [];
  if (digest !== undefined) return Buffer.from(digest, "base64");
  const reason = "must have a SHA-256, for example `sha-256=:<base64>:`";
  throw new BropError("request.invalid", { field: name, in: "headers", reason });
}

/** `Repr-Digest` of an answer. */
export function reprDigest(digest: Uint8Array): string {
  return `sha-256=:${Buffer.from(digest).toString("base64")}:`;
}
