import type { FastifyInstance } from "fastify";

/**
 * Lets pages of other origins use the API: it is public or asks for a key, and knows no cookies. JSON-RPC does the same for itself.
 *
 * @param prefix path below which it holds, for example `/v1`
 */
export function allowOtherOrigins(server: FastifyInstance, prefix: string): void {
  server.addHook("onRequest", async (request, reply) => {
    if (!request.url.startsWith(`${prefix}/`)) return;
    reply.header("access-control-allow-origin", "*");
    reply.header("access-control-expose-headers", "x-request-id, location, retry-after, ratelimit, ratelimit-policy");
    if (request.method === "OPTIONS") {
      reply.header("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      reply.header("access-control-allow-headers", "authorization, content-type, idempotency-key, x-request-id");
      reply.header("access-control-max-age", "86400");
      return reply.code(204).send();
    }
  });
}
