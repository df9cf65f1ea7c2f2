import { type Dashboard, lines, stat } from "./dashboard.ts";

const N = '{network=~"$network"}';

export const QUOTA_DASHBOARD: Dashboard = {
  uid: "brop-quota",
  title: "BROP: quota",
  description: "Points that are used, who is refused for missing points, and what relays may still send",
  rows: [
    {
      title: "The last hour of blocks",
      panels: [
        stat("Points charged", "short", `max(brop_quota_points${N})`, "In the last 1,200 blocks"),
        stat("Operations charged", "short", `max(brop_quota_operations${N})`, "In the last 1,200 blocks"),
        stat(
          "Points an operation",
          "short",
          `max(brop_quota_points${N}) / max(brop_quota_operations${N})`,
          "Its class and its bytes",
        ),
        stat("Accounts charged", "short", `max(brop_quota_payers${N})`, "Accounts and sponsors"),
        stat(
          "Refused for points",
          "short",
          `sum(increase(brop_rpc_refusals_total{code="quota.exhausted", network=~"$network"}[1h]))`,
          "Operations that an access node refused",
          [100, 1000],
        ),
        stat(
          "Left out of blocks",
          "short",
          `sum(increase(brop_refusals_total{rule="quota", network=~"$network"}[1h]))`,
          "Bundles that a validator did not package",
          [1, 10],
        ),
      ],
    },
    {
      title: "Course",
      panels: [
        lines(
          "Points charged in an hour of blocks",
          "short",
          `max(brop_quota_points${N})`,
          "points",
          "Of all accounts",
        ),
        lines(
          "Operations refused for points, a second",
          "ops",
          `sum by (instance) (rate(brop_rpc_refusals_total{code="quota.exhausted", network=~"$network"}[5m]))`,
          "{{instance}}",
          "Before they are in any block: nothing is charged",
        ),
        lines(
          "Bundles not packaged, in 10 minutes",
          "short",
          `sum by (node) (increase(brop_refusals_total{rule="quota", network=~"$network"}[10m]))`,
          "{{node}}",
          "A relay that does not check its operations",
        ),
        lines(
          "Transactions that relays may still send",
          "short",
          `max by (relay) (brop_relay_allowance${N})`,
          "{{relay}}",
          "In this period of 1,200 blocks",
        ),
        lines(
          "Refused for a used up allowance, a second",
          "ops",
          `sum by (node) (rate(brop_refusals_total{rule="allowance", network=~"$network"}[5m]))`,
          "{{node}}",
          "Relays, seats or operator beyond their direct transactions",
        ),
        lines(
          "Refused senders, a second",
          "ops",
          `sum by (node) (rate(brop_refusals_total{rule="admission", network=~"$network"}[5m]))`,
          "{{node}}",
          "Strangers who send directly",
        ),
      ],
    },
  ],
};
