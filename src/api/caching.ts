import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { accessOf } from "./access/access.ts";

/** A block comes every few seconds: an answer about the present is not kept longer than that by anybody. */
const PRESENT = "public, max-age=2, stale-while-revalidate=4";
/** Blocks are final: what was asked as of one does not change, but for a later version of this interface. */
const PAST = "public, max-age=3600";
/** Whoever showed a key is answered for himself. */
const KNOWN_CALLER = "private, no-cache";

/**
 * Lets public answers be kept (RFC 9111): with their digest as a weak entity tag, and 304 without a body to whoever has
 * this answer already (RFC 9110 §13.1.2). Everything else, refusals too, is never stored.
 */
export function cacheAnswers(server: FastifyInstance): void {
  server.addHook("onSend", async (request, reply, payload) => {
    if (!isPublicRead(request, reply) || typeof payload !== "string") {
      if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
      return payload;
    }
    const tag = `W/"${createHash("sha256").update(payload).digest("base64url").slice(0, 27)}"`;
    reply.header("etag", tag).header("vary", "authorization").header("cache-control", policyOf(request));
    if (!namesTag(request.headers["if-none-match"], tag)) return payload;
    reply.code(304).removeHeader("content-type").removeHeader("content-length");
    return "";
  });
}

function isPublicRead(request: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return statusCode === 200 && ["GET", "HEAD"].includes(request.method) && accessOf(request) === "public";
}

function policyOf({ headers, query }: FastifyRequest): string {
  if (headers.authorization !== undefined) return KNOWN_CALLER;
  return (query as { at?: unknown } | undefined)?.at === undefined ? PRESENT : PAST;
}

/** Weak comparison: `*`, or one of the tags whatever their `W/`. */
function namesTag(header: string | undefined, tag: string): boolean {
  const strong = tag.replace(/^W\//, "");
  return (header ?? "").split(",").some((one) => [strong, "*"].includes(one.trim().replace(/^W\//, "")));
}
