import type { Indexer } from "../indexer/indexer.ts";
import type { Retrieval } from "../retrieval/retrieval.ts";
import type { Database } from "../store/database.ts";
import type { RowProof } from "./shapes/data.ts";
import type { SignIn } from "./sign-in/sign-in.ts";

/** What the routes work with. */
export interface ApiContext {
  db: Database;
  signIn: SignIn;
  /** Business data of partners. */
  retrieval: Retrieval;
  /** Proves that a transaction is on the chain; undefined where this process does not reach a node. */
  receiptProof?: (transactionHash: string) => Promise<RowProof>;
  /** Undefined where another process indexes into the same database. */
  indexer: Pick<Indexer, "status"> | undefined;
  /** Whether webhooks may go to private addresses and without TLS. */
  allowPrivate: boolean;
  /** Tells the push of this process, if it runs here, that a subscription changed. */
  subscriptionChanged: () => void;
}
