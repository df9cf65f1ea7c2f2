import { AbiCoder, Transaction } from "ethers";
import { type NodeRpc, NodeRpcError, type RpcRequest } from "../../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { BropError } from "../../../src/core/errors.ts";
import { ENTRY_POINT } from "../../../src/core/user-operation.ts";
import type { RpcLog } from "../../../src/indexer/chain-reader.ts";
import { toQuantity } from "../../indexer/fake-chain.ts";
import type { SimulatedProcess, Timing } from "../machine/simulated-process.ts";
import type { ConsortiumChain } from "./consortium-chain.ts";
import { bundleOf, CHAIN_ID, priceOf, words } from "./entry-point.ts";

const RELAY = 3;
const TIMEOUT = 30_000;
const coder = AbiCoder.defaultAbiCoder();

/** Answers JSON-RPC as a node does that knows the chain up to a height. */
class View {
  readonly #chain: ConsortiumChain;
  readonly #height: number;
  readonly #behind: boolean;

  constructor(chain: ConsortiumChain, height: number) {
    this.#chain = chain;
    this.#height = height;
    this.#behind = height < chain.head;
  }

  answer(method: string, params: readonly unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return toQuantity(CHAIN_ID);
      case "eth_blockNumber":
        return toQuantity(this.#height);
      case "eth_getBlockByNumber":
        return this.#block(params[0])?.block ?? null;
      case "eth_getBlockReceipts":
        return this.#block(params[0])?.receipts ?? null;
      case "eth_getCode":
        return this.#chain.entryPoint.hasCode(String(params[0]), this.#height) ? "0x60" : "0x";
      case "eth_getLogs":
        return this.#logs(params[0] as LogFilter);
      case "eth_getTransactionByHash":
        return this.#transaction(String(params[0]));
      case "eth_getTransactionReceipt":
        return this.#receipt(String(params[0]));
      case "eth_getTransactionCount":
        return toQuantity(this.#count(String(params[0]), params[1]));
      case "eth_sendRawTransaction":
        return this.#send(String(params[0]));
      case "eth_call":
        return this.#call(params[0] as { to: string; data: string }, this.#number(params[1]));
      default:
        throw new NodeRpcError(-32601, `Method not found: ${method}`);
    }
  }

  #number(tag: unknown): number {
    if (tag === "latest" || tag === "pending") return this.#height;
    const number = Number(tag);
    if (number > this.#height) throw new NodeRpcError(-39001, "Unknown block");
    return number;
  }

  #block(tag: unknown) {
    const number = tag === "latest" ? this.#height : Number(tag);
    return number <= this.#height ? this.#chain.blocks[number] : undefined;
  }

  #logs({ address, topics = [], fromBlock, toBlock }: LogFilter): RpcLog[] {
    const last = toBlock === "latest" ? this.#height : Math.min(Number(toBlock), this.#height);
    return this.#chain.blocks
      .slice(Number(fromBlock), last + 1)
      .flatMap(({ receipts }) => receipts.flatMap(({ logs }) => logs))
      .filter((log) => log.address === address.toLowerCase())
      .filter((log) =>
        topics.every((wanted, place) => wanted === null || [wanted].flat().includes(log.topics[place] ?? "")),
      );
  }

  #transaction(hash: string): object | null {
    const mined = this.#chain.mined.get(hash);
    if (mined !== undefined && mined.block <= this.#height) {
      return { hash, input: mined.data, blockNumber: toQuantity(mined.block) };
    }
    // A node that is behind has not taken the block's transactions out of its pool yet.
    const waiting = mined ?? this.#chain.pool.find((transaction) => transaction.hash === hash);
    return waiting === undefined ? null : { hash, input: waiting.data, blockNumber: null };
  }

  #receipt(hash: string): object | null {
    const mined = this.#chain.mined.get(hash);
    return mined !== undefined && mined.block <= this.#height ? mined.receipt : null;
  }

  #count(from: string, tag: unknown): number {
    if (tag === "pending" && !this.#behind) return this.#chain.pendingCount(from);
    return this.#chain.transactionCount(from, this.#number(tag));
  }

  #send(raw: string): string {
    const transaction = Transaction.from(raw);
    const { hash, from, nonce, data, gasLimit } = transaction;
    const refusal = this.#chain.send({
      ...{ hash: String(hash), from: String(from), nonce, data, gas: Number(gasLimit) },
    });
    if (refusal !== undefined) throw new NodeRpcError(-32000, refusal);
    return String(hash);
  }

  #call({ to, data }: { to: string; data: string }, block: number): string {
    const { entryPoint, allowance } = this.#chain;
    const argument = (index: number) => `0x${data.slice(10 + 64 * index, 74 + 64 * index)}`;
    const account = `0x${data.slice(34, 74)}`;
    switch (`${to.toLowerCase()} ${data.slice(0, 10)}`) {
      case `${ENTRY_POINT.toLowerCase()} 0x765e827f`: {
        const refusal = entryPoint.validate(bundleOf(data), block, block);
        if (refusal !== undefined) throw new NodeRpcError(3, "execution reverted", refusal.data);
        return "0x";
      }
      case `${ENTRY_POINT.toLowerCase()} 0x35567e1a`:
        return words(entryPoint.nonce(account, BigInt(argument(1)), block));
      case `${SYSTEM_ADDRESSES.Admission.toLowerCase()} 0xc177a97e`:
        return coder.encode(["uint8", "uint48", "uint40", "address"], [RELAY, 0, allowance.transactions, ENTRY_POINT]);
      case `${SYSTEM_ADDRESSES.Admission.toLowerCase()} 0x2a71222c`:
        return words(allowance.period);
      case `${SYSTEM_ADDRESSES.Quota.toLowerCase()} 0xcf6a4403`:
        return words(entryPoint.points(account, block), 0);
      case `${SYSTEM_ADDRESSES.Quota.toLowerCase()} 0xcf57bd45`:
        return words(priceOf(String(coder.decode(["address", "bytes"], `0x${data.slice(10)}`)[1])));
      case `${SYSTEM_ADDRESSES.Quota.toLowerCase()} 0xde0367b5`: {
        const needed = Number(argument(1));
        const at = entryPoint.affordableAt(account, needed, block);
        return words(Math.max(0, needed - entryPoint.points(account, block)), at ?? 2n ** 256n - 1n);
      }
      default:
        if (entryPoint.hasCode(to, block)) return entryPoint.tryOut(to, data);
        throw new Error(`the simulated chain has no contract for ${to} ${data.slice(0, 10)}`);
    }
  }
}

interface LogFilter {
  address: string;
  topics?: (string | string[] | null)[];
  fromBlock: string;
  toBlock: string;
}

/** A process's connection to the chain's node, with everything that goes wrong on the way. */
export function connectNode(chain: ConsortiumChain, process: SimulatedProcess): NodeRpc {
  const { world } = process;
  const { random } = world;

  async function exchange(requests: readonly RpcRequest[]): Promise<unknown[]> {
    if (requests.length === 0) return [];
    const there = random.next() * 10;
    const names = [...new Set(requests.map(({ method }) => method))].join(", ");
    const what = `rpc ${names}${requests.length > 1 ? ` x${requests.length}` : ""}`;
    const onItsWay = { onItsWay: random.chance(0.5) };
    return process.io(what, there, (timing) => serve(requests, timing), onItsWay);
  }

  function serve(requests: readonly RpcRequest[], timing: Timing): unknown[] {
    timing.back = random.next() * 10;
    if (world.fails("rpcSlow")) timing.back = random.integer(500, 10_000);
    if (world.fails("rpcUnreachable")) {
      world.count("rpc errors");
      if (random.chance(0.3)) timing.back = TIMEOUT;
      throw unreachable();
    }
    const behind = world.fails("rpcStale") ? random.integer(1, 3) : 0;
    const view = new View(chain, Math.max(0, chain.head - behind));
    const results = requests.map(({ method, params = [] }) => attempt(view, method, params));
    if (world.fails("rpcError")) {
      world.count("rpc errors");
      results[random.integer(0, results.length - 1)] = new NodeRpcError(-32603, "Internal error");
    }
    if (world.fails("rpcLost")) {
      world.count("rpc errors");
      throw unreachable();
    }
    if (behind > 0) world.count("answers of a node behind");
    return results;
  }

  async function all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    const results = await exchange(requests);
    for (const result of results) if (result instanceof NodeRpcError) throw result;
    return results;
  }

  return {
    batch: exchange,
    all,
    call: async <Result>(method: string, params: readonly unknown[] = []) =>
      (await all([{ method, params }]))[0] as Result,
    close: () => undefined,
  };
}

function attempt(view: View, method: string, params: readonly unknown[]): unknown {
  try {
    return structuredClone(view.answer(method, params));
  } catch (error) {
    if (error instanceof NodeRpcError) return error;
    throw error;
  }
}

function unreachable(): BropError {
  return new BropError("chain.unreachable", { reason: "simulated" });
}
