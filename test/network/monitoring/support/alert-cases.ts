/** Series in promtool's notation, a value a minute: `1+2x10` is 1, 3, 5 and so on, ten more times. */
export type Series = Readonly<Record<string, string>>;

export interface AlertCase {
  /** With these the alert fires within the time. */
  fires: Series;
  /** With these it does not. */
  quiet: Series;
  /** Minutes until both are looked at: 40 without it. */
  at?: number;
}

const N = 'network="n"';
const node = (name: string) => `job="brop-nodes", ${N}, node="${name}", instance="${name}:9545"`;
const S = `job="brop-services", ${N}, instance="s"`;
const proposed = (name: string) => `brop_chain_proposed_blocks_total{${S}, validator="${name}"}`;
const blocks = { [`brop_chain_blocks_total{${S}}`]: "0+20x60" };
const fourValidators = { [`brop_chain_validators{${S}}`]: "4x60", ...blocks };
/** All of these propose, five blocks a minute. */
const proposing = (names: readonly string[]): Series =>
  Object.fromEntries(names.map((name) => [proposed(name), "0+5x60"]));
const silent = (names: readonly string[]): Series => Object.fromEntries(names.map((name) => [proposed(name), "7x60"]));
const gauge = (metric: string, labels: string, bad: string, good: string): AlertCase => ({
  fires: { [`${metric}{${labels}}`]: `${bad}x60` },
  quiet: { [`${metric}{${labels}}`]: `${good}x60` },
});
/** A counter that grows by so much a minute, and one that does not grow. */
const counter = (metric: string, labels: string, growth: number): AlertCase => ({
  fires: { [`${metric}{${labels}}`]: `0+${growth}x60` },
  quiet: { [`${metric}{${labels}}`]: "3x60" },
});

/** For every alert what it is there for, and what it has to bear. The time begins in 1970: blocks are as old. */
export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  ChainStopped: {
    // A node far behind says nothing about the chain while another one has its newest block.
    fires: { [`besu_blockchain_chain_head_timestamp{${node("a")}}`]: "0+60x30 1800x30" },
    quiet: {
      [`besu_blockchain_chain_head_timestamp{${node("a")}}`]: "0+60x30 1800x30",
      [`brop_chain_head_timestamp_seconds{${S}}`]: "0+60x60",
    },
  },
  ValidatorSilent: {
    fires: { ...blocks, ...proposing(["a", "b", "c"]), ...silent(["d"]) },
    // The whole chain stands: that is another alert.
    quiet: { [`brop_chain_blocks_total{${S}}`]: "9x60", ...silent(["a", "b", "c", "d"]) },
  },
  NoValidatorToSpare: {
    fires: { ...fourValidators, ...proposing(["a", "b", "c"]), ...silent(["d"]) },
    quiet: {
      ...{ ...blocks, [`brop_chain_validators{${S}}`]: "7x60" },
      ...{ ...proposing(["a", "b", "c", "e", "f", "g"]), ...silent(["d"]) },
    },
  },
  FewValidators: {
    fires: { [`brop_chain_validators{${S}}`]: "3x100" },
    quiet: { [`brop_chain_validators{${S}}`]: "4x100" },
    at: 90,
  },
  RoundChanges: {
    fires: { [`brop_chain_round_changes_total{${S}}`]: "0+2x60" },
    quiet: { [`brop_chain_round_changes_total{${S}}`]: "0x30 1x30" },
  },
  BlocksFull: {
    fires: {
      ...blocks,
      [`brop_chain_gas_total{${S}}`]: "0+1150000000x60",
      [`brop_chain_gas_limit{${S}}`]: "60000000x60",
    },
    quiet: {
      ...blocks,
      [`brop_chain_gas_total{${S}}`]: "0+700000000x60",
      [`brop_chain_gas_limit{${S}}`]: "60000000x60",
    },
  },
  ClockApart: gauge("brop_chain_clock_ahead_seconds", S, "-5", "1.4"),
  NodeDown: gauge("up", node("a"), "0", "1"),
  NodeBehind: {
    fires: {
      [`ethereum_blockchain_height{${node("a")}}`]: "100+20x60",
      [`ethereum_blockchain_height{${node("b")}}`]: "100x60",
    },
    quiet: {
      [`ethereum_blockchain_height{${node("a")}}`]: "100+20x60",
      [`ethereum_blockchain_height{${node("b")}}`]: "98+20x60",
    },
  },
  NodeAlone: gauge("ethereum_peer_count", node("a"), "0", "4"),
  PeersLost: {
    fires: { [`ethereum_peer_count{${node("a")}}`]: "4x20 2x40" },
    quiet: { [`ethereum_peer_count{${node("a")}}`]: "4x20 3x40" },
  },
  PluginFaults: counter("brop_faults_total", node("a"), 1),
  PluginRefusesInBlocks: {
    ...counter("brop_refusals_total", `${node("a")}, rule="creation", stage="block"`, 2),
    quiet: { [`brop_refusals_total{${node("a")}, rule="creation", stage="pool"}`]: "0+2x60" },
  },
  PluginRefusesInPool: counter("brop_refusals_total", `${node("a")}, rule="admission", stage="pool"`, 120),
  BlocksCutShort: counter("brop_selections_cut_total", node("a"), 1),
  NodeMemoryShort: {
    fires: {
      [`jvm_memory_used_bytes{${node("a")}, area="heap"}`]: "980x60",
      [`jvm_memory_max_bytes{${node("a")}, area="heap"}`]: "1000x60",
    },
    // Java does not say how much there is at most beside the heap: -1.
    quiet: {
      [`jvm_memory_used_bytes{${node("a")}, area="heap"}`]: "980x60",
      [`jvm_memory_max_bytes{${node("a")}, area="heap"}`]: "-1x60",
    },
  },
  NodeFilesShort: {
    fires: { [`process_open_fds{${node("a")}}`]: "60000x60", [`process_max_fds{${node("a")}}`]: "65536x60" },
    quiet: { [`process_open_fds{${node("a")}}`]: "600x60", [`process_max_fds{${node("a")}}`]: "65536x60" },
  },
  DiskFull: disk("40", "60"),
  DiskFilling: { ...disk("390-0.5", "390"), at: 120 },
  DataFolderFull: {
    fires: { [`brop_data_free_bytes{${S}}`]: "40x60", [`brop_data_size_bytes{${S}}`]: "1000x60" },
    quiet: { [`brop_data_free_bytes{${S}}`]: "60x60", [`brop_data_size_bytes{${S}}`]: "1000x60" },
  },
  MachineClockApart: {
    fires: { 'node_timex_sync_status{instance="m"}': "0x60", 'node_timex_offset_seconds{instance="m"}': "0x60" },
    quiet: { 'node_timex_sync_status{instance="m"}': "1x60", 'node_timex_offset_seconds{instance="m"}': "0.02x60" },
  },
  MachineNotMeasured: gauge("up", 'job="brop-machines", instance="m"', "0", "1"),
  ServicesDown: gauge("up", S, "0", "1"),
  ServicesNotReady: gauge("brop_ready", `${S}, check="index"`, "0", "1"),
  ServicesRestarting: {
    fires: { [`process_start_time_seconds{${S}}`]: "0+300x60" },
    quiet: { [`process_start_time_seconds{${S}}`]: "0x30 1800x30" },
  },
  IndexBehind: gauge("brop_index_lag_seconds", S, "90", "3"),
  IndexFailing: gauge("brop_index_failing", S, "1", "0"),
  NoRelayKey: {
    fires: { [`brop_relay_leased{${S}, relay="r"}`]: "0x60" },
    // One of two processes stands by.
    quiet: {
      [`brop_relay_leased{${S}, relay="r"}`]: "0x60",
      [`brop_relay_leased{job="brop-services", ${N}, instance="t", relay="r"}`]: "1x60",
    },
  },
  RelayStuck: gauge("brop_relay_stuck", `${S}, relay="r"`, "1", "0"),
  OperationsWaiting: gauge("brop_pool_operations", S, "6000", "4000"),
  OperationsExpire: counter("brop_operations", `${S}, state="expired"`, 5),
  SubmissionsWaiting: gauge("brop_oldest_open_submission_seconds", S, "700", "300"),
  RelaySilent: counter("brop_relay_unanswered_total", `${S}, relay="r"`, 1),
  RelayLied: {
    ...counter("brop_relay_faults_total", `${S}, kind="lied"`, 1),
    quiet: { [`brop_relay_faults_total{${S}, kind="silent"}`]: "0+1x60" },
  },
  RelayFaults: counter("brop_relay_faults_total", `${S}, kind="withheld"`, 1),
  SignerFailing: counter("brop_signature_failures_total", `${S}, code="signer.unreachable"`, 1),
  SignerSlow: {
    fires: {
      [`brop_signature_seconds_total{${S}, key="k"}`]: "0+30x60",
      [`brop_signatures_total{${S}, key="k"}`]: "0+20x60",
    },
    quiet: {
      [`brop_signature_seconds_total{${S}, key="k"}`]: "5x60",
      [`brop_signatures_total{${S}, key="k"}`]: "9x60",
    },
  },
  DatabaseBusy: gauge("brop_database_waiting", S, "30", "1"),
  ServerErrors: {
    ...counter("brop_http_request_seconds_count", `${S}, method="GET", route="/v1/x", status="503"`, 60),
    quiet: { [`brop_http_request_seconds_count{${S}, method="GET", route="/v1/x", status="404"}`]: "0+600x60" },
  },
  MeasurementsMissing: counter("brop_measurement_failures_total", `${S}, measurement="brop_chain_head"`, 4),
  PushBehind: gauge("brop_push_lag_blocks", S, "50", "1"),
  WebhooksWaiting: gauge("brop_oldest_pending_delivery_seconds", S, "4000", "60"),
  WebhooksGivenUp: {
    ...counter("brop_delivery_attempts_total", `${S}, outcome="dead"`, 1),
    quiet: { [`brop_delivery_attempts_total{${S}, outcome="failed"}`]: "0+5x60" },
  },
  WebhookBacklog: gauge("brop_deliveries_pending", S, "200000", "4000"),
  QuotaExhausted: {
    ...counter("brop_rpc_refusals_total", `${S}, code="quota.exhausted"`, 60),
    quiet: { [`brop_rpc_refusals_total{${S}, code="request.invalid"}`]: "0+60x60" },
  },
  QuotaFailsInBlocks: counter("brop_refusals_total", `${node("a")}, rule="quota", stage="packaging"`, 2),
  RelayAllowanceShort: {
    fires: { [`brop_relay_allowance{${S}, relay="r"}`]: "1000000x20 90000x40" },
    quiet: { [`brop_relay_allowance{${S}, relay="r"}`]: "1000000x20 900000x40" },
  },
};

function disk(bad: string, good: string): AlertCase {
  const labels = 'instance="m", mountpoint="/data", fstype="ext4", device="/dev/sda"';
  const size = { [`node_filesystem_size_bytes{${labels}}`]: "1000x150" };
  return {
    fires: { ...size, [`node_filesystem_avail_bytes{${labels}}`]: `${bad}x150` },
    quiet: { ...size, [`node_filesystem_avail_bytes{${labels}}`]: `${good}x150` },
  };
}
