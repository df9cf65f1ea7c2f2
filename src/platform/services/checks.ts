import type { RpcClient } from "../../chain/rpc-client.ts";
import type { Database } from "../../store/database.ts";
import type { HealthCheck } from "../health.ts";
import type { Measurement } from "../metrics.ts";
import { settledWithin } from "../settled-within.ts";

/** Milliseconds after which what does not answer is not well. */
const LONGEST_CHECK = 2_000;

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

/** For /metrics: what /readyz answers. */
export function readiness(checks: readonly HealthCheck[]): Measurement {
  return {
    ...{ name: "brop_ready", label: "check" },
    help: "1 while what the process needs for its work does it, by /readyz's checks",
    read: async () => {
      const states = await Promise.all(checks.map(async (check) => [check.name, Number(await isWell(check))] as const));
      return Object.fromEntries(states);
    },
  };
}

async function isWell({ fault }: HealthCheck): Promise<boolean> {
  return settledWithin(LONGEST_CHECK, fault).then(
    (reason) => reason === undefined,
    () => false,
  );
}
