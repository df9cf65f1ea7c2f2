import type { AlertGroup } from "./alert.ts";

/** Besu nodes and the plugin in them. */
export const NODE_ALERTS: AlertGroup = {
  name: "brop-nodes",
  alerts: [
    {
      name: "NodeDown",
      severity: "critical",
      expr: 'up{job="brop-nodes"} == 0',
      for: "2m",
      summary: "{{ $labels.node }} does not answer Prometheus",
      runbook: "node-down.md",
    },
    {
      name: "NodeBehind",
      severity: "warning",
      expr: "max by (network) (ethereum_blockchain_height) - on (network) group_right () ethereum_blockchain_height > 20",
      for: "5m",
      summary: "{{ $labels.node }} is {{ $value }} blocks behind the highest node",
      runbook: "node-down.md",
    },
    {
      name: "NodeAlone",
      severity: "critical",
      expr: "ethereum_peer_count == 0",
      for: "2m",
      summary: "{{ $labels.node }} has no peer",
      runbook: "node-down.md",
    },
    {
      name: "PeersLost",
      severity: "warning",
      expr: "ethereum_peer_count < 0.7 * max_over_time(ethereum_peer_count[1d])",
      for: "10m",
      summary: "{{ $labels.node }} has {{ $value }} peers, fewer than it had during the last day",
      runbook: "node-down.md",
    },
    {
      name: "PluginFaults",
      severity: "critical",
      expr: "increase(brop_faults_total[10m]) > 0",
      for: "0s",
      summary: "The plugin of {{ $labels.node }} could not judge {{ $value | humanize }} transactions and refused them",
      runbook: "upgrade-nodes.md",
    },
    {
      name: "PluginRefusesInBlocks",
      severity: "warning",
      expr: 'sum by (network, node, rule) (increase(brop_refusals_total{stage="block"}[10m])) > 5',
      for: "0s",
      summary:
        "{{ $labels.node }} refuses transactions in blocks by the rule {{ $labels.rule }}: another node may have no plugin",
      runbook: "upgrade-nodes.md",
    },
    {
      name: "PluginRefusesInPool",
      severity: "warning",
      expr: 'sum by (network, node, rule) (rate(brop_refusals_total{stage="pool"}[10m])) > 1',
      for: "10m",
      summary:
        "{{ $labels.node }} refuses {{ $value | humanize }} transactions a second by the rule {{ $labels.rule }}",
      runbook: "quota-incident.md",
    },
    {
      name: "BlocksCutShort",
      severity: "warning",
      expr: "increase(brop_selections_cut_total[15m]) > 5",
      for: "5m",
      summary: "{{ $labels.node }} closed {{ $value | humanize }} blocks with transactions left, to be in time",
      runbook: "quota-incident.md",
    },
    {
      name: "NodeMemoryShort",
      severity: "warning",
      expr: 'sum by (network, node) (jvm_memory_used_bytes{area="heap"}) / sum by (network, node) (jvm_memory_max_bytes{area="heap"} > 0) > 0.95',
      for: "15m",
      summary: "Java's memory of {{ $labels.node }} is full to {{ $value | humanizePercentage }}",
      runbook: "node-down.md",
    },
    {
      name: "NodeFilesShort",
      severity: "warning",
      expr: 'process_open_fds{job="brop-nodes"} / process_max_fds{job="brop-nodes"} > 0.8',
      for: "15m",
      summary: "{{ $labels.node }} has {{ $value | humanizePercentage }} of the files open that it may have",
      runbook: "node-down.md",
    },
  ],
};
