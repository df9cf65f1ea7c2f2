import type { EventLog } from "../chain/operation-events.ts";
import type { BropError } from "../core/errors.ts";

/** An operation to follow to its end. */
export interface FollowedOperation {
  hash: string;
  sender: string;
  nonce: bigint;
  /** Last block in which it can be included. */
  deadlineBlock: number;
  /** Height of the chain before it can have been sent: it is in none of the blocks up to there. */
  sentAfterBlock: number;
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

/** What a look at the chain showed. */
export interface Look {
  /** Height of the chain. */
  head: number;
  /** Ends by operation hash; what is not there has none yet. */
  ends: ReadonlyMap<string, OperationEnd>;
}

/** How operations get to a network, and how their ends come back. */
export interface OperationTransport {
  /** Height of the chain. @throws BropError `chain.unreachable` */
  head(): Promise<number>;
  /**
   * Hands an operation over.
   * @param operation in the form of JSON-RPC
   * @throws BropError why it is refused
   */
  send(hash: string, operation: Record<string, unknown>): Promise<void>;
  /** Hands an operation over again that is in no block after some time. Its failure is none of the operation. */
  sendAgain(hash: string, operation: Record<string, unknown>): Promise<void>;
  /**
   * Looks for ends.
   * @param operations all that are followed at the moment
   * @throws BropError when nobody answers
   */
  look(operations: readonly FollowedOperation[]): Promise<Look>;
}
