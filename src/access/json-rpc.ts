import { NodeRpcError } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";

/** A caller that stays: a WebSocket. Calls over HTTP have none. */
export interface RpcConnection {
  /** Sends a notification, for example `eth_subscription`. */
  notify(method: string, params: unknown): void;
  /** Runs `end` when the connection is gone. */
  onClose(end: () => void): void;
}

/** One method of the interface. Throws BropError, or NodeRpcError to pass a node's error through. */
export type RpcMethod = (params: readonly unknown[], connection?: RpcConnection) => unknown;
export type RpcMethods = ReadonlyMap<string, RpcMethod>;

export interface RpcCall {
  id: string | number | null | undefined;
  method: string;
  params: readonly unknown[];
}

export interface RpcAnswer {
  jsonrpc: "2.0";
  id: string | number | null;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/**
 * Reads one call of JSON-RPC 2.0. Missing `params` are none.
 * @throws BropError `request.not-a-call`; `request.invalid` for named parameters, which Ethereum's methods do not have
 */
export function parseCall(request: unknown): RpcCall {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw new BropError("request.not-a-call", { reason: "must be an object" });
  }
  const { jsonrpc, id, method, params = [] } = request as Record<string, unknown>;
  if (jsonrpc !== "2.0") throw new BropError("request.not-a-call", { field: "jsonrpc", reason: 'must be "2.0"' });
  if (typeof method !== "string")
    throw new BropError("request.not-a-call", { field: "method", reason: "must be text" });
  if (!isId(id)) throw new BropError("request.not-a-call", { field: "id", reason: "must be text or a number" });
  if (!Array.isArray(params)) throw new BropError("request.invalid", { field: "params", reason: "must be an array" });
  return { id, method, params };
}

/** The id to answer a request with that may not even be a call. */
export function idOf(request: unknown): string | number | null {
  const id = typeof request === "object" && request !== null ? (request as { id?: unknown }).id : null;
  return isId(id) && id !== undefined ? id : null;
}

export function success(id: string | number | null, result: unknown): RpcAnswer {
  return { jsonrpc: "2.0", id, result: result ?? null };
}

/** The answer for anything thrown: a node's error as it came, everything else from the error table. */
export function failure(id: string | number | null, thrown: unknown): RpcAnswer {
  const error = thrown instanceof NodeRpcError ? thrown.toRpcError() : BropError.from(thrown).toRpcError();
  return { jsonrpc: "2.0", id, error };
}

function isId(id: unknown): id is string | number | null | undefined {
  return id === undefined || id === null || typeof id === "string" || typeof id === "number";
}
