import type { AlertGroup } from "./alert.ts";

/** Webhooks and streams. */
export const PUSH_ALERTS: AlertGroup = {
  name: "brop-push",
  alerts: [
    {
      name: "PushBehind",
      severity: "warning",
      expr: "brop_push_lag_blocks > 20",
      for: "5m",
      summary: "Events of {{ $value }} blocks are not told to anybody yet",
      runbook: "webhooks.md",
    },
    {
      name: "WebhooksWaiting",
      severity: "warning",
      expr: "brop_oldest_pending_delivery_seconds > 3600",
      for: "5m",
      summary: "A webhook's receiver has not taken an event for {{ $value | humanizeDuration }}",
      runbook: "webhooks.md",
    },
    {
      name: "WebhooksGivenUp",
      severity: "warning",
      expr: 'increase(brop_delivery_attempts_total{outcome="dead"}[1h]) > 0',
      for: "0s",
      summary: "{{ $value | humanize }} events were given up after three days, or their receiver is gone",
      runbook: "webhooks.md",
    },
    {
      name: "WebhookBacklog",
      severity: "warning",
      expr: "brop_deliveries_pending > 100000",
      for: "10m",
      summary: "{{ $value }} events wait for their receivers",
      runbook: "webhooks.md",
    },
  ],
};
