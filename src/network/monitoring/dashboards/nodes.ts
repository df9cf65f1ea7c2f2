import { type Dashboard, lines, stat } from "./dashboard.ts";

const N = '{network=~"$network"}';
const NODES = '{job="brop-nodes", network=~"$network"}';
const by = (expr: string) => `sum by (node) (${expr})`;

export const NODES_DASHBOARD: Dashboard = {
  uid: "brop-nodes",
  title: "BROP: nodes",
  description: "Every Besu node: height, peers, pool, memory, and what the plugin refuses",
  rows: [
    {
      title: "Now",
      panels: [
        stat("Nodes that answer", "none", `sum(up${NODES})`, "Of those that Prometheus knows"),
        stat(
          "Nodes that do not",
          "none",
          `count(up${NODES} == 0) or vector(0)`,
          "Down, or not reached from here",
          [1, 2],
        ),
        stat("Least peers", "none", `min(ethereum_peer_count${N})`, "Of any node"),
        stat(
          "Furthest behind",
          "none",
          `max(ethereum_blockchain_height${N}) - min(ethereum_blockchain_height${N})`,
          "Blocks",
          [5, 20],
        ),
      ],
    },
    {
      title: "Chain and peers",
      panels: [
        lines(
          "Blocks behind the highest node",
          "short",
          `scalar(max(ethereum_blockchain_height${N})) - ethereum_blockchain_height${N}`,
          "{{node}}",
          "Zero or one; a node that syncs comes down to it",
        ),
        lines(
          "Peers",
          "short",
          `ethereum_peer_count${N}`,
          "{{node}}",
          "Each node is connected to all others that its package names",
        ),
        lines(
          "Transactions in the pool",
          "short",
          by(`besu_transaction_pool_number_of_transactions${N}`),
          "{{node}}",
          "What waits for a block",
        ),
      ],
    },
    {
      title: "Rules",
      panels: [
        lines(
          "Refused transactions a second, by rule",
          "ops",
          `sum by (node, rule, stage) (rate(brop_refusals_total${N}[5m]))`,
          "{{node}} {{rule}} ({{stage}})",
          "Pool: somebody sends what is not allowed. Block: a proposer took such a one",
        ),
        lines(
          "Faults of the plugin, in 10 minutes",
          "short",
          `increase(brop_faults_total${N}[10m])`,
          "{{node}}",
          "Transactions that could not be judged; zero is right",
        ),
        lines(
          "Time to fill a block (95 %)",
          "s",
          `histogram_quantile(0.95, sum by (node, le) (rate(brop_selection_seconds_bucket${N}[15m])))`,
          "{{node}}",
          "Has to stay well below the three seconds of a block",
        ),
        lines(
          "Blocks closed with transactions left, in 15 minutes",
          "short",
          `increase(brop_selections_cut_total${N}[15m])`,
          "{{node}}",
          "The plugin ends a block's selection in time; what is left comes into the next",
        ),
      ],
    },
    {
      title: "Process",
      panels: [
        lines(
          "Java's memory used",
          "bytes",
          by('jvm_memory_used_bytes{area="heap", network=~"$network"}'),
          "{{node}}",
          "Grows and falls; what stays at the top is too little",
        ),
        lines(
          "Memory of the process",
          "bytes",
          `process_resident_memory_bytes${NODES}`,
          "{{node}}",
          "With the database's",
        ),
        lines(
          "Processor cores used",
          "short",
          `rate(process_cpu_seconds_total${NODES}[5m])`,
          "{{node}}",
          "One is one core, busy all the time",
        ),
        lines(
          "JSON-RPC calls a second",
          "reqps",
          by(`rate(besu_rpc_request_time_count${N}[5m])`),
          "{{node}}",
          "At the node itself",
        ),
        lines("Open files", "short", `process_open_fds${NODES}`, "{{node}}", "Besu's database keeps many"),
        lines(
          "Room left on file systems",
          "bytes",
          `node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs", network=~"$network"}`,
          "{{instance}} {{mountpoint}}",
          "By the machine's node exporter",
        ),
      ],
    },
  ],
};
