import { type Dashboard, lines, stat } from "./dashboard.ts";

const N = '{network=~"$network"}';

export const PUSH_DASHBOARD: Dashboard = {
  uid: "brop-push",
  title: "BROP: push",
  description: "Webhooks and streams: what waits, what was told, what was given up",
  rows: [
    {
      title: "Now",
      panels: [
        stat("Events to tell", "short", `max(brop_deliveries_pending${N})`, "To active webhook subscriptions"),
        stat(
          "Oldest of them",
          "s",
          `max(brop_oldest_pending_delivery_seconds${N})`,
          "How long its receiver has not taken it",
          [600, 3600],
        ),
        stat(
          "Blocks to match",
          "none",
          `max(brop_push_lag_blocks${N})`,
          "Indexed, and not matched with subscriptions yet",
          [5, 20],
        ),
        stat(
          "Active subscriptions",
          "none",
          `max(brop_subscriptions{status="active", network=~"$network"})`,
          "Webhooks",
        ),
        stat("Open streams", "none", `sum(brop_event_readers${N})`, "/events and /ws"),
        stat(
          "Given up today",
          "short",
          `sum(increase(brop_delivery_attempts_total{outcome="dead", network=~"$network"}[1d]))`,
          "After three days, or a receiver that answered 410",
          [1, 100],
        ),
      ],
    },
    {
      title: "Course",
      panels: [
        lines(
          "Attempts a second, by outcome",
          "ops",
          `sum by (outcome) (rate(brop_delivery_attempts_total${N}[5m]))`,
          "{{outcome}}",
          "Failed ones are tried again for three days",
        ),
        lines(
          "Events to tell",
          "short",
          `max(brop_deliveries_pending${N})`,
          "pending",
          "Grows while a receiver is down",
        ),
        lines(
          "Oldest event to tell",
          "s",
          `max(brop_oldest_pending_delivery_seconds${N})`,
          "age",
          "One silent receiver is enough",
        ),
        lines(
          "Subscriptions, by status",
          "short",
          `max by (status) (brop_subscriptions${N})`,
          "{{status}}",
          "Disabled: the receiver answered 410",
        ),
        lines("Open streams", "short", `brop_event_readers${N}`, "{{instance}}", "2,000 a process at most"),
        lines("Blocks to match", "short", `max(brop_push_lag_blocks${N})`, "blocks", "Zero or one while it keeps up"),
      ],
    },
  ],
};
