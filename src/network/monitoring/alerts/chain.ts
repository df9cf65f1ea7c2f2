import type { AlertGroup } from "./alert.ts";

/** Blocks in which the services saw no proposal of a validator, of 15 minutes. */
const SILENT = "max by (network, validator) (increase(brop_chain_proposed_blocks_total[15m])) == 0";

/** The chain as a whole. The services read it from the blocks: one of them, or one node, is enough. */
export const CHAIN_ALERTS: AlertGroup = {
  name: "brop-chain",
  alerts: [
    {
      name: "ChainStopped",
      severity: "critical",
      expr: "time() - max by (network) (besu_blockchain_chain_head_timestamp or brop_chain_head_timestamp_seconds) > 60",
      for: "30s",
      summary: "{{ $labels.network }} has made no block for {{ $value | humanizeDuration }}",
      runbook: "chain-halted.md",
    },
    {
      name: "ValidatorSilent",
      severity: "warning",
      expr: `${SILENT} and on (network) max by (network) (increase(brop_chain_blocks_total[15m])) > 20`,
      for: "1m",
      summary: "Validator {{ $labels.validator }} has proposed no block for 15 minutes; the others go on, more slowly",
      runbook: "replace-validator.md",
    },
    {
      name: "NoValidatorToSpare",
      severity: "critical",
      expr: `count by (network) (${SILENT}) >= floor((max by (network) (brop_chain_validators) - 1) / 3)`,
      for: "1m",
      summary: "{{ $value }} validators of {{ $labels.network }} are silent: with one more the chain stops",
      runbook: "two-validators-lost.md",
    },
    {
      name: "FewValidators",
      severity: "warning",
      expr: "max by (network) (brop_chain_validators > 0) < 4",
      for: "1h",
      summary: "{{ $labels.network }} has {{ $value }} validators: it stops when one of them does",
      runbook: "admit-validator.md",
    },
    {
      name: "RoundChanges",
      severity: "warning",
      expr: "max by (network) (increase(brop_chain_round_changes_total[15m])) > 10",
      for: "5m",
      summary: "{{ $value | humanize }} rounds without agreement within 15 minutes",
      runbook: "replace-validator.md",
    },
    {
      name: "BlocksFull",
      severity: "warning",
      expr: "rate(brop_chain_gas_total[15m]) / (rate(brop_chain_blocks_total[15m]) * brop_chain_gas_limit) > 0.9",
      for: "15m",
      summary: "Blocks are full to {{ $value | humanizePercentage }}: operations have to wait",
      runbook: "quota-incident.md",
    },
    {
      name: "ClockApart",
      severity: "warning",
      expr: "brop_chain_clock_ahead_seconds > 5 or brop_chain_clock_ahead_seconds < -2",
      for: "5m",
      summary: "The clock of {{ $labels.instance }} is {{ $value | humanize }} s before those of the proposers",
      runbook: "clock-drift.md",
    },
  ],
};
