import type { NodeRpc } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import type { RpcMethod, RpcMethods } from "./json-rpc.ts";

/** Methods that only read: they go to the node as they are, and its answers come back as they are. */
const READS = [
  "eth_blockNumber",
  "eth_call",
  "eth_chainId",
  "eth_createAccessList",
  "eth_estimateGas",
  "eth_feeHistory",
  "eth_getBalance",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getBlockReceipts",
  "eth_getBlockTransactionCountByHash",
  "eth_getBlockTransactionCountByNumber",
  "eth_getCode",
  // Filters live in the node; ethers watches events with them over HTTP.
  "eth_getFilterChanges",
  "eth_getFilterLogs",
  "eth_getProof",
  "eth_getStorageAt",
  "eth_getTransactionByBlockHashAndIndex",
  "eth_getTransactionByBlockNumberAndIndex",
  "eth_getTransactionByHash",
  "eth_getTransactionCount",
  "eth_getTransactionReceipt",
  "eth_newBlockFilter",
  "eth_syncing",
  "eth_uninstallFilter",
  "net_version",
  "web3_clientVersion",
] as const;

/** Most blocks that one `eth_getLogs` may look through. */
export const LOG_RANGE_LIMIT = 10_000;

/**
 * The read methods.
 * @param head height of the chain, for ranges that end at "latest"
 */
export function readMethods(rpc: NodeRpc, head: () => number, logRangeLimit = LOG_RANGE_LIMIT): RpcMethods {
  const methods = new Map<string, RpcMethod>();
  for (const name of READS) methods.set(name, (params) => rpc.call(name, params));
  // The gas price is zero on every BROP network, whatever a node suggests by default; wallets ask before they sign.
  methods.set("eth_gasPrice", () => "0x0");
  methods.set("eth_maxPriorityFeePerGas", () => "0x0");
  // The access node holds no keys for anybody.
  methods.set("eth_accounts", () => []);
  for (const name of ["eth_getLogs", "eth_newFilter"]) {
    methods.set(name, (params) => {
      checkLogRange(params[0], head(), logRangeLimit);
      return rpc.call(name, params);
    });
  }
  return methods;
}

/** @throws BropError `request.invalid` for what is no filter, `request.range-too-large` */
export function checkLogRange(filter: unknown, head: number, limit: number): void {
  if (typeof filter !== "object" || filter === null || Array.isArray(filter)) {
    throw new BropError("request.invalid", { field: "filter", reason: "must be an object" });
  }
  const { blockHash, fromBlock, toBlock } = filter as Record<string, unknown>;
  if (blockHash !== undefined && blockHash !== null) return;
  const from = blockOf(fromBlock, "fromBlock", head);
  const to = blockOf(toBlock, "toBlock", head);
  const blocks = to - from + 1;
  if (blocks > limit) throw new BropError("request.range-too-large", { blocks, most: limit });
}

function blockOf(value: unknown, field: string, head: number): number {
  if (value === undefined || value === null) return head;
  if (value === "earliest") return 0;
  // One-block finality: the latest block is safe and final.
  if (typeof value === "string" && ["latest", "pending", "safe", "finalized"].includes(value)) return head;
  const number = typeof value === "string" && /^0x[0-9a-fA-F]{1,13}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number))
    throw new BropError("request.invalid", { field, reason: "must be a block number or a tag" });
  return Math.min(number, head);
}

const REFUSED_NAMESPACES = new Set(
  "admin anvil clique debug eea engine erigon evm hardhat ibft miner ots perm personal plugins priv qbft shh trace txpool".split(
    " ",
  ),
);
const REFUSED = new Set([
  "eth_coinbase",
  "eth_getWork",
  "eth_hashrate",
  "eth_mining",
  "eth_newPendingTransactionFilter",
  "eth_sendRawTransactionSync",
  "eth_sendTransaction",
  "eth_sendUnsignedTransaction",
  "eth_sign",
  "eth_signTransaction",
  "eth_signTypedData",
  "eth_signTypedData_v3",
  "eth_signTypedData_v4",
  "eth_submitHashrate",
  "eth_submitWork",
]);

/** True for a method that exists elsewhere and is deliberately not offered here. */
export function isRefusedMethod(name: string): boolean {
  return REFUSED.has(name) || (name.includes("_") && REFUSED_NAMESPACES.has(name.slice(0, name.indexOf("_"))));
}
