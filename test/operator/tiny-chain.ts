import { getAddress, Interface, type InterfaceAbi, Transaction, toBeHex } from "ethers";
import { abi } from "../../generated/abi.ts";
import { type NodeRpc, NodeRpcError, type RpcRequest } from "../../src/chain/rpc-client.ts";

/** A transaction as it was taken: what a library would work out again each time is kept. */
export interface Sent {
  hash: string;
  from: string;
  nonce: number;
  to: string;
  data: string;
  gasLimit: bigint;
}

/** A transaction that is in a block. */
export interface Included {
  transaction: Sent;
  block: number;
  success: boolean;
}

const DIRECTORY = new Interface(abi.Directory as InterfaceAbi);
const TARGET = getAddress(`0x${"77".repeat(20)}`);
const HEAD = 100;

/**
 * A node in memory with Besu's hazard: at a gas price of zero a second transaction of a nonce replaces the first without a
 * word. What every contract answers is decided by the test.
 */
export class TinyChain implements NodeRpc {
  readonly included: Included[] = [];
  /** Transactions that another one with other bytes took the place of. */
  readonly replaced: Sent[] = [];
  /** Blocks come after so many questions. */
  questionsPerBlock = 6;
  /** Revert data of a call, or of a transaction while it is included; undefined: it succeeds. */
  refuses: (data: string, isInBlock: boolean) => string | undefined = () => undefined;
  /** What the node says to a transaction in place of taking it. */
  refusesToTake: string | undefined;
  readonly #pool = new Map<string, Sent>();
  #head = HEAD;
  #questions = 0;

  async call<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
    if (++this.#questions % this.questionsPerBlock === 0) this.mine();
    return this.#answer(method, params as unknown[]) as Result;
  }

  async batch(requests: readonly RpcRequest[]): Promise<unknown[]> {
    return Promise.all(
      requests.map(({ method, params }) =>
        this.call(method, params).catch((error: unknown) => {
          if (error instanceof NodeRpcError) return error;
          throw error;
        }),
      ),
    );
  }

  async all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    const results = await this.batch(requests);
    for (const result of results) if (result instanceof NodeRpcError) throw result;
    return results;
  }

  close(): void {
    // Nothing is open.
  }

  /** Makes a block of what can be included: each sender's transactions in the order of their nonces. */
  mine(): void {
    this.#head++;
    const waiting = [...this.#pool.entries()].sort(([, one], [, other]) => one.nonce - other.nonce);
    for (const [place, transaction] of waiting) {
      if (transaction.nonce !== this.#nonceOf(transaction.from)) continue;
      this.#pool.delete(place);
      const success = this.refuses(transaction.data, true) === undefined;
      this.included.push({ transaction, block: this.#head, success });
    }
  }

  /** Loses its newest blocks and its pool, as a development chain does when it is killed. */
  lose(blocks: number): void {
    this.#head -= blocks;
    this.#pool.clear();
    this.included.splice(0, this.included.length, ...this.included.filter(({ block }) => block <= this.#head));
  }

  /** Somebody else sends a transaction with a key. */
  take(raw: string): string {
    const { hash, from, nonce, to, data, gasLimit } = Transaction.from(raw);
    if (hash === null || from === null || to === null) throw new NodeRpcError(-32602, "Invalid transaction");
    const transaction = { hash, from, nonce, to, data, gasLimit };
    if (nonce < this.#nonceOf(from)) throw new NodeRpcError(-32000, "Nonce too low");
    const place = `${from} ${nonce}`;
    const former = this.#pool.get(place);
    if (former?.hash === hash) throw new NodeRpcError(-32000, "Known transaction");
    if (former !== undefined) this.replaced.push(former);
    this.#pool.set(place, transaction);
    return hash;
  }

  #answer(method: string, [first, second]: unknown[]): unknown {
    switch (method) {
      case "eth_blockNumber":
        return toBeHex(this.#head);
      case "eth_getTransactionCount": {
        const address = getAddress(first as string);
        const mined = this.#nonceOf(address);
        return toBeHex(second === "pending" ? this.#pendingNonce(address, mined) : mined);
      }
      case "eth_call":
        return this.#eth_call(first as { to: string; data: string }, second);
      case "eth_estimateGas":
        return toBeHex(60_000);
      case "eth_sendRawTransaction":
        if (this.refusesToTake !== undefined) throw new NodeRpcError(-32000, this.refusesToTake);
        return this.take(first as string);
      case "eth_getTransactionReceipt": {
        const found = this.#find(first as string);
        if (found === undefined) return null;
        return { status: found.success ? "0x1" : "0x0", blockNumber: toBeHex(found.block), logs: [] };
      }
      case "eth_getTransactionByHash": {
        const transaction = this.#find(first as string)?.transaction;
        if (transaction === undefined) return null;
        const { from, to, data, gasLimit } = transaction;
        return { from, to, input: data, gas: toBeHex(gasLimit) };
      }
      default:
        throw new NodeRpcError(-32601, `the method ${method} does not exist`);
    }
  }

  #eth_call({ data }: { to: string; data: string }, block: unknown): string {
    if (data.startsWith(DIRECTORY.getFunction("addressOf")?.selector ?? "")) {
      return DIRECTORY.encodeFunctionResult("addressOf", [TARGET]);
    }
    const revert = this.refuses(data, block !== "latest");
    if (revert !== undefined) throw new NodeRpcError(3, "execution reverted", revert);
    return "0x";
  }

  #find(hash: string): Included | undefined {
    return this.included.find(({ transaction }) => transaction.hash === hash);
  }

  #nonceOf(address: string): number {
    return this.included.filter(({ transaction }) => transaction.from === address).length;
  }

  #pendingNonce(address: string, mined: number): number {
    let next = mined;
    while (this.#pool.has(`${address} ${next}`)) next++;
    return next;
  }
}
