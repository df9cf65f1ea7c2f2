import { decodeRlp, getAddress, toNumber } from "ethers";
import { RpcClient } from "../../chain/rpc-client.ts";
import type { NetworkNode } from "../record.ts";
import { processOf } from "./nodes.ts";
import { servicesProcess, servicesUrl } from "./services.ts";
import { rpcUrl, type Trial } from "./trial.ts";

/** How one node does. Members are undefined where it does not answer. */
export interface NodeStatus {
  name: string;
  kind: string;
  address: string;
  /** Number of its process on this machine. */
  process: number | undefined;
  block?: number;
  /** Seconds since its newest block. */
  age?: number;
  /** Who proposed that block, by name where it is a node of the network. */
  proposer?: string;
  /** Round in which it was agreed on; 0 when the first proposer did it. */
  round?: number;
  /** Seals on it at this node, and how many validators there are now. */
  seals?: number;
  validators?: number;
  peers?: number;
  /** Transactions in its pool. */
  pool?: number;
}

export interface NetworkStatus {
  network: string;
  chainId: number;
  nodes: NodeStatus[];
  services: { url: string | undefined; process: number | undefined };
}

/** How every node of the network does at this moment. */
export async function statusOf(trial: Trial): Promise<NetworkStatus> {
  const { record } = trial;
  const nodes = await Promise.all(record.nodes.map((node) => nodeStatus(trial, node)));
  const services = { url: servicesUrl(trial), process: servicesProcess(trial) };
  return { network: record.name, chainId: record.chainId, nodes, services };
}

interface Block {
  number: string;
  timestamp: string;
  miner: string;
  extraData: string;
}

async function nodeStatus(trial: Trial, node: NetworkNode): Promise<NodeStatus> {
  const { name, kind, address } = node;
  const known = { name, kind, address, process: processOf(trial, node) };
  const rpc = new RpcClient(rpcUrl(node), { timeout: 3_000 });
  try {
    const [block, peers, validators, pool] = (await rpc.all([
      { method: "eth_getBlockByNumber", params: ["latest", false] },
      { method: "net_peerCount" },
      { method: "qbft_getValidatorsByBlockNumber", params: ["latest"] },
      { method: "txpool_besuStatistics" },
    ])) as [Block, string, string[], { localCount: number; remoteCount: number }];
    const { round, seals } = consensusOf(block.extraData);
    return {
      ...known,
      block: Number(block.number),
      age: Math.max(0, Math.floor(Date.now() / 1000) - Number(block.timestamp)),
      proposer: nameOf(trial, block.miner),
      ...{ round, seals },
      validators: validators.length,
      peers: Number(peers),
      pool: pool.localCount + pool.remoteCount,
    };
  } catch {
    return known;
  } finally {
    rpc.close();
  }
}

/** A QBFT block's own words: `rlp([vanity, validators, vote, round, seals])`. */
export function consensusOf(extraData: string): { round: number; seals: number } {
  const [, , , round, seals] = decodeRlp(extraData) as [string, unknown, unknown, string, string[]];
  return { round: round === "0x" ? 0 : toNumber(round), seals: seals.length };
}

function nameOf({ record }: Trial, proposer: string): string {
  const address = getAddress(proposer);
  return record.nodes.find((node) => node.address === address)?.name ?? address;
}
