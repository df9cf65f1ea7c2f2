import { isHexBytes } from "../../core/hex.ts";

/** Tells from a node's answer whether it will always be the answer. */
export type Keep = (result: unknown) => boolean;

/**
 * Blocks that a range of logs must lie behind the newest one: a node that is a little behind the others answers a range
 * that it does not have yet with fewer logs, not with an error.
 */
const SETTLED = 8;

const exists: Keep = (result) => result !== null && result !== undefined;
const isIncluded: Keep = (result) =>
  typeof result === "object" && result !== null && isHexBytes((result as { blockHash?: unknown }).blockHash, 32);

/** Methods whose first parameter is a block's or transaction's hash. */
const BY_HASH: Readonly<Record<string, Keep>> = {
  eth_getBlockByHash: exists,
  eth_getBlockReceipts: exists,
  eth_getBlockTransactionCountByHash: exists,
  eth_getTransactionByBlockHashAndIndex: exists,
  eth_getTransactionByHash: isIncluded,
  eth_getTransactionReceipt: isIncluded,
};

/** Methods that name a block by its number, or by hash as EIP-1898 has it, and the place of that parameter. */
const AT_BLOCK: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getBlockByNumber: 0,
  eth_getBlockReceipts: 0,
  eth_getBlockTransactionCountByNumber: 0,
  eth_getCode: 1,
  eth_getProof: 2,
  eth_getStorageAt: 2,
  eth_getTransactionByBlockNumberAndIndex: 0,
  eth_getTransactionCount: 1,
};

/**
 * Which answers to a call never change. With one-block finality (CH-1) that is all that is about a block which the chain
 * has, named by number or hash; never what is about "latest", and never null, which may become something.
 * @param head height of the chain
 * @returns undefined: the answer may change
 */
export function immutableAnswer(method: string, params: readonly unknown[], head: number): Keep | undefined {
  const byHash = Object.hasOwn(BY_HASH, method) ? BY_HASH[method] : undefined;
  if (byHash !== undefined && isHexBytes(params[0], 32)) return byHash;
  if (method === "eth_getLogs") return isSettled(params[0], head) ? exists : undefined;
  const place = Object.hasOwn(AT_BLOCK, method) ? AT_BLOCK[method] : undefined;
  return place !== undefined && isPast(params[place], head) ? exists : undefined;
}

function isPast(block: unknown, head: number): boolean {
  if (typeof block === "object" && block !== null) {
    const { blockHash, blockNumber } = block as { blockHash?: unknown; blockNumber?: unknown };
    return blockHash === undefined ? isPast(blockNumber, head) : isHexBytes(blockHash, 32);
  }
  const number = numberOf(block);
  return number !== undefined && number <= head;
}

function isSettled(filter: unknown, head: number): boolean {
  if (typeof filter !== "object" || filter === null) return false;
  const { blockHash, fromBlock, toBlock } = filter as Record<string, unknown>;
  if (blockHash !== undefined) return isHexBytes(blockHash, 32);
  const [from, to] = [numberOf(fromBlock), numberOf(toBlock)];
  return from !== undefined && to !== undefined && to <= head - SETTLED;
}

function numberOf(block: unknown): number | undefined {
  return typeof block === "string" && /^0x[0-9a-fA-F]{1,13}$/.test(block) ? Number(block) : undefined;
}
