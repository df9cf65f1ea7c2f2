import type { AccessNode, AccessNodeStatus, KeyStatus } from "../../access/access-node.ts";
import { systemClock } from "../../core/clock.ts";
import type { Database } from "../../store/database.ts";
import { countPoolByState } from "../../store/queries/operation-pool/count-by-state.ts";
import { keptFor } from "../kept-for.ts";
import type { Measurement } from "../metrics.ts";

/** Milliseconds for which what was counted in the database is told again. */
const KEEP_COUNTS = 10_000;

/** What an access node measures: its pool, its keys, its bundles, and what everybody reads. */
export function accessMeasurements(access: Pick<AccessNode, "status">, db: Database): Measurement[] {
  const one = (name: string, help: string, read: (status: AccessNodeStatus) => number): Measurement => ({
    ...{ name, help, read: () => read(access.status()) },
  });
  const byKey = (name: string, help: string, read: (key: KeyStatus) => number | undefined): Measurement => ({
    ...{ name, help, label: "relay" },
    read: () => {
      const values = access.status().keys.map((key) => [key.address, read(key)] as const);
      return Object.fromEntries(values.filter((value): value is [string, number] => value[1] !== undefined));
    },
  });
  const labelled = (
    name: string,
    help: string,
    label: string,
    read: (status: AccessNodeStatus) => Record<string, number>,
  ): Measurement => ({ name, help, label, read: () => read(access.status()) });
  const sum = (name: string, help: string, read: (status: AccessNodeStatus) => number): Measurement => ({
    ...one(name, help, read),
    counter: true,
  });
  const sums = (...given: Parameters<typeof labelled>): Measurement => ({ ...labelled(...given), counter: true });
  return [
    one("brop_pool_operations", "Operations without a definite end", ({ operations }) => operations),
    one("brop_pool_bundles", "Bundles that are in no block yet", ({ bundles }) => bundles),
    {
      ...{ name: "brop_operations", help: "Operations that the access node accepted, by state", label: "state" },
      read: keptFor(KEEP_COUNTS, systemClock, () => countPoolByState(db)),
    },
    one("brop_standing_by", "1 while another process holds this access node's key", (status) =>
      Number(status.standingBy),
    ),
    byKey("brop_relay_leased", "1 while the relay's key is this process's", ({ leased }) => Number(leased)),
    byKey("brop_relay_bundles", "Bundles of the relay that are in no block yet", ({ bundles }) => bundles),
    byKey("brop_relay_allowance", "Transactions that the relay may still send this period", (key) => key.allowance),
    byKey("brop_relay_stuck", "1 while the relay's bundles do not get into blocks", ({ stuck }) => Number(stuck)),
    sums("brop_bundles_total", "Bundles since the start, by their operations", "operations", (s) => s.bundleSizes),
    sum("brop_bundles_resent_total", "Bundles that the node lost and was sent again", (status) => status.bundlesResent),
    sum("brop_bundles_refused_total", "Bundles that the node refused", (status) => status.bundlesRefused),
    sums(
      "brop_reads_total",
      "Reads of the chain since the start, by how they were answered",
      "answered",
      ({ reads }) => ({
        ...{ "from memory": reads.hits, "with others": reads.shared, "by the node": reads.misses },
      }),
    ),
    one("brop_read_cache_bytes", "Bytes of answers that are kept", ({ reads }) => reads.bytes),
    one("brop_read_cache_answers", "Answers that are kept", ({ reads }) => reads.answers),
    sums("brop_rpc_refusals_total", "JSON-RPC calls answered with an error since the start", "code", (s) => s.refusals),
    one("brop_rpc_sockets", "Open WebSocket connections of the access node", ({ sockets }) => sockets.open),
    sum(
      "brop_rpc_sockets_cut_off_total",
      "WebSocket connections that took too little",
      ({ sockets }) => sockets.cutOff,
    ),
    one("brop_rpc_subscriptions", "Subscriptions over WebSocket", ({ sockets }) => sockets.subscriptions),
  ];
}
