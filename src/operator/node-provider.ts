import { JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult, Network } from "ethers";
import { type NodeRpc, NodeRpcError } from "../chain/rpc-client.ts";

/** ethers over the client of the services, so that both see the same node in the same way. */
export class NodeProvider extends JsonRpcApiProvider {
  readonly #rpc: NodeRpc;

  constructor(rpc: NodeRpc, chainId: number) {
    super(chainId, { staticNetwork: Network.from(chainId), cacheTimeout: -1, batchMaxCount: 100 });
    this.#rpc = rpc;
    this._start();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const calls = [payload].flat();
    const requests = calls.map(({ method, params }) => ({ method, params: params as unknown[] }));
    const results = await this.#rpc.batch(requests);
    // ethers reads errors from such members; its types know of results only.
    return results.map((result, index) => {
      const { id } = calls[index] as JsonRpcPayload;
      return (result instanceof NodeRpcError ? { id, error: result.toRpcError() } : { id, result }) as JsonRpcResult;
    });
  }
}
