import type { BundleRequest } from "../chain/bundle/build-bundle.ts";
import type { Bundle } from "../core/bundle/bundle.ts";
import type { QbftHeader } from "../core/qbft/header.ts";
import type { Indexer } from "../indexer/indexer-options.ts";
import type { ActContext } from "../operator/act-kind.ts";
import type { Retrieval } from "../retrieval/retrieval.ts";
import type { Database } from "../store/database.ts";
import type { TimestampClient } from "../timestamp/client/timestamp-client.ts";
import type { BatchIntake } from "../uplink/batch/intake.ts";
import type { ContractBook } from "../uplink/forms/contract-book.ts";
import type { Submissions } from "../uplink/submissions.ts";
import type { EndWaiter } from "../uplink/waiting.ts";
import type { HostingContext } from "./files/hosting-context.ts";
import type { Rates } from "./limits/rate-limits.ts";
import type { RowProof } from "./shapes/data.ts";
import type { SignIn } from "./sign-in/sign-in.ts";

/** Where acts of the operator are asked for. */
export interface OperatorDesk {
  at: ActContext;
  /** Whether another person has to confirm each act. */
  needsConfirmation: boolean;
  /** Tells whoever carries acts out that there is something to do. */
  nudge: () => void;
}

/** Where records are taken that are to be anchored many at a time. */
export interface BatchContext {
  intake: BatchIntake;
  /** Blocks for which records gather. */
  interval: number;
}

/** What the routes of the uplink work with. */
export interface UplinkContext {
  submissions: Submissions;
  book: ContractBook;
  waiter: EndWaiter;
  batches: BatchContext;
  /** Tells the uplink of this process, if it runs here, that something was handed over. */
  handedOver: () => void;
}

/** Where records are stamped. */
export interface TimestampDesk {
  client: Pick<TimestampClient, "stamp">;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What the routes work with. */
export interface ApiContext {
  db: Database;
  signIn: SignIn;
  /** Business data of partners. */
  retrieval: Retrieval;
  /** Proves that a transaction is on the chain; undefined where this process does not reach a node. */
  receiptProof?: (transactionHash: string) => Promise<RowProof>;
  /** Builds proof bundles from a node's answers; undefined where this process does not reach one. */
  bundle?: (request: BundleRequest) => Promise<Bundle>;
  /**
   * Header of a block with its seals, undefined where blocks are not sealed; undefined itself where this process does
   * not reach a node.
   */
  header?: (blockNumber: number) => Promise<QbftHeader | undefined>;
  /** Requests a minute; without it there are no limits. */
  rates?: Rates;
  /** Undefined where another process indexes into the same database. */
  indexer: Pick<Indexer, "status"> | undefined;
  /** Whether webhooks may go to private addresses and without TLS. */
  allowPrivate: boolean;
  /** Tells the push of this process, if it runs here, that a subscription changed. */
  subscriptionChanged: () => void;
  /** Undefined where there is no time-stamping authority. */
  timestamps?: TimestampDesk | undefined;
  /** Undefined where this process has no operator's key. */
  operator?: OperatorDesk | undefined;
  /** Undefined where no chain is at hand to check operations on: then nothing can be handed over. */
  uplink?: UplinkContext | undefined;
  /** Undefined where no file store is at hand. */
  hosting?: HostingContext | undefined;
}

/** What each route gets. */
export interface RouteContext extends ApiContext {
  /** To be called when an API key was changed: requests that come after it are judged anew. */
  keysChanged: () => void;
}
