import {
  type EventLog,
  logsOfOperation,
  readOperationEvents,
  USER_OPERATION_EVENT,
} from "../chain/operation-events.ts";
import { BropError } from "../core/errors.ts";
import { word } from "../core/hex.ts";
import { ENTRY_POINT } from "../core/user-operation.ts";
import { bropErrorFrom, operationReverted } from "./errors.ts";
import type { FollowedOperation, Look, OperationEnd, OperationTransport, RpcReceipt } from "./operation-transport.ts";

/** Sends one JSON-RPC call. */
export type Send = (method: string, params: unknown[]) => Promise<unknown>;

/** Below what access nodes look through at once. */
const RANGE = 5_000;
const HASHES_A_CALL = 500;
/** `getNonce(address,uint192)` */
const GET_NONCE = "0x35567e1a";

/**
 * Ends as a node says them that is believed: one's own, or a development chain's. They are read from what stands on the
 * chain: EntryPoint's event, or, once every block up to the deadline is looked through, the unused serial. It asks one
 * question a block for all operations together and does not depend on the access node that took them.
 */
export class TrustedTransport implements OperationTransport {
  readonly #send: Send;
  /** Every block up to this one has been looked through for the operation. */
  #scanned = new Map<string, number>();

  constructor(send: Send) {
    this.#send = send;
  }

  async head(): Promise<number> {
    try {
      return Number(await this.#send("eth_blockNumber", []));
    } catch (error) {
      throw bropErrorFrom(error);
    }
  }

  async send(_hash: string, operation: Record<string, unknown>): Promise<void> {
    try {
      await this.#send("eth_sendUserOperation", [operation, ENTRY_POINT]);
    } catch (error) {
      throw bropErrorFrom(error);
    }
  }

  /** The access node that took it may have died with it; another one takes it as well. */
  sendAgain(hash: string, operation: Record<string, unknown>): Promise<void> {
    return this.send(hash, operation);
  }

  async look(operations: readonly FollowedOperation[]): Promise<Look> {
    const head = Number(await this.#send("eth_blockNumber", []));
    const ends = new Map<string, OperationEnd>();
    // A development chain may lose its last second: its blocks are made again.
    const scanned = operations.map(
      ({ hash, sentAfterBlock }) => [hash, Math.min(this.#scanned.get(hash) ?? sentAfterBlock, head)] as const,
    );
    this.#scanned = new Map(scanned);
    for (let start = 0; start < operations.length; start += HASHES_A_CALL) {
      await this.#scan(operations.slice(start, start + HASHES_A_CALL), head, ends);
    }
    const passed = operations.filter(
      ({ hash, deadlineBlock }) => !ends.has(hash) && deadlineBlock <= (this.#scanned.get(hash) ?? 0),
    );
    await Promise.all(passed.map(async (operation) => ends.set(operation.hash, await this.#endPassed(operation))));
    return { head, ends };
  }

  async #scan(operations: readonly FollowedOperation[], head: number, ends: Map<string, OperationEnd>): Promise<void> {
    const wanted = new Map(operations.map((operation) => [operation.hash, operation]));
    const bundles = new Map<string, Promise<RpcReceipt | null>>();
    let from = Math.min(...operations.map(({ hash }) => this.#scanned.get(hash) ?? 0)) + 1;
    for (; from <= head; from += RANGE) {
      const to = Math.min(head, from + RANGE - 1);
      for (const log of await this.#logs([...wanted.keys()], from, to)) {
        const bundle = bundles.get(log.transactionHash) ?? this.#receipt(log.transactionHash);
        bundles.set(log.transactionHash, bundle);
        const operation = wanted.get(log.topics[1] as string);
        const end = operation === undefined ? undefined : inclusionIn(operation, await bundle);
        if (operation !== undefined && end !== undefined) ends.set(operation.hash, end);
      }
      for (const { hash } of operations) this.#scanned.set(hash, Math.max(this.#scanned.get(hash) ?? 0, to));
    }
  }

  /** Not found in any block that could hold it: the serial tells whether something else used it. */
  async #endPassed({ hash, sender, nonce, deadlineBlock: deadline }: FollowedOperation): Promise<OperationEnd> {
    const key = nonce >> 64n;
    const data = GET_NONCE + sender.slice(2).toLowerCase().padStart(64, "0") + word(key);
    const next = BigInt((await this.#send("eth_call", [{ to: ENTRY_POINT, data }, "latest"])) as string);
    const used = (next & ((1n << 64n) - 1n)) > (nonce & ((1n << 64n) - 1n));
    const reason = await this.#lastReason(hash);
    const details = { operation: hash, deadline, ...(reason === undefined ? {} : { reason }) };
    return { error: new BropError(used ? "operation.displaced" : "operation.expired", details) };
  }

  /** Why the access node left it out, if it remembers. */
  async #lastReason(hash: string): Promise<unknown> {
    try {
      const status = (await this.#send("brop_getOperationStatus", [hash])) as { reason?: { message?: unknown } } | null;
      return status?.reason?.message;
    } catch {
      // A plain node knows no such method.
      return undefined;
    }
  }

  async #logs(hashes: string[], from: number, to: number): Promise<EventLog[]> {
    const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
    const filter = { ...range, address: ENTRY_POINT, topics: [USER_OPERATION_EVENT, hashes] };
    return (await this.#send("eth_getLogs", [filter])) as EventLog[];
  }

  async #receipt(transaction: string): Promise<RpcReceipt | null> {
    return (await this.#send("eth_getTransactionReceipt", [transaction])) as RpcReceipt | null;
  }
}

function inclusionIn({ hash, sender }: FollowedOperation, bundle: RpcReceipt | null): OperationEnd | undefined {
  const event = readOperationEvents(bundle?.logs ?? []).find((candidate) => candidate.hash === hash);
  if (bundle === null || event === undefined) return undefined;
  const { success, actualGasUsed, revert } = event;
  const receipt: RpcReceipt = {
    ...bundle,
    transactionHash: hash,
    from: sender,
    contractAddress: null,
    gasUsed: `0x${actualGasUsed.toString(16)}`,
    status: success ? "0x1" : "0x0",
    logs: logsOfOperation(bundle.logs, hash),
  };
  const details = { operation: hash, block: Number(bundle.blockNumber), transaction: bundle.transactionHash };
  return success ? { receipt } : { receipt, error: operationReverted(revert, details) };
}
