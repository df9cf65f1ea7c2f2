import type { RpcClient } from "../../chain/rpc-client.ts";
import type { Database } from "../../store/database.ts";
import type { HealthCheck } from "../health.ts";
import type { Measurement } from "../metrics.ts";

/** Whether the chain's node answers. */
export function chainCheck(rpc: RpcClient): HealthCheck {
  return {
    name: "chain",
    async fault() {
      await rpc.call("eth_blockNumber");
      return undefined;
    },
  };
}

/** Whether the database answers. */
export function databaseCheck(db: Database): HealthCheck {
  return {
    name: "database",
    async fault() {
      await db.query("select 1", []);
      return undefined;
    },
  };
}

/** For /metrics. */
export function chainHead(rpc: RpcClient): Measurement {
  return {
    name: "brop_chain_head",
    help: "Newest block of the chain's node",
    read: async () => Number(await rpc.call<string>("eth_blockNumber")),
  };
}
