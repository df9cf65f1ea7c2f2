import { type Dashboard, lines, stat } from "./dashboard.ts";

const N = '{network=~"$network"}';

export const CHAIN_DASHBOARD: Dashboard = {
  uid: "brop-chain",
  title: "BROP: chain",
  description: "Whether blocks come, who makes them, and how full they are",
  rows: [
    {
      title: "Now",
      panels: [
        stat("Height", "none", `max(brop_chain_head${N})`, "Newest block"),
        stat(
          ...(["Age of the newest block", "s", `time() - max(brop_chain_head_timestamp_seconds${N})`] as const),
          "Three seconds are usual. From a minute on the chain stands",
          [15, 60],
        ),
        stat(
          "Validators",
          "none",
          `max(brop_chain_validators${N})`,
          "That seal the next block; four bear one that is down",
        ),
        stat(
          ...(["Silent validators", "none"] as const),
          `count(max by (validator) (increase(brop_chain_proposed_blocks_total${N}[15m])) == 0) or vector(0)`,
          "Without a proposal for 15 minutes",
          [1, 2],
        ),
        stat("Blocks a minute", "short", `60 * max(rate(brop_chain_blocks_total${N}[5m]))`, "Twenty when nobody fails"),
        stat(
          "Room used",
          "percentunit",
          `max(rate(brop_chain_gas_total${N}[5m]) / (rate(brop_chain_blocks_total${N}[5m]) * brop_chain_gas_limit${N}))`,
          "Part of the blocks' gas that is used",
          [0.7, 0.9],
        ),
      ],
    },
    {
      title: "Agreement",
      panels: [
        lines(
          ...(["Blocks proposed a minute", "short"] as const),
          `60 * max by (validator) (rate(brop_chain_proposed_blocks_total${N}[5m]))`,
          "{{validator}}",
          "Validators take turns: the lines lie on each other. One that falls to zero is down or cut off",
        ),
        lines(
          ...(["Rounds without agreement, in 5 minutes", "short"] as const),
          `max(increase(brop_chain_round_changes_total${N}[5m]))`,
          "round changes",
          "A silent validator costs at least one each time that it is its turn",
        ),
        lines(
          ...(["Blocks a minute", "short", `60 * max(rate(brop_chain_blocks_total${N}[5m]))`, "blocks"] as const),
          "Twenty at three seconds a block",
        ),
      ],
    },
    {
      title: "Load",
      panels: [
        lines(
          "Transactions a second",
          "ops",
          `max(rate(brop_chain_transactions_total${N}[5m]))`,
          "transactions",
          "Bundles and direct transactions; an operation is a part of a bundle",
        ),
        lines("Gas a second", "short", `max(rate(brop_chain_gas_total${N}[5m]))`, "gas", "What the blocks used"),
        lines(
          "This clock before the proposers'",
          "s",
          `brop_chain_clock_ahead_seconds${N}`,
          "{{instance}}",
          "Up to two seconds are the way of a block",
        ),
      ],
    },
  ],
};
