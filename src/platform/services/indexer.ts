import type { RpcClient } from "../../chain/rpc-client.ts";
import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { readChain } from "../../indexer/cursor.ts";
import { createIndexer } from "../../indexer/indexer.ts";
import type { Indexer, IndexerStatus } from "../../indexer/indexer-options.ts";
import type { Database } from "../../store/database.ts";
import { findBlock } from "../../store/queries/blocks.ts";
import type { HealthCheck } from "../health.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

/** Blocks that the index may be behind and still answer usefully. */
const GREATEST_LAG = 5;

/** Starts to follow the chain. */
export async function startIndexer(options: ServicesOptions, onIndexed: () => void): Promise<Indexer> {
  const { db, rpc, report, development, cleanup, onFailure } = options;
  const before = (await readChain(db))?.block ?? -1;
  let stopping = false;
  const indexer = createIndexer({
    ...{ rpc, db, development, onIndexed, logger: options.logger.child({ part: "indexer" }) },
    onRewind: (block) => {
      const lost = stopping || before <= block ? "its newest blocks" : `blocks ${block + 1} to ${before}`;
      report.note(
        `The development chain lost ${lost} when it was killed. The index went back to block ${block}; ` +
          "operations that have not expired are sent again.",
      );
    },
  });
  await indexer.start();
  cleanup.add(() => {
    stopping = true;
    return indexer.stop();
  });
  // Rejects when the indexer ends: by itself only after an error that trying again does not mend.
  indexer.caughtUp(Number.MAX_SAFE_INTEGER).catch((error: unknown) => {
    if (!stopping) onFailure(BropError.from(error));
  });
  return indexer;
}

/** Whether the index is near the head of the chain. */
export function indexCheck(status: () => IndexerStatus | Promise<IndexerStatus>): HealthCheck {
  return {
    name: "index",
    async fault() {
      const { head, indexed, running, error } = await status();
      if (!running) return error?.message ?? "the indexer does not run";
      const lag = (head ?? 0) - indexed;
      return lag > GREATEST_LAG ? `${lag} blocks behind the chain` : undefined;
    },
  };
}

/** How far another process has indexed: whether it runs shows in its progress only. */
export async function statusFromDatabase(db: Database, rpc: RpcClient): Promise<IndexerStatus> {
  const [stored, head] = await Promise.all([readChain(db), rpc.call<string>("eth_blockNumber")]);
  const { chainId = null, block = -1 } = stored ?? {};
  return { chainId, head: Number(head), indexed: block, running: true, error: null };
}

/** For /metrics: how far the index is, and whether it goes on. */
export function indexMeasurements(indexer: Pick<Indexer, "status">, db: Database, clock: Clock): Measurement[] {
  const lag = () => {
    const { head, indexed } = indexer.status();
    return head === null ? undefined : Math.max(0, head - indexed);
  };
  return [
    {
      name: "brop_indexed_block",
      help: "Newest block whose rows are in the database",
      read: () => indexer.status().indexed,
    },
    { name: "brop_index_lag_blocks", help: "Blocks of the chain's node that are not indexed yet", read: lag },
    {
      name: "brop_index_lag_seconds",
      help: "Age of the newest indexed block while there are newer ones; 0 without",
      async read() {
        if (lag() === 0) return 0;
        const block = await findBlock(db, indexer.status().indexed);
        return block === undefined ? undefined : Math.max(0, clock.now() / 1_000 - block.timestamp);
      },
    },
    {
      name: "brop_index_failing",
      help: "1 while the indexer does not run or tries again after an error",
      read: () => {
        const { running, error } = indexer.status();
        return Number(!running || error !== null);
      },
    },
  ];
}
