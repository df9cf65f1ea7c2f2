import type { RpcRequest } from "../../src/chain/rpc-client.ts";
import type { ChainRpc } from "../../src/indexer/chain-reader.ts";
import { createIndexer } from "../../src/indexer/indexer.ts";
import type { Indexer, IndexerOptions } from "../../src/indexer/indexer-options.ts";
import type { Database } from "../../src/store/database.ts";
import type { FakeChain } from "./fake-chain.ts";

/** A node whose chain can be exchanged while the indexer runs. */
export class FakeNode implements ChainRpc {
  chain: FakeChain;

  constructor(chain: FakeChain) {
    this.chain = chain;
  }

  call<Result = unknown>(method: string, params?: readonly unknown[]): Promise<Result> {
    return this.chain.call(method, params);
  }

  all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    return this.chain.all(requests);
  }
}

/** Indexes as far as the chain goes and stops. */
export async function indexAll(
  db: Database,
  chain: ChainRpc & { head: number },
  options: Partial<IndexerOptions> = {},
) {
  const indexer = makeIndexer(db, chain, options);
  await indexer.start();
  await indexer.caughtUp(chain.head);
  await indexer.stop();
}

export function makeIndexer(db: Database, rpc: ChainRpc, options: Partial<IndexerOptions> = {}): Indexer {
  return createIndexer({ rpc, db, pollInterval: 1, ...options });
}
