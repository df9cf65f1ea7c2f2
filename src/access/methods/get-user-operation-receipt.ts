import { getAddress, ZeroAddress } from "ethers";
import { errorFromRevert } from "../../chain/contract-errors.ts";
import { logsOfOperation, readOperationEvents } from "../../chain/operation-events.ts";
import { ENTRY_POINT } from "../../core/user-operation.ts";
import type { Lookup } from "../bundler/lookup.ts";
import type { RpcMethod } from "../json-rpc.ts";
import { operationHash } from "./operation-hash.ts";

/**
 * `eth_getUserOperationReceipt` (ERC-7769). Null as long as the operation is not included, so also for one that never
 * will be: `brop_getOperationStatus` tells these apart.
 */
export function getUserOperationReceipt(lookup: Lookup): RpcMethod {
  return async ([value]) => {
    const hash = operationHash(value);
    const transaction = await lookup.transactionOf(hash);
    const receipt = transaction === undefined ? null : await lookup.receipt(transaction);
    const event = readOperationEvents(receipt?.logs ?? []).find((candidate) => candidate.hash === hash);
    if (receipt === null || event === undefined) return null;
    const { sender, nonce, paymaster, success, actualGasCost, actualGasUsed, revert } = event;
    return {
      userOpHash: hash,
      entryPoint: ENTRY_POINT,
      sender: getAddress(sender),
      nonce: `0x${nonce.toString(16)}`,
      ...(paymaster === ZeroAddress ? {} : { paymaster: getAddress(paymaster) }),
      actualGasCost: `0x${actualGasCost.toString(16)}`,
      actualGasUsed: `0x${actualGasUsed.toString(16)}`,
      success,
      ...(success
        ? {}
        : { reason: revert === undefined ? "the call reverted without a reason" : errorFromRevert(revert).message }),
      logs: logsOfOperation(receipt.logs, hash),
      receipt,
    };
  };
}
