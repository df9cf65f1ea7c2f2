import { type Dashboard, lines, stat } from "./dashboard.ts";

const N = '{network=~"$network"}';
const SERVICES = '{job="brop-services", network=~"$network"}';

export const SERVICES_DASHBOARD: Dashboard = {
  uid: "brop-services",
  title: "BROP: services",
  description: "Access node, indexer, uplink and interface: what waits, how fast they answer, what fails",
  rows: [
    {
      title: "Now",
      panels: [
        stat("Services that answer", "none", `sum(up${SERVICES})`, "Processes that Prometheus reaches"),
        stat("Not ready", "none", `count(brop_ready${N} == 0) or vector(0)`, "Checks of /readyz that fail", [1, 1]),
        stat("Blocks to index", "none", `max(brop_index_lag_blocks${N})`, "Zero or one while it keeps up", [5, 20]),
        stat("Operations waiting", "none", `sum(brop_pool_operations${N})`, "Without a definite end"),
        stat(
          "Oldest submission",
          "s",
          `max(brop_oldest_open_submission_seconds${N})`,
          "Handed over and without an end",
          [60, 600],
        ),
        stat(
          "Room for data",
          "percentunit",
          `min(brop_data_free_bytes${N} / brop_data_size_bytes${N})`,
          "Part of the data folder's file system that is free",
        ),
      ],
    },
    {
      title: "Operations",
      panels: [
        lines(
          "Operations waiting",
          "short",
          `brop_pool_operations${N}`,
          "{{instance}}",
          "In the pool of each access node",
        ),
        lines(
          "Operations by state",
          "short",
          `max by (state) (brop_operations${N})`,
          "{{state}}",
          "All that the database holds; expired ones should be few",
        ),
        lines(
          "Bundles a second, by operations",
          "ops",
          `sum by (operations) (rate(brop_bundles_total${N}[5m]))`,
          "{{operations}}",
          "Large bundles are cheap",
        ),
        lines(
          "Bundles sent again or refused, in 5 minutes",
          "short",
          `sum by (instance) (increase(brop_bundles_resent_total${N}[5m]) + increase(brop_bundles_refused_total${N}[5m]))`,
          "{{instance}}",
          "The node lost or refused them",
        ),
        lines(
          "Relays' keys held",
          "short",
          `brop_relay_leased${N}`,
          "{{instance}} {{relay}}",
          "One holder each; a process at zero stands by",
        ),
        lines(
          "Submissions by state",
          "short",
          `max by (state) (brop_submissions${N})`,
          "{{state}}",
          "What business systems handed over",
        ),
      ],
    },
    {
      title: "Interfaces",
      panels: [
        lines(
          "Requests a second, by status",
          "reqps",
          `sum by (status) (rate(brop_http_request_seconds_count${N}[5m]))`,
          "{{status}}",
          "5xx should not be there",
        ),
        lines(
          "Time of an answer (95 %), by route",
          "s",
          `histogram_quantile(0.95, sum by (route, le) (rate(brop_http_request_seconds_bucket${N}[5m])))`,
          "{{route}}",
          "Ten slow routes are worth a look",
        ),
        lines(
          "JSON-RPC refusals a second, by code",
          "ops",
          `sum by (code) (rate(brop_rpc_refusals_total${N}[5m]))`,
          "{{code}}",
          "What the access node answers with an error",
        ),
        lines(
          "Reads answered without the node",
          "percentunit",
          `sum by (instance) (rate(brop_reads_total{answered!="by the node", network=~"$network"}[5m])) / sum by (instance) (rate(brop_reads_total${N}[5m]))`,
          "{{instance}}",
          "From memory, or together with the same question of somebody else",
        ),
        lines("Open WebSockets", "short", `brop_rpc_sockets${N}`, "{{instance}}", "Of the access node"),
        lines(
          "Faults of relays, in 15 minutes",
          "short",
          `sum by (kind) (increase(brop_relay_faults_total${N}[15m]))`,
          "{{kind}}",
          "As far as ends are proven",
        ),
      ],
    },
    {
      title: "Index and database",
      panels: [
        lines("Blocks to index", "short", `brop_index_lag_blocks${N}`, "{{instance}}", "Behind the chain's node"),
        lines(
          "Connections to the database",
          "short",
          `brop_database_connections${N}`,
          "{{instance}} {{state}}",
          "Ten a process at most; none with the embedded database",
        ),
        lines(
          "Statements that wait for a connection",
          "short",
          `brop_database_waiting${N}`,
          "{{instance}}",
          "Zero is right",
        ),
      ],
    },
    {
      title: "Keys and process",
      panels: [
        lines(
          "Time of a signature",
          "s",
          `rate(brop_signature_seconds_total${N}[5m]) / rate(brop_signatures_total${N}[5m])`,
          "{{key}}",
          "A key in a file takes a millisecond, Web3Signer some more",
        ),
        lines(
          "Signatures that failed, in 5 minutes",
          "short",
          `sum by (code) (increase(brop_signature_failures_total${N}[5m]))`,
          "{{code}}",
          "Nothing is lost: what waits is tried again",
        ),
        lines(
          "Acts of the operator, by state",
          "short",
          `max by (state) (brop_operator_acts${N})`,
          "{{state}}",
          "Asked by the operator's interface",
        ),
        lines("Memory", "bytes", `process_resident_memory_bytes${SERVICES}`, "{{instance}}", "Of the process"),
        lines(
          "Processor cores used",
          "short",
          `rate(process_cpu_seconds_total${SERVICES}[5m])`,
          "{{instance}}",
          "One is one core, busy all the time",
        ),
        lines(
          "Event loop late (99 %)",
          "s",
          `nodejs_eventloop_lag_p99_seconds${SERVICES}`,
          "{{instance}}",
          "From a tenth of a second on requests wait",
        ),
      ],
    },
  ],
};
