import type { Config } from "../config.ts";
import { BropError } from "../core/errors.ts";

/** What the platform consists of. Each part is run by one process at a time on a data folder. */
export type Part = "chain" | "access" | "indexer" | "push" | "uplink" | "api";

/**
 * The parts that a process runs. The whole platform has a chain of its own unless it is given a network's node.
 *
 * @throws BropError `configuration.invalid` when a part has no chain to work with
 */
export function partsOf({ role, rpcUrl }: Config): ReadonlySet<Part> {
  if (role === "all") {
    const services: Part[] = ["access", "indexer", "push", "uplink", "api"];
    return new Set(rpcUrl === undefined ? ["chain", ...services] : services);
  }
  if (role === "chain" && rpcUrl !== undefined) {
    const reason = "the role `chain` runs a development chain of its own and takes no other node";
    throw new BropError("configuration.invalid", { setting: "BROP_RPC_URL, --rpc", reason });
  }
  if (role !== "chain" && rpcUrl === undefined) {
    const reason = `the role \`${role}\` needs the address of a chain's node`;
    throw new BropError("configuration.invalid", { setting: "BROP_RPC_URL, --rpc", reason });
  }
  return new Set([role]);
}
