import { AbiCoder } from "ethers";
import { errorFromRevert } from "../../chain/contract-errors.ts";
import { type NodeRpc, NodeRpcError, type RpcRequest } from "../../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";
import { BropError } from "../../core/errors.ts";
import { decodeExecute, EXECUTE_SELECTOR, SINGLE_MODE } from "../../core/execution.ts";
import { word } from "../../core/hex.ts";
import type { OperationPool, PoolEntry } from "./operation-pool.ts";

/** Selector of `pointsOf(address)`. */
const POINTS_OF = "0xcf6a4403";
/** Selector of `priceOf(address,bytes)`. */
const PRICE_OF = "0xcf57bd45";
/** Selector of `shortfall(address,uint256)`. */
const SHORTFALL = "0xde0367b5";
const MOST_PRICES = 10_000;
const NEVER = 2n ** 256n - 1n;

/**
 * Keeps one account's waiting operations within its points together. Each alone passes validation; in one block the
 * later ones would fail and spoil the bundles that they are in.
 */
export class PointsLedger {
  readonly #rpc: NodeRpc;
  readonly #pool: OperationPool;
  /** By what the price depends on: functions called and bytes carried. Prices change by vote only. */
  readonly #prices = new Map<string, bigint>();
  readonly #costs = new WeakMap<PoolEntry, bigint>();

  constructor(rpc: NodeRpc, pool: OperationPool) {
    this.#rpc = rpc;
    this.#pool = pool;
  }

  /**
   * Which of these entries the account can not pay for beside those that wait already. The entries are in the pool,
   * not accepted yet.
   * @param block block whose inclusions the pool knows: points are read at the same one
   */
  async check(entries: readonly PoolEntry[], block: number): Promise<(BropError | undefined)[]> {
    // An account with one operation was judged by its validation.
    const senders = [...new Set(entries.map(({ operation }) => operation.sender))].filter(
      (sender) => this.#pool.ofSender(sender).size > 1,
    );
    if (senders.length === 0) return entries.map(() => undefined);
    const waiting = senders.flatMap((sender) => [...this.#pool.ofSender(sender)]);
    const available = await this.#read(senders, waiting, block);
    for (const entry of waiting) if (entry.accepted) this.#take(available, entry);
    return Promise.all(
      entries.map((entry) => {
        const left = available.get(entry.operation.sender);
        const cost = this.#costs.get(entry) ?? 0n;
        if (left === undefined || left >= cost) {
          this.#take(available, entry);
          return undefined;
        }
        return this.#exhausted(entry.operation.sender, cost, left);
      }),
    );
  }

  #take(available: Map<string, bigint>, entry: PoolEntry): void {
    const { sender } = entry.operation;
    const left = available.get(sender);
    if (left !== undefined) available.set(sender, left - (this.#costs.get(entry) ?? 0n));
  }

  /** Reads points of accounts, and prices that are not known yet, in one exchange. */
  async #read(senders: string[], waiting: PoolEntry[], block: number): Promise<Map<string, bigint>> {
    const unpriced = this.#unpriced(waiting);
    // Also at the latest block, which may have granted points or certified the account: then the pool has not heard of
    // what the same block included, and the larger number is the true one.
    const blocks = [`0x${block.toString(16)}`, "latest"];
    const results = await this.#rpc.batch([
      ...senders.flatMap((sender) => blocks.map((at) => quotaCall(POINTS_OF + addressWord(sender), at))),
      ...[...unpriced.values()].map((entry) => quotaCall(encodePriceOf(entry), "latest")),
    ]);
    const available = new Map<string, bigint>();
    for (const [index, sender] of senders.entries()) {
      for (const result of results.slice(index * 2, index * 2 + 2)) {
        if (result instanceof NodeRpcError) continue;
        // The sponsor pays first, and an operation is charged to one of the two as a whole.
        const points = decodeWords(result as string).reduce((sum, part) => sum + part, 0n);
        if (points > (available.get(sender) ?? -1n)) available.set(sender, points);
      }
    }
    for (const [index, shape] of [...unpriced.keys()].entries()) {
      const result = results[senders.length * 2 + index];
      if (!(result instanceof NodeRpcError)) this.#prices.set(shape, decodeWords(result as string)[0] ?? 0n);
    }
    for (const entry of waiting) {
      if (this.#costs.has(entry)) continue;
      const price = this.#prices.get(shapeOf(entry));
      if (price !== undefined) this.#costs.set(entry, price);
    }
    return available;
  }

  #unpriced(waiting: PoolEntry[]): Map<string, PoolEntry> {
    if (this.#prices.size > MOST_PRICES) this.#prices.clear();
    const unpriced = new Map<string, PoolEntry>();
    for (const entry of waiting) {
      if (this.#costs.has(entry)) continue;
      const shape = shapeOf(entry);
      const price = this.#prices.get(shape);
      if (price === undefined) unpriced.set(shape, entry);
      else this.#costs.set(entry, price);
    }
    return unpriced;
  }

  /** Asks the chain when what is missing will be there, counting the operations that wait. */
  async #exhausted(sender: string, cost: bigint, left: bigint): Promise<BropError> {
    const spoken = [...this.#pool.ofSender(sender)].filter(({ accepted }) => accepted);
    const waiting = spoken.reduce((sum, entry) => sum + (this.#costs.get(entry) ?? 0n), 0n);
    const data = SHORTFALL + addressWord(sender) + word(waiting + cost);
    const result = await this.#rpc.call<string>("eth_call", quotaCall(data, "latest").params).catch((error) => {
      if (error instanceof NodeRpcError) throw errorFromRevert(error.revertData ?? "0x");
      throw error;
    });
    const [, availableAtBlock] = decodeWords(result);
    return new BropError("quota.exhausted", {
      account: sender,
      missing: cost - (left > 0n ? left : 0n),
      availableAtBlock: availableAtBlock === NEVER ? "never" : availableAtBlock,
      waitingOperations: spoken.length,
    });
  }
}

// A single call in its usual form: selector, mode 0, offset 64, length; then target, value and the call's selector.
const SINGLE_CALL = `${EXECUTE_SELECTOR}${SINGLE_MODE.slice(2)}${word(64)}`;
const TARGET_AT = SINGLE_CALL.length + 64;
const DATA_AT = TARGET_AT + 40 + 64 + 8;

/** What a price depends on: targets, functions and the number of bytes. */
function shapeOf({ operation }: PoolEntry): string {
  const { callData } = operation;
  const account = operation.sender.slice(2).toLowerCase();
  // The usual case without taking the call apart: this is done for thousands of operations a second.
  if (callData.startsWith(SINGLE_CALL)) {
    const own = callData.startsWith(account, TARGET_AT) ? "itself" : "";
    return `${callData.length}:${own}${callData.slice(SINGLE_CALL.length, DATA_AT)}`;
  }
  const calls = decodeExecute(callData) ?? [];
  const functions = calls.map(({ target, data }) => {
    const own = target.slice(2).toLowerCase() === account;
    return `${own ? "itself" : target}${data.slice(0, 10)}`;
  });
  return `${callData.length}:${functions.join()}`;
}

function quotaCall(data: string, block: string): RpcRequest & { params: unknown[] } {
  return { method: "eth_call", params: [{ to: SYSTEM_ADDRESSES.Quota, data }, block] };
}

function encodePriceOf({ operation }: PoolEntry): string {
  const values = [operation.sender, operation.callData];
  return PRICE_OF + AbiCoder.defaultAbiCoder().encode(["address", "bytes"], values).slice(2);
}

function addressWord(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, "0");
}

function decodeWords(result: string): bigint[] {
  return (result.slice(2).match(/.{64}/g) ?? []).map((digits) => BigInt(`0x${digits}`));
}
