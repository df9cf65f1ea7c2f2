import { bytesToHex } from "../../core/hex.ts";
import { blockHash } from "../../core/qbft/header.ts";
import type { Receipt } from "../../core/receipt.ts";
import { type EventLog, logsOfOperation, type OperationEvent, readOperationEvents } from "../operation-events.ts";
import type { Ask } from "../relays/relay.ts";
import type { SealedChain } from "../sealed-chain.ts";
import type { IncludedOperation } from "./operation-ends.ts";

/** A log with its place, every member of it proven. */
export interface ProvenLog extends EventLog {
  blockHash: string;
  transactionIndex: number;
  /** Place among the logs of the block, from 0. */
  logIndex: number;
}

/** An operation that is proven to be included, with what its bundle's receipt says. */
export interface ProvenInclusion extends IncludedOperation {
  blockHash: string;
  transactionIndex: number;
  /** Of the bundle. */
  bundle: Receipt;
  receipt: { gasUsed: bigint; logs: readonly ProvenLog[] };
}

interface Inclusion {
  event: OperationEvent;
  index: number;
}

/** The operations of one block, proven whole: receipts and transactions against a sealed header. */
export class ProvenBlock {
  readonly number: number;
  readonly #hash: string;
  readonly #receipts: readonly Receipt[];
  readonly #logs: readonly ProvenLog[][];
  readonly #inclusions: readonly Inclusion[];

  private constructor(number: number, hash: string, receipts: readonly Receipt[], transactions: readonly string[]) {
    this.number = number;
    this.#hash = hash;
    this.#receipts = receipts;
    this.#logs = placeLogs(number, hash, receipts, transactions);
    this.#inclusions = this.#logs.flatMap((logs, index) =>
      readOperationEvents(logs).map((event) => ({ event, index })),
    );
  }

  /** @throws as `SealedChain.header` */
  static async read(chain: SealedChain, ask: Ask, number: number): Promise<ProvenBlock> {
    const header = await chain.header(ask, number);
    const [receipts, transactions] = await Promise.all([
      chain.receipts(ask, header),
      chain.transactionHashes(ask, header),
    ]);
    return new ProvenBlock(number, bytesToHex(blockHash(header)), receipts, transactions);
  }

  /** The operation with this hash; undefined where the block does not include it. */
  inclusionOf(hash: string): ProvenInclusion | undefined {
    const found = this.#inclusions.find(({ event }) => event.hash === hash);
    return found === undefined ? undefined : this.#show(found);
  }

  /** The operation that used this serial here; undefined for none. */
  operationUsing(sender: string, nonce: bigint): OperationEvent | undefined {
    const account = sender.toLowerCase();
    return this.#inclusions.find(({ event }) => event.sender === account && event.nonce === nonce)?.event;
  }

  #show({ event, index }: Inclusion): ProvenInclusion {
    const { hash, success, actualGasUsed, revert, transactionHash } = event;
    return {
      state: "included",
      block: this.number,
      blockHash: this.#hash,
      transactionHash,
      transactionIndex: index,
      success,
      bundle: this.#receipts[index] as Receipt,
      receipt: { gasUsed: actualGasUsed, logs: logsOfOperation(this.#logs[index] as ProvenLog[], hash) },
      ...(success || revert === undefined ? {} : { reason: revert }),
    };
  }
}

function placeLogs(
  number: number,
  hash: string,
  receipts: readonly Receipt[],
  transactions: readonly string[],
): ProvenLog[][] {
  const blockNumber = `0x${number.toString(16)}`;
  let logIndex = 0;
  return receipts.map(({ logs }, transactionIndex) => {
    const place = {
      blockNumber,
      blockHash: hash,
      transactionHash: transactions[transactionIndex] ?? "",
      transactionIndex,
    };
    return logs.map((log) => ({ ...log, ...place, logIndex: logIndex++ }));
  });
}
