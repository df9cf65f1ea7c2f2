import type { AlertGroup } from "./alert.ts";

/** Points of accounts and allowances of relays. */
export const QUOTA_ALERTS: AlertGroup = {
  name: "brop-quota",
  alerts: [
    {
      name: "QuotaExhausted",
      severity: "warning",
      expr: 'sum by (network, instance) (rate(brop_rpc_refusals_total{code="quota.exhausted"}[10m])) > 0.1',
      for: "10m",
      summary:
        "{{ $labels.instance }} refuses {{ $value | humanize }} operations a second: their accounts have no points left",
      runbook: "quota-incident.md",
    },
    {
      name: "QuotaFailsInBlocks",
      severity: "warning",
      expr: 'sum by (network, node) (increase(brop_refusals_total{rule="quota", stage="packaging"}[10m])) > 5',
      for: "0s",
      summary:
        "{{ $labels.node }} left out {{ $value | humanize }} bundles for missing points: a relay does not check them",
      runbook: "quota-incident.md",
    },
    {
      name: "RelayAllowanceShort",
      severity: "critical",
      expr: "brop_relay_allowance < 0.1 * max_over_time(brop_relay_allowance[2h])",
      for: "1m",
      summary:
        "Relay {{ $labels.relay }} may send {{ $value }} more transactions this period, less than a tenth of all",
      runbook: "quota-incident.md",
    },
  ],
};
