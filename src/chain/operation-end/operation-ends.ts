import type { EventLog } from "../operation-events.ts";

/** An operation whose end is asked for. */
export interface EndingOperation {
  hash: string;
  sender: string;
  nonce: bigint;
  /** Last block in which it can be included: the one in its nonce. */
  deadlineBlock: number;
  /** It is in no block up to this one, where that is known: height of the chain before it was first sent. */
  sentAfterBlock?: number;
}

/**
 * The definite end of an operation (CH-5).
 * - `included`: it is in this block and stays there. `success` tells whether its execution did what it should.
 * - `expired`: its serial was unused in a block past its deadline, so it can never be included. `block` is that block.
 * - `displaced`: the same account used its serial for another operation, so it can never be included either.
 */
export type OperationEnd = IncludedOperation | ExpiredOperation | DisplacedOperation;

export interface IncludedOperation {
  state: "included";
  block: number;
  transactionHash: string;
  success: boolean;
  receipt: OperationReceipt;
  /** Revert data of an execution without success, as `0x...`; absent where there is none. */
  reason?: string;
}

export interface ExpiredOperation {
  state: "expired";
  block: number;
}

export interface DisplacedOperation {
  state: "displaced";
  block: number;
  transactionHash: string;
  /** Hash of the operation in its place. */
  by: string;
}

/** What the bundle's receipt says of one operation. */
export interface OperationReceipt {
  gasUsed: bigint;
  /** The operation's own logs, not those of the rest of its bundle. */
  logs: readonly EventLog[];
}

/** Where operations' ends are read. */
export interface OperationEnds {
  /**
   * The ends that are certain by now, by operation hash. An operation that is not in the map has no definite end yet, or
   * none that could be proven: ask again after the next block. Never throws for a relay that lies or is silent.
   * @throws BropError `request.invalid` for an operation whose nonce is no random serial with that deadline
   */
  find(operations: readonly EndingOperation[]): Promise<Map<string, OperationEnd>>;
}
