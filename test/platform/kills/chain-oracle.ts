import { RpcClient } from "../../../src/chain/rpc-client.ts";
import { ENTRY_POINT } from "../../../src/core/user-operation.ts";

interface OracleLog {
  address: string;
  topics: string[];
  blockNumber: string;
  logIndex: string;
  transactionHash: string;
}

/** What the chain's node itself says, which nobody kills. */
export interface ChainStory {
  head: number;
  /** Included operations by hash. */
  included: Map<string, { block: number; transaction: string }>;
  /** Operations that the chain has more than once. */
  twice: string[];
  /** Identifiers of events in order: blocks, included operations, records. */
  events: { id: string; block: number; log: number; type: string }[];
}

/** Topic of `UserOperationEvent`. */
const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";

/** Reads the whole chain by its logs. @param records address of Records; @param recorded topic of `Recorded` */
export async function readStory(url: string, records: string, recorded: string): Promise<ChainStory> {
  const rpc = new RpcClient(url);
  try {
    const head = Number(await rpc.call("eth_blockNumber"));
    const numbers = Array.from({ length: head + 1 }, (_, number) => `0x${number.toString(16)}`);
    const blocks = (await rpc.all(
      numbers.map((number) => ({ method: "eth_getBlockByNumber", params: [number, false] })),
    )) as { hash: string }[];
    const story: ChainStory = { head, included: new Map(), twice: [], events: [] };
    for (const [number, { hash }] of blocks.entries()) {
      const logs = await rpc.call<OracleLog[]>("eth_getLogs", [{ blockHash: hash }]);
      const add = (type: string, log: number) => {
        story.events.push({ id: `${number}-${log}-${hash.slice(2, 10)}`, block: number, log, type });
      };
      for (const log of logs) {
        const address = log.address.toLowerCase();
        if (address === ENTRY_POINT.toLowerCase() && log.topics[0] === USER_OPERATION_EVENT) {
          const operation = log.topics[1] as string;
          if (story.included.has(operation)) story.twice.push(operation);
          story.included.set(operation, { block: number, transaction: log.transactionHash });
          add("operation.included", Number(log.logIndex));
        }
        if (address === records.toLowerCase() && log.topics[0] === recorded) {
          add("records.recorded", Number(log.logIndex));
        }
      }
      add("block.added", logs.length);
    }
    return story;
  } finally {
    rpc.close();
  }
}
