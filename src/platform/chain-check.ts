import type { RpcClient } from "../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { BropError } from "../core/errors.ts";

/**
 * Makes sure that a node has the expected BROP chain.
 *
 * @returns whether it is a development chain, which may lose its newest blocks when it is killed
 * @throws BropError `chain.unreachable`, `chain.wrong`
 */
export async function checkChain(rpc: RpcClient, chainId: number): Promise<{ development: boolean; head: number }> {
  const [found, directory, client, head] = (await rpc.all([
    { method: "eth_chainId" },
    { method: "eth_getCode", params: [SYSTEM_ADDRESSES.Directory, "latest"] },
    { method: "web3_clientVersion" },
    { method: "eth_blockNumber" },
  ])) as [string, string, string, string];
  if (Number(found) !== chainId) {
    const words = `The node has chain ${Number(found)}, and chain ${chainId} is asked for: correct --rpc or --chain-id`;
    throw new BropError("chain.wrong", { chainId: Number(found), expectedChainId: chainId }, words);
  }
  if (directory === "0x") throw new BropError("chain.wrong", { reason: "there is no Directory on this chain" });
  return { development: client.startsWith("anvil/"), head: Number(head) };
}
