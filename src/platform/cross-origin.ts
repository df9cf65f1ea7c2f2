import type { FastifyInstance } from "fastify";

const TAKEN = [
  "authorization, content-type, idempotency-key, x-request-id, range, if-range, if-none-match",
  "repr-digest, content-digest, tus-resumable, upload-length, upload-offset, upload-metadata, upload-checksum",
  "upload-defer-length, x-http-method-override, x-requested-with",
].join(", ");
const SHOWN = [
  "x-request-id, location, retry-after, ratelimit, ratelimit-policy, etag, repr-digest, content-range, accept-ranges",
  "content-disposition, content-location, tus-resumable, tus-version, tus-extension, tus-max-size",
  "tus-checksum-algorithm, upload-offset, upload-length, upload-expires",
].join(", ");

/**
 * Lets pages of other origins use the API: it is public or asks for a key, and knows no cookies. JSON-RPC does the same for itself.
 *
 * @param prefix path below which it holds, for example `/v1`
 */
export function allowOtherOrigins(server: FastifyInstance, prefix: string): void {
  server.addHook("onRequest", async (request, reply) => {
    if (!request.url.startsWith(`${prefix}/`)) return;
    reply.header("access-control-allow-origin", "*");
    reply.header("access-control-expose-headers", SHOWN);
    // What is no preflight asks the path itself (Fetch standard §3.2.2).
    const isPreflight = request.headers["access-control-request-method"] !== undefined || request.is404;
    if (request.method === "OPTIONS" && isPreflight) {
      reply.header("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      reply.header("access-control-allow-headers", TAKEN);
      reply.header("access-control-max-age", "86400");
      return reply.code(204).send();
    }
  });
}
