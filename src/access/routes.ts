import websocket from "@fastify/websocket";
import type { FastifyPluginAsync, FastifyReply, FastifySchema } from "fastify";
import { BropError } from "../core/errors.ts";
import type { Gateway } from "./gateway.ts";
import { failure } from "./json-rpc.ts";
import { SOCKET_LIMITS, type Sockets } from "./socket.ts";

export interface RpcRoutesOptions {
  gateway: Gateway;
  sockets: Sockets;
  /** Largest request, in bytes. */
  bodyLimit?: number;
  path?: string;
}

// JSON-RPC has no place in the OpenAPI document.
const HIDDEN = { hide: true } as FastifySchema;

/**
 * Fastify plugin: JSON-RPC by POST and by WebSocket on one path. Any page may call it: the interface is public and
 * knows no cookies.
 */
export const rpcRoutes: FastifyPluginAsync<RpcRoutesOptions> = async (server, options) => {
  const { gateway, sockets, bodyLimit = SOCKET_LIMITS.body, path = "/rpc" } = options;
  // The server may have registered it for other routes already.
  if (!server.hasDecorator("websocketServer")) {
    await server.register(websocket, { options: { maxPayload: bodyLimit } });
  }
  await server.register(async (scope) => {
    // JSON-RPC answers faults in its own way, so the body comes as text, whatever the client calls it.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error: { code?: string }, _request, reply) => {
      const fault =
        error.code === "FST_ERR_CTP_BODY_TOO_LARGE"
          ? new BropError("request.too-large", { most: bodyLimit })
          : BropError.from(error);
      return send(reply.code(fault.httpStatus), JSON.stringify(failure(null, fault)));
    });
    scope.options(path, { schema: HIDDEN }, (_request, reply) =>
      allowAnyOrigin(reply)
        .header("access-control-allow-methods", "POST, OPTIONS")
        .header("access-control-allow-headers", "content-type")
        .header("access-control-max-age", "86400")
        .code(204)
        .send(),
    );
    scope.post(path, { bodyLimit, schema: HIDDEN }, async (request, reply) => {
      const { text, refusal } = await gateway.handleBody(typeof request.body === "string" ? request.body : "");
      if (text === undefined) return allowAnyOrigin(reply).code(204).send();
      // JSON-RPC's own answers are 200; a client that is to slow down hears it from HTTP too.
      if (refusal !== undefined) reply.code(refusal.status).header("retry-after", refusal.retryAfter);
      return send(reply, text);
    });
    scope.get(path, { websocket: true, schema: HIDDEN }, (socket) => sockets.serve(socket));
  });
};

function send(reply: FastifyReply, answer: string): FastifyReply {
  return allowAnyOrigin(reply).type("application/json").send(answer);
}

function allowAnyOrigin(reply: FastifyReply): FastifyReply {
  return reply.header("access-control-allow-origin", "*").header("access-control-expose-headers", "retry-after");
}
