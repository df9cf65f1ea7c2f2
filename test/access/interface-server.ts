import websocket from "@fastify/websocket";
import Fastify from "fastify";
import { WebSocket } from "ws";
import { Gateway } from "../../src/access/gateway.ts";
import type { RpcAnswer, RpcMethod } from "../../src/access/json-rpc.ts";
import { readMethods } from "../../src/access/reads/read-methods.ts";
import { rpcRoutes } from "../../src/access/routes.ts";
import { type SocketLimits, Sockets } from "../../src/access/socket.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";

export interface InterfaceServer {
  url: string;
  gateway: Gateway;
  sockets: Sockets;
  /** Sends a body as it is. */
  post(body: string): Promise<{ status: number; headers: Headers; text: string }>;
  connect(): Promise<WebSocket>;
  stop(): Promise<void>;
}

/** The JSON-RPC interface over a node's address, with further methods of a test's own, as clients meet it. */
export async function startInterface(
  node: string,
  methods: Record<string, RpcMethod> = {},
  limits: { sockets?: Partial<SocketLimits>; answer?: number; batchAnswer?: number; logResults?: number } = {},
): Promise<InterfaceServer> {
  const rpc = new RpcClient(node, limits.answer === undefined ? {} : { answerLimit: limits.answer });
  const gateway = new Gateway({
    methods: new Map([
      ...readMethods({
        ...{ read: (method, params) => rpc.call(method, params), head: () => 20_000, logResults: limits.logResults },
      }),
      ...Object.entries(methods),
    ]),
    ...(limits.batchAnswer === undefined ? {} : { answerLimit: limits.batchAnswer }),
  });
  const sockets = new Sockets(gateway, limits.sockets);
  const server = Fastify();
  await server.register(websocket);
  await server.register(rpcRoutes, { gateway, sockets });
  const url = `${await server.listen({ host: "127.0.0.1", port: 0 })}/rpc`;
  return {
    url,
    gateway,
    sockets,
    async post(body) {
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url.replace("http", "ws"));
        socket.once("open", () => resolve(socket));
        socket.once("error", reject);
      }),
    async stop() {
      await server.close();
      rpc.close();
    },
  };
}

/** The next message of a socket. */
export function nextMessage(socket: WebSocket): Promise<RpcAnswer> {
  return new Promise((resolve) => socket.once("message", (data) => resolve(JSON.parse(data.toString()))));
}
