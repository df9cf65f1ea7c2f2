import type { Clock } from "../core/clock.ts";
import type { BropError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import type { ChainRpc } from "./chain-reader.ts";

export interface IndexerOptions {
  rpc: ChainRpc;
  db: Database;
  /** The chain may lose its last blocks (CH-1 rules it out for a real network): rows are taken back, not refused. */
  development?: boolean;
  logger?: Logger;
  clock?: Clock;
  /** Called after the rows of blocks were written, up to `block`. */
  onIndexed?: (block: number) => void;
  /** Called after rows above `block` were taken back. */
  onRewind?: (block: number) => void;
  /** Milliseconds between two looks at the head. */
  pollInterval?: number;
  /** Writes what is told of operations that expired in a range of blocks. */
  announceExpired?: (tx: Database, first: number, last: number) => Promise<void>;
}

export interface IndexerStatus {
  chainId: number | null;
  /** Newest block of the node, as last seen. */
  head: number | null;
  /** Newest block whose rows are in the database; -1: none yet. */
  indexed: number;
  running: boolean;
  /** Why it does not go on, or is trying again. */
  error: BropError | null;
  /** While it is far behind: seconds until it is not, at the pace since it was started. */
  secondsLeft?: number | null;
  /** Newest block of a new index that is being made beside this one. */
  rebuilt?: number | null;
}

export interface Indexer {
  /**
   * Checks that the node has the chain of the database, then follows it until `stop`.
   * @throws BropError chain.wrong, chain.mismatch, chain.unreachable
   */
  start(): Promise<void>;
  /** Finishes what is being written. */
  stop(): Promise<void>;
  /**
   * Resolves when `block` is indexed.
   * @throws BropError when the indexer ends before that
   */
  caughtUp(block: number): Promise<void>;
  status(): IndexerStatus;
}
