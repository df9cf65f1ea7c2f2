import { BlockWatch, type SeenBlocks } from "../../chain/block-watch.ts";
import type { RpcClient } from "../../chain/rpc-client.ts";
import { systemClock } from "../../core/clock.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

/** Begins to watch the newest blocks, for /metrics. */
export function watchChain({ rpc, logger, cleanup }: Pick<ServicesOptions, "rpc" | "logger" | "cleanup">): BlockWatch {
  const watch = new BlockWatch({ rpc, clock: systemClock, logger: logger.child({ part: "blocks" }) });
  watch.start();
  cleanup.add(() => watch.stop());
  return watch;
}

/** How the chain does, as its node shows it. */
export function chainMeasurements(rpc: Pick<RpcClient, "call">, watch: { readonly seen: SeenBlocks }): Measurement[] {
  const now = (name: string, help: string, read: (seen: SeenBlocks) => number | undefined): Measurement => ({
    ...{ name, help, read: () => read(watch.seen) },
  });
  const sum = (name: string, help: string, read: (seen: SeenBlocks) => number): Measurement => ({
    ...{ name, help, counter: true, read: () => read(watch.seen) },
  });
  return [
    {
      name: "brop_chain_head",
      help: "Newest block of the chain's node",
      read: async () => Number(await rpc.call<string>("eth_blockNumber")),
    },
    now("brop_chain_head_timestamp_seconds", "Time of the newest block, since 1970", (seen) => seen.newest?.timestamp),
    now("brop_chain_gas_limit", "Gas that a block has room for", ({ newest }) => newest?.gasLimit),
    sum("brop_chain_blocks_total", "Blocks seen since the start", ({ blocks }) => blocks),
    sum("brop_chain_transactions_total", "Transactions in the blocks seen", ({ transactions }) => transactions),
    sum("brop_chain_gas_total", "Gas used by the blocks seen", ({ gasUsed }) => gasUsed),
    sum(
      "brop_chain_round_changes_total",
      "Rounds of the blocks seen in which the validators did not agree",
      ({ roundChanges }) => roundChanges,
    ),
    {
      ...{ name: "brop_chain_proposed_blocks_total", counter: true, label: "validator" },
      help: "Blocks seen, by the validator that proposed them; of validators that propose none too",
      read: () => watch.seen.proposed,
    },
    now(
      "brop_chain_validators",
      "Validators that seal the next block; 0 without seals",
      ({ validators }) => validators,
    ),
    now(
      "brop_chain_clock_ahead_seconds",
      "Youngest age at which one of the last 20 blocks was seen first: this clock is so much before the proposers'",
      ({ clockAhead }) => clockAhead,
    ),
  ];
}
