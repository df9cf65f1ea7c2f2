import { AbiCoder, Interface, keccak256, Transaction, toUtf8Bytes } from "ethers";
import { USER_OPERATION_EVENT } from "../../src/chain/operation-events.ts";
import { type NodeRpc, NodeRpcError, type RpcRequest } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { decodeHandleOps } from "../../src/core/handle-ops.ts";
import { word } from "../../src/core/hex.ts";
import {
  ENTRY_POINT,
  type PackedUserOperation,
  type UserOperation,
  unpack,
  userOperationHash,
} from "../../src/core/user-operation.ts";

export const PRETEND_CHAIN_ID = 8420;

interface Block {
  number: number;
  hash: string;
  logs: { address: string; topics: string[]; data: string; blockNumber: string; transactionHash: string }[];
}

const errors = new Interface(["error FailedOp(uint256 opIndex, string reason)"]);
const quantity = (number: number) => `0x${number.toString(16)}`;
const words = (...values: (bigint | number)[]) => `0x${values.map((value) => word(value)).join("")}`;
const paddedAddress = (address: string) => `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;
const keyOf = (address: string) => address.toLowerCase();

/**
 * A chain in memory that mines when it is told to, with an EntryPoint that knows nonces and nothing else. As on Besu with
 * a gas price of zero, a transaction silently replaces another one of its nonce that waits.
 */
export class PretendChain {
  blockGasLimit = 200_000_000;
  /** Direct transactions a period of each relay; 0: not admitted. */
  allowances = new Map<string, number>();
  periodBlocks = 1_000;
  /** Why the node refuses transactions of an address. */
  refusals = new Map<string, string>();
  /** Addresses whose transactions are not mined. */
  frozen = new Set<string>();
  /** Every transaction that the node ever took, by sender and nonce: two in one place are a replacement. */
  readonly taken = new Map<string, Set<string>>();
  /** How often each operation was executed. */
  readonly executed = new Map<string, number>();
  readonly blocks: Block[] = [];
  readonly #pool = new Map<string, Transaction>();
  readonly #nonces = new Map<string, number>();
  readonly #countsAt: Map<string, number>[] = [];
  readonly #sequences = new Map<string, bigint>();
  readonly #mined = new Map<string, number>();

  constructor() {
    this.mine();
  }

  get head(): number {
    return this.blocks.length - 1;
  }

  get waiting(): Transaction[] {
    return [...this.#pool.values()];
  }

  /** Transactions that replaced another one. */
  get replacements(): string[] {
    return [...this.taken].filter(([, hashes]) => hashes.size > 1).map(([place]) => place);
  }

  mine(): void {
    const number = this.blocks.length;
    const block: Block = { number, hash: keccak256(toUtf8Bytes(`block ${number}`)), logs: [] };
    let gas = 0n;
    const waiting = [...this.#pool.values()].sort((a, b) => a.nonce - b.nonce);
    for (const transaction of waiting) {
      const from = keyOf(transaction.from as string);
      if (this.frozen.has(from) || transaction.nonce !== (this.#nonces.get(from) ?? 0)) continue;
      if (gas + transaction.gasLimit > BigInt(this.blockGasLimit)) continue;
      gas += transaction.gasLimit;
      this.#pool.delete(`${from}:${transaction.nonce}`);
      this.#nonces.set(from, transaction.nonce + 1);
      this.#mined.set(transaction.hash as string, number);
      this.#execute(transaction, block);
    }
    this.blocks.push(block);
    this.#countsAt.push(new Map(this.#nonces));
  }

  /** The node forgets what waits: evicted, or restarted. */
  losePool(): void {
    this.#pool.clear();
  }

  /** A transaction of somebody else's. */
  put(raw: string): string {
    const transaction = Transaction.from(raw);
    const from = keyOf(transaction.from as string);
    const hash = transaction.hash as string;
    const refusal = this.refusals.get(from);
    if (refusal !== undefined) throw new NodeRpcError(-32000, refusal);
    if (transaction.gasLimit > 16_777_216n) throw new NodeRpcError(-32005, "Transaction gas limit cap exceeded");
    if (transaction.nonce < (this.#nonces.get(from) ?? 0)) throw new NodeRpcError(-32001, "Nonce too low");
    const place = `${from}:${transaction.nonce}`;
    if (this.#pool.get(place)?.hash === hash) throw new NodeRpcError(-32000, "Known transaction");
    this.#pool.set(place, transaction);
    this.taken.set(place, (this.taken.get(place) ?? new Set()).add(hash));
    return hash;
  }

  answer(method: string, params: readonly unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return quantity(PRETEND_CHAIN_ID);
      case "eth_blockNumber":
        return quantity(this.head);
      case "eth_getBlockByNumber":
        return this.#header(params[0] as string);
      case "eth_getCode":
        return "0x60";
      case "eth_getTransactionCount":
        return quantity(this.#count(params[0] as string, params[1] as string));
      case "eth_sendRawTransaction":
        return this.put(params[0] as string);
      case "eth_getTransactionByHash":
        return this.#find(params[0] as string);
      case "eth_getLogs":
        return this.#logs(params[0] as { fromBlock: string; toBlock: string; topics: (string | string[])[] });
      case "eth_call":
        return this.#call(params[0] as { to: string; data: string });
      default:
        throw new NodeRpcError(-32601, `no ${method}`);
    }
  }

  #execute(transaction: Transaction, block: Block): void {
    const { operations } = decodeHandleOps(transaction.data) ?? { operations: [] };
    const before = new Map(this.#sequences);
    const logs: Block["logs"] = [];
    for (const packed of operations) {
      if (!this.#validate(packed, this.#sequences)) {
        // As a whole: EntryPoint validates all before it executes any.
        this.#sequences.clear();
        for (const [key, value] of before) this.#sequences.set(key, value);
        return;
      }
      const hash = userOperationHash(unpack(packed), ENTRY_POINT, PRETEND_CHAIN_ID);
      const topics = [USER_OPERATION_EVENT, hash, paddedAddress(packed.sender), words(0)];
      const place = { blockNumber: quantity(block.number), transactionHash: transaction.hash as string };
      logs.push({ address: ENTRY_POINT, topics, data: words(packed.nonce, 1, 0, 1), ...place });
    }
    block.logs.push(...logs);
    for (const { topics } of logs)
      this.executed.set(topics[1] as string, (this.executed.get(topics[1] as string) ?? 0) + 1);
  }

  #validate({ sender, nonce }: PackedUserOperation, sequences: Map<string, bigint>): boolean {
    const key = `${keyOf(sender)}:${nonce >> 64n}`;
    const next = sequences.get(key) ?? 0n;
    if ((nonce & 0xffffffffffffffffn) !== next) return false;
    sequences.set(key, next + 1n);
    return true;
  }

  #header(tag: string): object | null {
    const block = tag === "latest" ? this.blocks.at(-1) : this.blocks[Number(tag)];
    return block === undefined
      ? null
      : { number: quantity(block.number), hash: block.hash, gasLimit: quantity(this.blockGasLimit) };
  }

  #count(address: string, tag: string): number {
    const from = keyOf(address);
    if (tag !== "pending") {
      const counts = tag === "latest" ? this.#nonces : this.#countsAt[Number(tag)];
      if (counts === undefined) throw new NodeRpcError(-32000, "unknown block");
      return counts.get(from) ?? 0;
    }
    let next = this.#nonces.get(from) ?? 0;
    while (this.#pool.has(`${from}:${next}`)) next++;
    return next;
  }

  #find(hash: string): object | null {
    const mined = this.#mined.get(hash);
    if (mined !== undefined) return { hash, blockNumber: quantity(mined) };
    return this.waiting.some((transaction) => transaction.hash === hash) ? { hash, blockNumber: null } : null;
  }

  #logs({ fromBlock, toBlock, topics }: { fromBlock: string; toBlock: string; topics: (string | string[])[] }) {
    const to = toBlock === "latest" ? this.head : Number(toBlock);
    const logs = this.blocks.slice(Number(fromBlock), to + 1).flatMap((block) => block.logs);
    const hash = topics[1];
    return hash === undefined ? logs : logs.filter((log) => log.topics[1] === hash);
  }

  #call({ to, data }: { to: string; data: string }): string {
    if (to.toLowerCase() === SYSTEM_ADDRESSES.Admission.toLowerCase()) return this.#admission(data);
    // Everybody has plenty, and everything costs the same.
    if (to.toLowerCase() === SYSTEM_ADDRESSES.Quota.toLowerCase()) {
      return data.startsWith("0xcf57bd45") ? words(1_000) : words(10n ** 15n, 0);
    }
    if (data.startsWith("0x35567e1a")) {
      const key = `0x${data.slice(34, 74)}:${BigInt(`0x${data.slice(74)}`)}`;
      return words((BigInt(`0x${data.slice(74)}`) << 64n) | (this.#sequences.get(key) ?? 0n));
    }
    const { operations } = decodeHandleOps(data) ?? { operations: [] };
    const sequences = new Map(this.#sequences);
    const bad = operations.findIndex(
      (packed) => keyOf(packed.sender) === `0x${"ff".repeat(20)}` || !this.#validate(packed, sequences),
    );
    const reason = bad === operations.length - 1 ? "AA20 account not deployed" : "AA25 invalid account nonce";
    throw new NodeRpcError(3, "execution reverted", errors.encodeErrorResult("FailedOp", [bad, reason]));
  }

  #admission(data: string): string {
    if (data === "0x2a71222c") return words(this.periodBlocks);
    const allowance = this.allowances.get(keyOf(`0x${data.slice(34)}`)) ?? 0;
    const kind = allowance === 0 ? 0 : 3;
    return AbiCoder.defaultAbiCoder().encode(
      ["uint8", "uint48", "uint40", "address"],
      [kind, 0, allowance, ENTRY_POINT],
    );
  }
}

/** What stands between an access node and its chain or database; may throw before or after the call has its effect. */
export interface Obstacle {
  before?(what: string): Promise<void> | void;
  /** May also put another answer in its place. */
  after?(what: string, answer: unknown): Promise<unknown> | unknown;
}

/** A node of the chain, as an access node talks to it. */
export function pretendNode(chain: PretendChain, obstacle: Obstacle = {}): NodeRpc {
  const one = (method: string, params: readonly unknown[] = []) => {
    try {
      return chain.answer(method, params);
    } catch (error) {
      if (error instanceof NodeRpcError) return error;
      throw error;
    }
  };
  const exchange = async (what: string, work: () => unknown) => {
    await obstacle.before?.(what);
    await Promise.resolve();
    const answer = work();
    return obstacle.after === undefined ? answer : obstacle.after(what, answer);
  };
  const batch = async (requests: readonly RpcRequest[]): Promise<unknown[]> => {
    if (requests.length === 0) return [];
    const what = requests.map(({ method }) => method).join();
    return (await exchange(what, () => requests.map(({ method, params }) => one(method, params)))) as unknown[];
  };
  return {
    async call<Result>(method: string, params: readonly unknown[] = []) {
      const answer = await exchange(method, () => one(method, params));
      if (answer instanceof NodeRpcError) throw answer;
      return answer as Result;
    },
    batch,
    async all(requests) {
      const answers = await batch(requests);
      for (const answer of answers) if (answer instanceof NodeRpcError) throw answer;
      return answers;
    },
    close() {},
  };
}

/** The hash of an operation on this chain. */
export function pretendHash(operation: UserOperation): string {
  return userOperationHash(operation, ENTRY_POINT, PRETEND_CHAIN_ID);
}
