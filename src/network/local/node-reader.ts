import { RpcClient } from "../../chain/rpc-client.ts";
import type { NetworkNode } from "../record.ts";
import { rpcUrl } from "./trial.ts";

const TIMEOUT_MS = 10_000;

/** What stands on one node's chain, in that node's own words. */
export class NodeReader {
  readonly node: NetworkNode;
  readonly rpc: RpcClient;

  constructor(node: NetworkNode) {
    this.node = node;
    this.rpc = new RpcClient(rpcUrl(node), { timeout: TIMEOUT_MS });
  }

  async head(): Promise<number> {
    return Number(await this.rpc.call<string>("eth_blockNumber"));
  }

  /** @throws when the node has no such block */
  async block(number: number): Promise<{ hash: string; extraData: string; timestamp: string }> {
    const block = await this.rpc.call<{ hash: string; extraData: string; timestamp: string } | null>(
      "eth_getBlockByNumber",
      [`0x${number.toString(16)}`, false],
    );
    if (block === null) throw new Error(`${this.node.name} has no block ${number}`);
    return block;
  }

  close(): void {
    this.rpc.close();
  }
}
