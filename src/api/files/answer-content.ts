import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Files } from "../../hosting/files.ts";
import type { FileRow } from "../../store/queries/hosting/files.ts";
import { reprDigest } from "./digest-headers.ts";
import { isKnownVersion, rangeOf } from "./range.ts";
import type { Transfers } from "./transfers.ts";

/** Seconds for which others may keep a public file. */
const PUBLIC_AGE = 300;

/**
 * Nothing that a partner stored runs on the platform's origin: it is never shown but saved, has no type that a browser
 * would act on, and were it shown all the same, it would be nobody's page without scripts.
 */
const NEUTRAL = {
  "content-type": "application/octet-stream",
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
};

/** Answers with a file's bytes, or those of the range that is asked for (RFC 9110 §14). Each byte is compared first. */
export async function answerContent(
  request: FastifyRequest,
  reply: FastifyReply,
  { file, files, transfers }: { file: FileRow; files: Files; transfers: Transfers },
): Promise<FastifyReply> {
  const { digest, size, name, visibility } = file;
  const etag = `"${Buffer.from(digest).toString("hex")}"`;
  const known = {
    etag,
    "cache-control": visibility === "public" ? `public, max-age=${PUBLIC_AGE}` : "private, no-cache",
  };
  if (isKnownVersion(request.headers["if-none-match"], etag)) return reply.headers(known).code(304).send();
  const range = request.method === "HEAD" ? undefined : rangeOf(request.headers, size, etag);
  if (range === "none") {
    reply.header("content-range", `bytes */${size}`);
    throw new BropError("file.range", { size });
  }
  const { from, to } = range ?? { from: 0, to: size };
  transfers.enter(request, reply);
  // What can not be given as it was taken is refused before anything is said about it.
  const bytes = request.method === "HEAD" ? [] : await files.open(file, from, to);
  reply.headers({
    ...known,
    ...NEUTRAL,
    "content-disposition": dispositionOf(name === "" ? Buffer.from(digest).toString("hex") : name),
    "content-length": to - from,
    "repr-digest": reprDigest(digest),
    "accept-ranges": "bytes",
  });
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${from}-${to - 1}/${size}`);
  return reply.send(Readable.from(bytes, { objectMode: false }));
}

/** RFC 6266 with the name in RFC 8187's form, and in ASCII for those who do not know it. */
export function dispositionOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9 ._-]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
