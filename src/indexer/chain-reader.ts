import type { RpcRequest } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";

/** What the indexer needs of a node's client; `RpcClient` has it. */
export interface ChainRpc {
  call<Result = unknown>(method: string, params?: readonly unknown[]): Promise<Result>;
  /** Results in the order of the requests; the first error is thrown. */
  all(requests: readonly RpcRequest[]): Promise<unknown[]>;
}

export interface RpcBlock {
  number: string;
  hash: string;
  parentHash: string;
  timestamp: string;
  miner: string;
  gasUsed: string;
  transactions: string[];
}

export interface RpcLog {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  transactionHash: string;
  logIndex: string;
}

export interface RpcReceipt {
  transactionHash: string;
  transactionIndex: string;
  blockHash: string;
  from: string;
  to: string | null;
  status: string;
  gasUsed: string;
  logs: RpcLog[];
}

export interface BlockWithReceipts {
  block: RpcBlock;
  receipts: RpcReceipt[];
}

/** Headers are small: this many in one exchange. */
const HEADERS_AT_ONCE = 200;
/** A range ends before it has more transactions or gas than this, so that a full chain is read in pieces that fit memory. */
const TRANSACTIONS_AT_ONCE = 2_000;
/** Of what can be had for gas, logs cost the least: 20,000 gas or more each in a contract that also stores something. */
const GAS_AT_ONCE = 150_000_000;
/** Nodes limit the range of one eth_getLogs. */
const LOG_RANGE = 5_000;

export async function readHead(rpc: ChainRpc): Promise<number> {
  return Number(await rpc.call<string>("eth_blockNumber"));
}

/** Hash of a block, undefined where the node has none. */
export async function readHash(rpc: ChainRpc, block: number): Promise<string | undefined> {
  const found = await rpc.call<RpcBlock | null>("eth_getBlockByNumber", [quantity(block), false]);
  return found?.hash;
}

/**
 * Headers of the blocks from `from` to at most `to`, at least one.
 * @throws BropError service.unavailable when the node no longer has the block
 */
export async function readHeaders(rpc: ChainRpc, from: number, to: number): Promise<RpcBlock[]> {
  const last = Math.min(to, from + HEADERS_AT_ONCE - 1);
  const numbers = Array.from({ length: last - from + 1 }, (_, index) => from + index);
  const blocks = (await rpc.all(
    numbers.map((number) => ({ method: "eth_getBlockByNumber", params: [quantity(number), false] })),
  )) as (RpcBlock | null)[];
  const end = blocks.indexOf(null);
  if (end === 0) throw changed("the node no longer has the block");
  return (end < 0 ? blocks : blocks.slice(0, end)) as RpcBlock[];
}

/** The blocks in ranges that are good to write at once, each of at least one block. */
export function cutRanges(blocks: readonly RpcBlock[]): RpcBlock[][] {
  const ranges: RpcBlock[][] = [];
  let [transactions, gas] = [0, 0];
  for (const block of blocks) {
    transactions += block.transactions.length;
    gas += Number(block.gasUsed);
    const full = transactions > TRANSACTIONS_AT_ONCE || gas > GAS_AT_ONCE;
    if (full || ranges.length === 0) {
      ranges.push([block]);
      [transactions, gas] = [block.transactions.length, Number(block.gasUsed)];
    } else {
      ranges.at(-1)?.push(block);
    }
  }
  return ranges;
}

/**
 * The blocks with all of their receipts. Receipts come instead of logs because they show that none is missing: as many
 * as the block has transactions, each naming the block's hash.
 *
 * @throws BropError service.unavailable when the chain changed meanwhile: to be read again
 */
export async function readReceipts(rpc: ChainRpc, blocks: readonly RpcBlock[]): Promise<BlockWithReceipts[]> {
  const busy = blocks.filter((block) => block.transactions.length > 0);
  const answers = (await rpc.all(
    busy.map((block) => ({ method: "eth_getBlockReceipts", params: [block.number] })),
  )) as (RpcReceipt[] | null)[];
  const receipts = new Map(busy.map((block, index) => [block, answers[index] ?? []]));
  return blocks.map((block) => complete(block, receipts.get(block) ?? []));
}

/** Logs of one contract in all blocks before `end`. */
export async function readLogsBefore(rpc: ChainRpc, address: string, end: number): Promise<RpcLog[]> {
  const logs: RpcLog[] = [];
  for (let from = 0; from < end; from += LOG_RANGE) {
    const filter = { address, fromBlock: quantity(from), toBlock: quantity(Math.min(end, from + LOG_RANGE) - 1) };
    logs.push(...(await rpc.call<RpcLog[]>("eth_getLogs", [filter])));
  }
  return logs;
}

function complete(block: RpcBlock, receipts: RpcReceipt[]): BlockWithReceipts {
  const whole = receipts.length === block.transactions.length && receipts.every((r) => r.blockHash === block.hash);
  if (!whole) throw changed(`block ${Number(block.number)} and its receipts do not belong together`);
  return { block, receipts };
}

function changed(reason: string): BropError {
  return new BropError("service.unavailable", { reason });
}

function quantity(number: number): string {
  return `0x${number.toString(16)}`;
}
