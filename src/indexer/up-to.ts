import type { RpcRequest } from "../chain/rpc-client.ts";
import type { ChainRpc } from "./chain-reader.ts";

/** The node, as if its newest block were at most this one. */
export function upTo(rpc: ChainRpc, newest: () => number): ChainRpc {
  return {
    async call<Result>(method: string, params?: readonly unknown[]) {
      const result = await rpc.call<Result>(method, params);
      if (method !== "eth_blockNumber") return result;
      return `0x${Math.max(0, Math.min(Number(result), newest())).toString(16)}` as Result;
    },
    all: (requests: readonly RpcRequest[]) => rpc.all(requests),
  };
}
