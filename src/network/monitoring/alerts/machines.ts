import type { AlertGroup } from "./alert.ts";

const FREE = 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs"}';
const SIZE = 'node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs"}';

/** Machines, by Prometheus' node exporter; and the room that the services see themselves. */
export const MACHINE_ALERTS: AlertGroup = {
  name: "brop-machines",
  alerts: [
    {
      name: "DiskFull",
      severity: "critical",
      expr: `${FREE} / ${SIZE} < 0.05`,
      for: "5m",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} left on {{ $labels.mountpoint }}",
      runbook: "disk-full.md",
    },
    {
      name: "DiskFilling",
      severity: "warning",
      expr: `predict_linear(${FREE}[6h], 4 * 86400) < 0 and ${FREE} / ${SIZE} < 0.4`,
      for: "1h",
      summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} is full within four days",
      runbook: "disk-full.md",
    },
    {
      name: "DataFolderFull",
      severity: "critical",
      expr: "brop_data_free_bytes / brop_data_size_bytes < 0.05",
      for: "5m",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} left for its data folder",
      runbook: "disk-full.md",
    },
    {
      name: "MachineClockApart",
      severity: "warning",
      expr: "abs(node_timex_offset_seconds) > 0.5 or node_timex_sync_status == 0",
      for: "15m",
      summary: "The clock of {{ $labels.instance }} is not kept right",
      runbook: "clock-drift.md",
    },
    {
      name: "MachineNotMeasured",
      severity: "warning",
      expr: 'up{job="brop-machines"} == 0',
      for: "10m",
      summary: "The node exporter of {{ $labels.instance }} does not answer: nobody sees its disk and clock",
      runbook: "node-down.md",
    },
  ],
};
