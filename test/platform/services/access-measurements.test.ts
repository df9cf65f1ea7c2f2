import { expect } from "chai";
import Fastify from "fastify";
import type { AccessNodeStatus } from "../../../src/access/access-node.ts";
import { addMetricsRoute } from "../../../src/platform/metrics.ts";
import { accessMeasurements } from "../../../src/platform/services/access-measurements.ts";
import { openMigrated } from "../../store/migrated-database.ts";

const STATUS: AccessNodeStatus = {
  chainReachable: true,
  head: 9,
  followed: 9,
  operations: 5,
  bundles: 2,
  standingBy: false,
  keys: [
    { address: "0xAa", leased: true, bundles: 2, allowance: 90, stuck: false },
    { address: "0xBb", leased: false, bundles: 0, allowance: undefined, stuck: true },
  ],
  reads: { hits: 3, shared: 2, misses: 1, bytes: 1_000, answers: 4 },
  refusals: { "request.invalid": 7, node: 1 },
  sockets: { open: 1, cutOff: 6, subscriptions: 8 },
  bundleSizes: { "up to 1": 10, "up to 10": 0 },
  bundlesResent: 11,
  bundlesRefused: 12,
};

describe("measurements of an access node", () => {
  it("stand in /metrics: pool, keys, bundles, reads, refusals and connections", async function () {
    this.timeout(30_000);
    const db = await openMigrated();
    const server = Fastify();
    addMetricsRoute(server, accessMeasurements({ status: () => STATUS }, db));
    const { body } = await server.inject("/metrics");
    const lines = body.split("\n").filter((line) => line.startsWith("brop_"));
    expect(lines).to.include.members([
      "brop_pool_operations 5",
      "brop_pool_bundles 2",
      'brop_operations{state="included"} 0',
      "brop_standing_by 0",
      'brop_relay_leased{relay="0xAa"} 1',
      'brop_relay_leased{relay="0xBb"} 0',
      'brop_relay_bundles{relay="0xAa"} 2',
      'brop_relay_allowance{relay="0xAa"} 90',
      'brop_relay_stuck{relay="0xBb"} 1',
      'brop_bundles_total{operations="up to 1"} 10',
      "brop_bundles_resent_total 11",
      "brop_bundles_refused_total 12",
      'brop_reads_total{answered="from memory"} 3',
      "brop_read_cache_bytes 1000",
      'brop_rpc_refusals_total{code="request.invalid"} 7',
      "brop_rpc_sockets 1",
      "brop_rpc_sockets_cut_off_total 6",
      "brop_rpc_subscriptions 8",
    ]);
    // Nobody knows what a key may send that another process has.
    expect(lines.filter((line) => line.startsWith("brop_relay_allowance"))).to.have.lengthOf(1);
    await server.close();
    await db.close();
  });
});
