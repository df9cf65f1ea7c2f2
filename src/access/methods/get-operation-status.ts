import type { Lookup } from "../bundler/lookup.ts";
import type { RpcMethod } from "../json-rpc.ts";
import { operationHash } from "./operation-hash.ts";

/**
 * `brop_getOperationStatus`: where an operation stands, with the ends that ERC-7769 has no words for (expired,
 * displaced). Null for one that nobody has seen here or on the chain.
 */
export function getOperationStatus(lookup: Lookup): RpcMethod {
  return ([hash]) => lookup.status(operationHash(hash));
}
