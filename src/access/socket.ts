import type { RawData, WebSocket } from "ws";
import { BropError } from "../core/errors.ts";
import type { Gateway } from "./gateway.ts";
import { failure, idOf, type RpcConnection } from "./json-rpc.ts";

export interface SocketLimits {
  /** Largest request, in bytes. */
  body: number;
  /** Most connections. */
  connections: number;
  /** Most calls of one connection that are under way. */
  calls: number;
  /** Bytes that may wait for a connection that takes its answers slowly, and for all of them together. */
  waiting: number;
  waitingInAll: number;
  /** Milliseconds between two signs of life that are asked for. */
  heartbeat: number;
}

const MEBIBYTE = 1_048_576;

export const SOCKET_LIMITS: SocketLimits = {
  body: MEBIBYTE,
  connections: 2_000,
  calls: 200,
  waiting: 16 * MEBIBYTE,
  waitingInAll: 256 * MEBIBYTE,
  heartbeat: 30_000,
};

/** WebSocket's words for "later": 1013, "try again later" (IANA's registry of close codes). */
const TRY_AGAIN_LATER = 1013;

/**
 * The WebSocket connections of the JSON-RPC interface. None of them may cost the others memory or attention: who takes
 * answers too slowly, or shows no sign of life, is cut off.
 */
export class Sockets {
  readonly #gateway: Gateway;
  readonly #limits: SocketLimits;
  readonly #open = new Set<WebSocket>();
  #cutOff = 0;

  constructor(gateway: Gateway, limits: Partial<SocketLimits> = {}) {
    this.#gateway = gateway;
    this.#limits = { ...SOCKET_LIMITS, ...limits };
  }

  /** Connections that are open, and those that were cut off for being slow. */
  get counts(): { open: number; cutOff: number } {
    return { open: this.#open.size, cutOff: this.#cutOff };
  }

  serve(socket: WebSocket): void {
    // A broken connection ends by itself; an error without a listener would end the process.
    socket.on("error", () => undefined);
    if (this.#open.size >= this.#limits.connections) {
      socket.close(TRY_AGAIN_LATER, "too many connections");
      return;
    }
    this.#open.add(socket);
    const stopHeartbeat = this.#watch(socket);
    socket.once("close", () => {
      stopHeartbeat();
      this.#open.delete(socket);
    });
    const connection: RpcConnection = {
      notify: (method, params) => this.#write(socket, JSON.stringify({ jsonrpc: "2.0", method, params })),
      onClose: (end) => socket.once("close", end),
    };
    let underWay = 0;
    socket.on("message", async (data: RawData) => {
      const text = data.toString();
      const request = this.#parse(text);
      if (request instanceof BropError) return this.#refuse(socket, null, request);
      const calls = Array.isArray(request) ? request.length : 1;
      if (underWay > 0 && underWay + calls > this.#limits.calls) {
        const error = new BropError("request.rate-limited", { callsUnderWay: underWay, retryAfter: 1 });
        return this.#refuse(socket, idOf(request), error);
      }
      underWay += calls;
      const answer = await this.#gateway.handleParsed(request, connection);
      underWay -= calls;
      if (answer.text !== undefined) this.#write(socket, answer.text);
    });
  }

  #parse(text: string): unknown {
    if (text.length > this.#limits.body) return new BropError("request.too-large", { most: this.#limits.body });
    try {
      return JSON.parse(text);
    } catch {
      return new BropError("request.malformed");
    }
  }

  #refuse(socket: WebSocket, id: string | number | null, error: BropError): void {
    this.#write(socket, JSON.stringify(failure(id, error)));
  }

  #write(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(text);
    if (socket.bufferedAmount > this.#limits.waiting) this.#cut(socket);
    else if (socket.bufferedAmount > MEBIBYTE) this.#relieve();
  }

  /** Cuts the slowest off until what waits for all is within its limit. */
  #relieve(): void {
    const slow = [...this.#open].sort((a, b) => b.bufferedAmount - a.bufferedAmount);
    let waiting = slow.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
    for (const socket of slow) {
      if (waiting <= this.#limits.waitingInAll) return;
      waiting -= socket.bufferedAmount;
      this.#cut(socket);
    }
  }

  #cut(socket: WebSocket): void {
    this.#cutOff++;
    socket.terminate();
    this.#open.delete(socket);
  }

  /** A peer that vanished without a word would keep its subscriptions for ever. */
  #watch(socket: WebSocket): () => void {
    let alive = true;
    socket.on("pong", () => {
      alive = true;
    });
    const timer = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, this.#limits.heartbeat);
    timer.unref();
    return () => clearInterval(timer);
  }
}
