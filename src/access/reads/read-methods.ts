import { BropError } from "../../core/errors.ts";
import type { RpcMethod, RpcMethods } from "../json-rpc.ts";

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
/** Most logs in one answer. */
export const LOG_RESULT_LIMIT = 10_000;

export interface ReadMethodsOptions {
  /** Answers a read as the node would. */
  read: (method: string, params: readonly unknown[]) => Promise<unknown>;
  /** Height of the chain, for ranges that end at "latest". */
  head: () => number;
  /** Most blocks that one log search looks through, and most logs that it answers with. */
  logRange?: number | undefined;
  logResults?: number | undefined;
}

/** The read methods. */
export function readMethods({ read, head, ...limits }: ReadMethodsOptions): RpcMethods {
  const { logRange = LOG_RANGE_LIMIT, logResults = LOG_RESULT_LIMIT } = limits;
  const methods = new Map<string, RpcMethod>();
  const forward = (name: string, params: readonly unknown[]) => {
    checkDepth(params);
    return read(name, params);
  };
  for (const name of READS) methods.set(name, (params) => forward(name, params));
  // The gas price is zero on every BROP network, whatever a node suggests by default; wallets ask before they sign.
  methods.set("eth_gasPrice", () => "0x0");
  methods.set("eth_maxPriorityFeePerGas", () => "0x0");
  // The access node holds no keys for anybody.
  methods.set("eth_accounts", () => []);
  for (const name of ["eth_getLogs", "eth_newFilter"]) {
    methods.set(name, async (params) => {
      checkLogRange(params[0], head(), logRange);
      return checkLogs(await forward(name, params), logResults);
    });
  }
  methods.set("eth_getFilterLogs", async (params) => checkLogs(await forward("eth_getFilterLogs", params), logResults));
  return methods;
}

/** @throws BropError `request.answer-too-large` */
function checkLogs(result: unknown, most: number): unknown {
  if (!Array.isArray(result) || result.length <= most) return result;
  throw new BropError("request.answer-too-large", { logs: result.length, most });
}

/** Deepest parameter of any method: storage keys in an access list in a call. */
const MOST_DEPTH = 8;

/** @throws BropError `request.invalid`: what is nested more deeply than any method's parameters would cost the stack */
function checkDepth(params: readonly unknown[]): void {
  let level: unknown[] = [...params];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) throw new BropError("request.invalid", { field: "params", reason: "is nested too deeply" });
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
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
