import { id as hashText, ZeroAddress } from "ethers";
import { ENTRY_POINT, type PackedUserOperation } from "../../../src/core/user-operation.ts";
import type { RpcBlock, RpcLog, RpcReceipt } from "../../../src/indexer/chain-reader.ts";
import { encode, type FakeEvent, toQuantity } from "../../indexer/fake-chain.ts";
import type { Random } from "../random.ts";
import { bundleOf, EntryPoint, type IncludedOperation } from "./entry-point.ts";
import { Histories } from "./history.ts";

/** A transaction that waits for a block. */
export interface PendingTransaction {
  hash: string;
  from: string;
  nonce: number;
  gas: number;
  /** Call data of `handleOps`; or what the operator's transaction does. */
  data: string;
  does?: (block: number) => FakeEvent[];
}

export interface MinedTransaction extends PendingTransaction {
  block: number;
  receipt: RpcReceipt;
}

/** An operation in its block. */
export interface Inclusion extends IncludedOperation {
  block: number;
  transaction: string;
}

export interface ChainBlock {
  block: RpcBlock & { gasLimit: string };
  receipts: RpcReceipt[];
}

export const BLOCK_GAS_LIMIT = 60_000_000;
/** Direct transactions of a relay, and blocks of the period in which it may send them. */
export interface Allowance {
  transactions: number;
  period: number;
}

/** A chain with final blocks (QBFT), its pool and its contracts. */
export class ConsortiumChain {
  readonly entryPoint = new EntryPoint();
  readonly blocks: ChainBlock[] = [];
  readonly inclusions = new Map<string, Inclusion>();
  /** `sender nonce` -> hash of the operation that used it. */
  readonly usedNonces = new Map<string, string>();
  readonly mined = new Map<string, MinedTransaction>();
  pool: PendingTransaction[] = [];
  /** Bundles in which an operation did not validate. */
  reverted = 0;
  readonly allowance: Allowance;
  readonly #counts = new Histories<number>();

  constructor(genesisTime: number, allowance: Allowance) {
    this.allowance = allowance;
    this.mine(genesisTime);
  }

  get head(): number {
    return this.blocks.length - 1;
  }

  /** Transactions that an address had sent after a block. */
  transactionCount(from: string, block: number): number {
    return this.#counts.at(from.toLowerCase(), block) ?? 0;
  }

  /** With those that wait without a gap. */
  pendingCount(from: string): number {
    let count = this.transactionCount(from, this.head);
    while (this.pool.some((waiting) => waiting.from === from && waiting.nonce === count)) count++;
    return count;
  }

  /** @returns why the node does not take it */
  send(transaction: PendingTransaction): string | undefined {
    const { from, nonce, hash } = transaction;
    if (nonce < this.transactionCount(from, this.head)) return "Nonce too low";
    if (this.pool.some((waiting) => waiting.hash === hash)) return "Known transaction";
    // Without fees nothing tells which of two is worth more: the later one takes the place.
    this.pool = this.pool.filter((waiting) => waiting.from !== from || waiting.nonce !== nonce);
    this.pool.push(transaction);
    return undefined;
  }

  /** Forgets one of a sender's waiting transactions. @returns whether there was one */
  lose(from: string, random: Random): boolean {
    const own = this.pool.filter((transaction) => transaction.from === from);
    if (own.length === 0) return false;
    const lost = random.pick(own);
    this.pool = this.pool.filter((transaction) => transaction !== lost);
    return true;
  }

  /** Adds a block with what the pool has and fits. @param time seconds */
  mine(time: number): void {
    const number = this.blocks.length;
    const parent = this.blocks.at(-1)?.block;
    const timestamp = parent === undefined ? time : Math.max(Number(parent.timestamp) + 1, time);
    const chosen = this.#choose(number);
    const hash = hashText(`${parent?.hash} ${number} ${timestamp} ${chosen.map((transaction) => transaction.hash)}`);
    let logIndex = 0;
    const receipts = chosen.map((transaction, index) => {
      const { events, success } = this.#apply(transaction, number);
      const { from, hash: transactionHash } = transaction;
      const logs = events.map((event): RpcLog => encode(event, number, transactionHash, logIndex++));
      const receipt: RpcReceipt & { blockNumber: string } = {
        ...{ transactionHash, transactionIndex: toQuantity(index), blockHash: hash, blockNumber: toQuantity(number) },
        ...{ from: from.toLowerCase(), to: ENTRY_POINT.toLowerCase(), status: success ? "0x1" : "0x0" },
        ...{ gasUsed: toQuantity(21_000 + 90_000 * logs.length), logs },
      };
      this.mined.set(transactionHash, { ...transaction, block: number, receipt });
      return receipt;
    });
    this.blocks.push({
      block: {
        ...{ number: toQuantity(number), hash, parentHash: parent?.hash ?? `0x${"0".repeat(64)}` },
        ...{ timestamp: toQuantity(timestamp), miner: ZeroAddress, gasLimit: toQuantity(BLOCK_GAS_LIMIT) },
        gasUsed: toQuantity(receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0)),
        transactions: receipts.map(({ transactionHash }) => transactionHash),
      },
      receipts,
    });
  }

  /** Of each sender in the order of nonces, as long as gas and the sender's allowance last. */
  #choose(number: number): PendingTransaction[] {
    const chosen: PendingTransaction[] = [];
    const counts = new Map<string, number>();
    let gas = 0;
    for (let found = true; found; ) {
      found = false;
      for (const transaction of this.pool) {
        const { from, nonce } = transaction;
        const count = counts.get(from) ?? this.transactionCount(from, number - 1);
        const fits = gas + transaction.gas <= BLOCK_GAS_LIMIT && this.#mayStillSend(transaction, count, number);
        if (nonce !== count || !fits || chosen.includes(transaction)) continue;
        chosen.push(transaction);
        counts.set(from, count + 1);
        gas += transaction.gas;
        found = true;
      }
    }
    this.pool = this.pool.filter((transaction) => !chosen.includes(transaction));
    for (const [from, count] of counts) this.#counts.set(from.toLowerCase(), number, count);
    return chosen;
  }

  #mayStillSend({ from, does }: PendingTransaction, count: number, number: number): boolean {
    if (does !== undefined) return true;
    const start = Math.floor(number / this.allowance.period) * this.allowance.period;
    return count - this.transactionCount(from, start - 1) < this.allowance.transactions;
  }

  #apply({ data, does, hash }: PendingTransaction, block: number): { events: FakeEvent[]; success: boolean } {
    if (does !== undefined) return { events: does(block), success: true };
    const operations = bundleOf(data);
    if (this.entryPoint.validate(operations, block, block) !== undefined) {
      this.reverted++;
      return { events: [], success: false };
    }
    return { events: this.#include(operations, block, hash), success: true };
  }

  #include(operations: readonly PackedUserOperation[], block: number, transaction: string): FakeEvent[] {
    const { events, ends } = this.entryPoint.run(operations, block);
    for (const end of ends) {
      const place = `${end.sender} ${end.nonce}`;
      if (this.usedNonces.has(place)) throw new Error("the simulated EntryPoint used a nonce twice");
      this.usedNonces.set(place, end.hash);
      this.inclusions.set(end.hash, { ...end, block, transaction });
    }
    return events;
  }
}
