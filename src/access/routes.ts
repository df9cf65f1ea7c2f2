import websocket from "@fastify/websocket";
import type { FastifyPluginAsync, FastifyReply, FastifySchema } from "fastify";
import type { RawData, WebSocket } from "ws";
import { BropError } from "../core/errors.ts";
import type { Gateway } from "./gateway.ts";
import { failure, type RpcConnection } from "./json-rpc.ts";

export interface RpcRoutesOptions {
  gateway: Gateway;
  /** Largest request, in bytes. */
  bodyLimit?: number;
  path?: string;
}

// JSON-RPC has no place in the OpenAPI document.
const HIDDEN = { hide: true } as FastifySchema;
const ONE_MEBIBYTE = 1_048_576;
/** A client that takes answers more slowly than this many bytes are waiting for it is cut off. */
const WAITING_LIMIT = 64 * ONE_MEBIBYTE;

/**
 * Fastify plugin: JSON-RPC by POST and by WebSocket on one path. Any page may call it: the interface is public and
 * knows no cookies.
 */
export const rpcRoutes: FastifyPluginAsync<RpcRoutesOptions> = async (server, options) => {
  const { gateway, bodyLimit = ONE_MEBIBYTE, path = "/rpc" } = options;
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
      const answer = await gateway.handleText(typeof request.body === "string" ? request.body : "");
      return answer === undefined ? allowAnyOrigin(reply).code(204).send() : send(reply, answer);
    });
    scope.get(path, { websocket: true, schema: HIDDEN }, (socket) => serveSocket(socket, gateway, bodyLimit));
  });
};

function send(reply: FastifyReply, answer: string): FastifyReply {
  return allowAnyOrigin(reply).type("application/json").send(answer);
}

function allowAnyOrigin(reply: FastifyReply): FastifyReply {
  return reply.header("access-control-allow-origin", "*");
}

function serveSocket(socket: WebSocket, gateway: Gateway, bodyLimit: number): void {
  const write = (text: string) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > WAITING_LIMIT) socket.terminate();
    else socket.send(text);
  };
  const connection: RpcConnection = {
    notify: (method, params) => write(JSON.stringify({ jsonrpc: "2.0", method, params })),
    onClose: (end) => socket.once("close", end),
  };
  socket.on("message", async (data: RawData) => {
    const text = data.toString();
    if (text.length > bodyLimit) {
      return write(JSON.stringify(failure(null, new BropError("request.too-large", { most: bodyLimit }))));
    }
    const answer = await gateway.handleText(text, connection);
    if (answer !== undefined) write(answer);
  });
  // A broken connection ends by itself; an error without a listener would end the process.
  socket.on("error", () => undefined);
}
