import {
  type EventLog,
  logsOfOperation,
  readOperationEvents,
  USER_OPERATION_EVENT,
} from "../chain/operation-events.ts";
import { BropError } from "../core/errors.ts";
import { word } from "../core/hex.ts";
import { ENTRY_POINT } from "../core/user-operation.ts";
import { operationReverted } from "./errors.ts";

/** An operation to follow to its end. */
export interface FollowedOperation {
  hash: string;
  sender: string;
  nonce: bigint;
  /** Last block in which it can be included. */
  deadlineBlock: number;
  /** Sends it again, for when the access node that took it is gone. Its failure is none of the operation. */
  resend?: () => Promise<unknown>;
}

/** A bundle's receipt as JSON-RPC gives it. */
export interface RpcReceipt {
  logs: EventLog[];
  [member: string]: unknown;
}

/** The definite end of an operation (CH-5). A receipt means included; with an error beside it, its execution reverted. */
export interface OperationEnd {
  /** In the form of JSON-RPC: the operation's own logs, gas and status. */
  receipt?: RpcReceipt;
  error?: BropError;
}

/** Sends one JSON-RPC call. */
export type Send = (method: string, params: unknown[]) => Promise<unknown>;

interface Open extends FollowedOperation {
  /** Every block up to this one has been looked through for it. */
  scanned: number;
  /** Block from which on it is sent again, and the blocks until the time after that. */
  resendBlock: number;
  resendPause: number;
  resolve: (end: OperationEnd) => void;
}

/** Below what access nodes look through at once. */
const RANGE = 5_000;
const HASHES_A_CALL = 500;
const KEPT_ENDS = 10_000;
const LONGEST_PAUSE = 5_000;
/** Blocks after which an operation that is in none of them is sent again; then twice as many, and so on. */
const FIRST_RESEND = 8;
/** `getNonce(address,uint192)` */
const GET_NONCE = "0x35567e1a";

/**
 * Follows operations to their definite end by what stands on the chain: EntryPoint's event, or, once every block up to
 * the deadline is looked through, the unused serial. It asks one question a block for all operations together and does
 * not depend on the access node that took them.
 */
export class OperationFollower {
  readonly #send: Send;
  readonly #interval: number;
  readonly #open = new Map<string, Open>();
  readonly #ends = new Map<string, OperationEnd>();
  readonly #promises = new Map<string, Promise<OperationEnd>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  /** @param interval milliseconds between looks at the chain's height */
  constructor(send: Send, interval: number) {
    this.#send = send;
    this.#interval = interval;
  }

  /**
   * Begins to follow an operation that is about to be sent.
   * @param from height of the chain before it can have been sent: it is in none of the blocks up to there
   */
  follow(operation: FollowedOperation, from: number): Promise<OperationEnd> {
    const known = this.#promises.get(operation.hash);
    if (known !== undefined) return known;
    const promise = new Promise<OperationEnd>((resolve) => {
      this.#open.set(operation.hash, {
        ...{ ...operation, scanned: from, resolve },
        ...{ resendBlock: Number.POSITIVE_INFINITY, resendPause: FIRST_RESEND },
      });
    });
    this.#promises.set(operation.hash, promise);
    this.#schedule();
    return promise;
  }

  /** Gives up an operation that no access node took. */
  forget(hash: string): void {
    this.#open.delete(hash);
    this.#promises.delete(hash);
  }

  /** The end of an operation that is followed; undefined for any other. */
  end(hash: string): Promise<OperationEnd> | undefined {
    return this.#promises.get(hash);
  }

  /** The end, if it is there already. */
  endNow(hash: string): OperationEnd | undefined {
    return this.#ends.get(hash);
  }

  /**
   * Looks at the chain at once.
   * @returns true if the operation has been included
   */
  async isIncluded(hash: string): Promise<boolean> {
    await this.#look();
    return this.#ends.get(hash)?.receipt !== undefined;
  }

  /** Ends what is still awaited here; the operations themselves go on. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const operation of [...this.#open.values()]) {
      const reason = "the connection was closed before the operation ended";
      this.#finish(operation, { error: new BropError("service.unavailable", { operation: operation.hash, reason }) });
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#stopped || this.#open.size === 0) return;
    const pause = Math.min(this.#interval * 2 ** this.#failures, LONGEST_PAUSE);
    this.#timer = setTimeout(async () => {
      try {
        await this.#look();
        this.#failures = 0;
      } catch {
        // Nobody answers at the moment: an operation's end does not depend on us.
        this.#failures = Math.min(this.#failures + 1, 10);
      }
      this.#timer = undefined;
      this.#schedule();
    }, pause);
  }

  async #look(): Promise<void> {
    const head = Number(await this.#send("eth_blockNumber", []));
    const open = [...this.#open.values()];
    // A development chain may lose its last second: its blocks are made again.
    for (const operation of open) operation.scanned = Math.min(operation.scanned, head);
    for (let start = 0; start < open.length; start += HASHES_A_CALL) {
      await this.#scan(open.slice(start, start + HASHES_A_CALL), head);
    }
    const passed = open.filter(({ hash, scanned, deadlineBlock }) => this.#open.has(hash) && deadlineBlock <= scanned);
    await Promise.all(passed.map((operation) => this.#endPassed(operation)));
    for (const operation of this.#open.values()) this.#resend(operation, head);
  }

  /** The access node that took it may have died with it; another one takes it as well. */
  #resend(operation: Open, head: number): void {
    if (operation.resendBlock === Number.POSITIVE_INFINITY) operation.resendBlock = head + operation.resendPause;
    if (head < operation.resendBlock) return;
    operation.resendPause *= 2;
    operation.resendBlock = head + operation.resendPause;
    operation.resend?.().catch(() => undefined);
  }

  async #scan(operations: Open[], head: number): Promise<void> {
    const bundles = new Map<string, Promise<RpcReceipt | null>>();
    let from = Math.min(...operations.map(({ scanned }) => scanned)) + 1;
    for (; from <= head && !this.#stopped; from += RANGE) {
      const to = Math.min(head, from + RANGE - 1);
      const hashes = operations.map(({ hash }) => hash);
      for (const log of await this.#logs(hashes, from, to)) {
        const bundle = bundles.get(log.transactionHash) ?? this.#receipt(log.transactionHash);
        bundles.set(log.transactionHash, bundle);
        this.#include(log.topics[1] as string, await bundle);
      }
      for (const operation of operations) operation.scanned = Math.max(operation.scanned, to);
    }
  }

  #include(hash: string, bundle: RpcReceipt | null): void {
    const operation = this.#open.get(hash);
    if (operation === undefined || bundle === null) return;
    const event = readOperationEvents(bundle.logs).find((candidate) => candidate.hash === hash);
    if (event === undefined) return;
    const { success, actualGasUsed, revert } = event;
    const receipt: RpcReceipt = {
      ...bundle,
      transactionHash: hash,
      from: operation.sender,
      contractAddress: null,
      gasUsed: `0x${actualGasUsed.toString(16)}`,
      status: success ? "0x1" : "0x0",
      logs: logsOfOperation(bundle.logs, hash),
    };
    const details = { operation: hash, block: Number(bundle.blockNumber), transaction: bundle.transactionHash };
    this.#finish(operation, success ? { receipt } : { receipt, error: operationReverted(revert, details) });
  }

  /** Not found in any block that could hold it: the serial tells whether something else used it. */
  async #endPassed(operation: Open): Promise<void> {
    const { hash, sender, nonce, deadlineBlock: deadline } = operation;
    const key = nonce >> 64n;
    const data = GET_NONCE + sender.slice(2).toLowerCase().padStart(64, "0") + word(key);
    const next = BigInt((await this.#send("eth_call", [{ to: ENTRY_POINT, data }, "latest"])) as string);
    const used = (next & ((1n << 64n) - 1n)) > (nonce & ((1n << 64n) - 1n));
    const reason = await this.#lastReason(hash);
    const details = { operation: hash, deadline, ...(reason === undefined ? {} : { reason }) };
    this.#finish(operation, { error: new BropError(used ? "operation.displaced" : "operation.expired", details) });
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

  #finish(operation: Open, end: OperationEnd): void {
    this.#open.delete(operation.hash);
    this.#ends.set(operation.hash, end);
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= KEPT_ENDS) break;
      this.#ends.delete(oldest);
      this.#promises.delete(oldest);
    }
    operation.resolve(end);
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
