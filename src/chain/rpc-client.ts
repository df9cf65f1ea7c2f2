import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { BropError } from "../core/errors.ts";

/** One JSON-RPC call. */
export interface RpcRequest {
  method: string;
  params?: readonly unknown[];
}

/** The error member of a node's answer, kept as it is: code, message and revert data. */
export class NodeRpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = "NodeRpcError";
    this.code = code;
    this.data = data;
  }

  /** Revert data as `0x...`, wherever the node put it; undefined if there is none. */
  get revertData(): string | undefined {
    return findHex(this.data);
  }

  toRpcError(): { code: number; message: string; data?: unknown } {
    return { code: this.code, message: this.message, ...(this.data === undefined ? {} : { data: this.data }) };
  }
}

/** A node as the services talk to it; `RpcClient` is one over HTTP. */
export interface NodeRpc {
  /** @throws NodeRpcError what the node answered; BropError `chain.unreachable` when it does not answer */
  call<Result = unknown>(method: string, params?: readonly unknown[]): Promise<Result>;
  /** Results and `NodeRpcError`s in the order of the requests. @throws BropError `chain.unreachable` */
  batch(requests: readonly RpcRequest[]): Promise<unknown[]>;
  /** As `batch`, but the first error is thrown. */
  all(requests: readonly RpcRequest[]): Promise<unknown[]>;
  /** Ends the connections. */
  close(): void;
}

export interface RpcClientOptions {
  /** Longest wait for one HTTP exchange, in milliseconds. */
  timeout?: number;
  /** Most connections kept open at once. */
  connections?: number;
  /** Largest answer, in bytes; by default as large as it comes. */
  answerLimit?: number;
}

/** Calls in one exchange; nodes limit them, Besu to 1,024. */
const BATCH_LIMIT = 500;

interface RpcResponse {
  id?: unknown;
  result?: unknown;
  error?: { code?: unknown; message?: unknown; data?: unknown };
}

/**
 * A small JSON-RPC client over HTTP with kept-alive connections, for the server side's busy paths; applications use
 * ethers or viem.
 */
export class RpcClient implements NodeRpc {
  readonly url: string;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #send: typeof httpRequest;
  readonly #options: RequestOptions;
  readonly #answerLimit: number;

  constructor(url: string, options: RpcClientOptions = {}) {
    const { timeout = 30_000, connections = 16, answerLimit = Number.POSITIVE_INFINITY } = options;
    const parsed = new URL(url);
    const secure = parsed.protocol === "https:";
    this.url = url;
    this.#answerLimit = answerLimit;
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: connections });
    this.#options = {
      protocol: parsed.protocol,
      hostname: parsed.hostname.replace(/^\[|\]$/g, ""),
      port: parsed.port,
      path: parsed.pathname + parsed.search,
      ...(parsed.username === "" ? {} : { auth: `${parsed.username}:${parsed.password}` }),
      method: "POST",
      agent: this.#agent,
      timeout,
    };
  }

  /**
   * Calls one method.
   * @throws NodeRpcError what the node answered; BropError `chain.unreachable` when it does not answer,
   * `request.answer-too-large` when its answer is over the limit
   */
  async call<Result = unknown>(method: string, params: readonly unknown[] = []): Promise<Result> {
    const answer = await this.#exchange(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    return resultOf(answer as RpcResponse) as Result;
  }

  /**
   * Calls many methods in one exchange. One call's error does not touch the others: it stands in its place.
   * @returns results and `NodeRpcError`s in the order of the requests
   * @throws BropError `chain.unreachable`
   */
  async batch(requests: readonly RpcRequest[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let at = 0; at < requests.length; at += BATCH_LIMIT) {
      results.push(...(await this.#batch(requests.slice(at, at + BATCH_LIMIT))));
    }
    return results;
  }

  async #batch(requests: readonly RpcRequest[]): Promise<unknown[]> {
    const body = requests.map(({ method, params = [] }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const answer = await this.#exchange(JSON.stringify(body));
    // A node that refuses the batch as a whole answers with one error.
    if (!Array.isArray(answer)) return requests.map(() => attempt(answer as RpcResponse));
    const results: unknown[] = requests.map(() => new NodeRpcError(-32603, "The node left this call unanswered"));
    for (const response of answer as RpcResponse[]) {
      const id = response?.id;
      if (typeof id === "number" && id in results) results[id] = attempt(response);
    }
    return results;
  }

  /** As `batch`, but the first error is thrown. */
  async all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    const results = await this.batch(requests);
    for (const result of results) if (result instanceof NodeRpcError) throw result;
    return results;
  }

  /** Closes the kept-alive connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #exchange(body: string): Promise<unknown> {
    const text = await this.#post(body);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new BropError("chain.unreachable", { reason: "the node answered no JSON" }, undefined, { cause });
    }
  }

  #post(body: string): Promise<string> {
    return this.#postBytes(Buffer.from(body), true);
  }

  #postBytes(bytes: Uint8Array, mayRetry: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) =>
        reject(new BropError("chain.unreachable", { reason: reasonOf(cause) }, undefined, { cause }));
      const headers = { "content-type": "application/json", "content-length": bytes.length };
      const request = this.#send({ ...this.#options, headers }, (response) => {
        const chunks: Uint8Array[] = [];
        let size = 0;
        response.on("data", (chunk: Uint8Array) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size <= this.#answerLimit) return;
          reject(new BropError("request.answer-too-large", { mostBytes: this.#answerLimit }));
          request.destroy();
        });
        response.on("error", fail);
        response.on("end", () => {
          if (!response.complete) return fail(new Error("the answer was cut off"));
          resolve(Buffer.concat(chunks).toString("utf8"));
        });
      });
      request.on("error", (error: NodeJS.ErrnoException) => {
        // The node closed a kept connection just when it was used again: a new one tells whether it is there.
        if (mayRetry && request.reusedSocket && error.code === "ECONNRESET") resolve(this.#postBytes(bytes, false));
        else fail(error);
      });
      request.on("timeout", () => request.destroy(new Error("no answer in time")));
      request.end(bytes);
    });
  }
}

function resultOf(response: RpcResponse): unknown {
  const result = attempt(response);
  if (result instanceof NodeRpcError) throw result;
  return result;
}

function attempt(response: RpcResponse): unknown {
  const error = response?.error;
  if (error === undefined || error === null) return response?.result;
  const code = typeof error.code === "number" ? error.code : -32603;
  return new NodeRpcError(
    code,
    typeof error.message === "string" ? error.message : "The node gave no reason",
    error.data,
  );
}

function findHex(value: unknown): string | undefined {
  if (typeof value === "string") return /0x(?:[0-9a-fA-F]{2})*$/.exec(value)?.[0];
  if (typeof value !== "object" || value === null) return undefined;
  return findHex((value as { data?: unknown }).data);
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? cause.message;
}
