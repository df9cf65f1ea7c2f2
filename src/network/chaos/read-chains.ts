import { USER_OPERATION_EVENT } from "../../chain/operation-events.ts";
import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { ENTRY_POINT } from "../../core/user-operation.ts";
import { NodeReader } from "../local/node-reader.ts";
import { consensusOf } from "../local/status.ts";
import type { Trial } from "../local/trial.ts";
import type { NodeChain, Place } from "./check.ts";

/** How long nodes may take to have the same chain after the last fault. */
const PATIENCE_MS = 300_000;
const POLL_MS = 500;
/** Blocks asked about at once. */
const RANGE = 500;

interface EventLog {
  topics: string[];
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
  logIndex: string;
}

/** What the chain itself says about a run. */
export interface Blocks {
  from: number;
  to: number;
  /** Blocks that took more than one round. */
  laterRounds: number;
  /** Longest time between two blocks, seconds. */
  longestGap: number;
}

/**
 * Waits until every node has a block that was made after the call, and reads all their chains up to it.
 * @param from first block of interest
 * @throws BropError `network.stalled` with the nodes that stay behind
 */
export async function readChains(
  trial: Trial,
  from: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ chains: NodeChain[]; blocks: Blocks }> {
  const readers = trial.record.nodes.map((node) => new NodeReader(node));
  try {
    const common = await untilTogether(readers, clock, signal);
    const chains = await Promise.all(readers.map((reader) => readChain(reader, from, common)));
    return { chains, blocks: await readBlocks(readers[0] as NodeReader, from, common) };
  } finally {
    for (const reader of readers) reader.close();
  }
}

async function untilTogether(readers: readonly NodeReader[], clock: Clock, signal: AbortSignal): Promise<number> {
  const deadline = clock.now() + PATIENCE_MS;
  const headsNow = () => Promise.all(readers.map((reader) => reader.head().catch(() => -1)));
  const goal = Math.max(...(await headsNow())) + 1;
  for (;;) {
    signal.throwIfAborted();
    const heads = await headsNow();
    if (heads.every((head) => head >= goal)) return goal;
    if (clock.now() > deadline) {
      const behind = readers.flatMap(({ node }, at) => ((heads[at] as number) < goal ? [node.name] : []));
      const reason = `${behind.join(", ")} did not reach block ${goal} within ${PATIENCE_MS / 1000} s`;
      throw new BropError("network.stalled", { reason, nodes: behind }, `The network stands still: ${reason}`);
    }
    await clock.sleep(POLL_MS, signal);
  }
}

async function readChain(reader: NodeReader, from: number, to: number): Promise<NodeChain> {
  const operations = new Map<string, Place[]>();
  for (let first = from; first <= to; first += RANGE) {
    const range = { fromBlock: hex(first), toBlock: hex(Math.min(to, first + RANGE - 1)) };
    const logs = await reader.rpc.call<EventLog[]>("eth_getLogs", [
      { ...range, address: ENTRY_POINT, topics: [USER_OPERATION_EVENT] },
    ]);
    for (const log of logs) {
      const operation = log.topics[1] as string;
      const { blockHash, transactionHash } = log;
      const numbers = { blockNumber: Number(log.blockNumber), logIndex: Number(log.logIndex) };
      operations.set(operation, [...(operations.get(operation) ?? []), { ...numbers, blockHash, transactionHash }]);
    }
  }
  const [head, { hash }] = [await reader.head(), await reader.block(to)];
  return { node: reader.node.name, head, commonHash: hash, operations };
}

async function readBlocks(reader: NodeReader, from: number, to: number): Promise<Blocks> {
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const blocks = [];
  for (const number of numbers) blocks.push(await reader.block(number));
  const laterRounds = blocks.filter(({ extraData }) => consensusOf(extraData).round > 0).length;
  const times = blocks.map(({ timestamp }) => Number(timestamp));
  const longestGap = Math.max(0, ...times.slice(1).map((time, at) => time - (times[at] as number)));
  return { from, to, laterRounds, longestGap };
}

const hex = (number: number) => `0x${number.toString(16)}`;
