import { id as hashText, Interface, toBeHex, ZeroAddress } from "ethers";
import { abi } from "../../generated/abi.ts";
import { NodeRpcError, type RpcRequest } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import type { ChainRpc, RpcBlock, RpcLog, RpcReceipt } from "../../src/indexer/chain-reader.ts";

export type Contract = keyof typeof abi;

/** One event that a fake transaction emits; encoded by ethers, independently of the indexer's decoder. */
export interface FakeEvent {
  address: string;
  contract: Contract;
  event: string;
  values: readonly unknown[];
}

interface FakeBlock {
  block: RpcBlock;
  receipts: RpcReceipt[];
}

const interfaces = new Map<string, Interface>();
const GENESIS_TIME = 1_800_000_000;

/** A chain in memory that answers like a node. Equal blocks get equal hashes; `fork` makes the same block another one. */
export class FakeChain implements ChainRpc {
  chainId = 8420;
  #blocks: FakeBlock[] = [];
  /** Throws from the next calls, for as long as it gives an error. */
  fault: (method: string) => Error | undefined = () => undefined;
  readonly calls: string[] = [];

  constructor(name = "fake") {
    this.mine([], name);
  }

  get head(): number {
    return this.#blocks.length - 1;
  }

  blockHash(number: number): string {
    return this.#blocks[number]?.block.hash ?? "";
  }

  timeOf(number: number): number {
    return Number(this.#blocks[number]?.block.timestamp);
  }

  /** Adds a block with one transaction for each list of events. */
  mine(transactions: readonly FakeEvent[][], fork = ""): number {
    const number = this.#blocks.length;
    const parent = this.#blocks.at(-1)?.block;
    const hash = hashText(`${parent?.hash} ${number} ${JSON.stringify(transactions, plain)} ${fork}`);
    const hashes = transactions.map((_, index) => hashText(`${hash} ${index}`));
    let logIndex = 0;
    const receipts = transactions.map((events, index): RpcReceipt => {
      const transactionHash = hashes[index] as string;
      const logs = events.map((event) => encode(event, number, transactionHash, logIndex++));
      return {
        transactionHash,
        transactionIndex: toQuantity(index),
        blockHash: hash,
        from: address(900 + index),
        to: SYSTEM_ADDRESSES.EntryPoint.toLowerCase(),
        status: "0x1",
        gasUsed: toQuantity(21_000 + index),
        logs,
      };
    });
    const block: RpcBlock = {
      number: toQuantity(number),
      hash,
      parentHash: parent?.hash ?? `0x${"0".repeat(64)}`,
      timestamp: toQuantity(GENESIS_TIME + 3 * number),
      miner: ZeroAddress,
      gasUsed: toQuantity(21_000 * receipts.length),
      transactions: hashes,
    };
    this.#blocks.push({ block, receipts });
    return number;
  }

  /** Forgets the blocks above `number`. */
  goBack(number: number): void {
    this.#blocks = this.#blocks.slice(0, number + 1);
  }

  /** The same chain as far as `number`. */
  copy(number = this.head): FakeChain {
    const copy = new FakeChain();
    copy.#blocks = this.#blocks.slice(0, number + 1);
    return copy;
  }

  async call<Result = unknown>(method: string, params: readonly unknown[] = []): Promise<Result> {
    this.calls.push(method);
    const fault = this.fault(method);
    if (fault !== undefined) throw fault;
    return structuredClone(this.#answer(method, params)) as Result;
  }

  async all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    return Promise.all(requests.map(({ method, params }) => this.call(method, params)));
  }

  #answer(method: string, params: readonly unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return toQuantity(this.chainId);
      case "eth_blockNumber":
        return toQuantity(this.head);
      case "eth_getBlockByNumber":
        return this.#blocks[Number(params[0])]?.block ?? null;
      case "eth_getBlockReceipts":
        return this.#blocks[Number(params[0])]?.receipts ?? null;
      case "eth_getCode":
        return "0x";
      case "eth_getLogs":
        return this.#logs(params[0] as { address: string; fromBlock: string; toBlock: string });
      default:
        throw new NodeRpcError(-32601, `no method ${method}`);
    }
  }

  #logs({ address, fromBlock, toBlock }: { address: string; fromBlock: string; toBlock: string }): RpcLog[] {
    return this.#blocks
      .slice(Number(fromBlock), Number(toBlock) + 1)
      .flatMap(({ receipts }) => receipts.flatMap(({ logs }) => logs))
      .filter((log) => log.address === address.toLowerCase());
  }
}

/** A made-up address of a person or contract. */
export function address(number: number): string {
  return toBeHex((0xa0n << 152n) + BigInt(number), 20);
}

/** A made-up digest. */
export function digest(text: string | number): string {
  return hashText(String(text));
}

/** The log that a contract writes. */
export function encode(
  { address, contract, event, values }: FakeEvent,
  block: number,
  transaction: string,
  index: number,
): RpcLog {
  let face = interfaces.get(contract);
  if (face === undefined) {
    face = new Interface(abi[contract]);
    interfaces.set(contract, face);
  }
  const { data, topics } = face.encodeEventLog(event, values);
  return {
    address: address.toLowerCase(),
    topics: topics as string[],
    data,
    blockNumber: toQuantity(block),
    transactionHash: transaction,
    logIndex: toQuantity(index),
  };
}

export function toQuantity(value: number): string {
  return `0x${value.toString(16)}`;
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
