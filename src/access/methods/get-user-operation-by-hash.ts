import { ENTRY_POINT } from "../../core/user-operation.ts";
import type { Lookup } from "../bundler/lookup.ts";
import type { RpcMethod } from "../json-rpc.ts";
import { operationHash } from "./operation-hash.ts";

/** `eth_getUserOperationByHash` (ERC-7769). Null for one that nobody has seen; pending ones have no block. */
export function getUserOperationByHash(lookup: Lookup): RpcMethod {
  return async ([value]) => {
    const hash = operationHash(value);
    const transaction = await lookup.transactionOf(hash);
    const userOperation = await lookup.operation(hash, transaction);
    if (userOperation === undefined) return null;
    const receipt = transaction === undefined ? null : await lookup.receipt(transaction);
    const { blockNumber = null, blockHash = null, transactionHash = null } = receipt ?? {};
    return { userOperation, entryPoint: ENTRY_POINT, blockNumber, blockHash, transactionHash };
  };
}
