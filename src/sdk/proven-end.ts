import type { ProvenInclusion } from "../chain/operation-end/proven-block.ts";
import type { ProvenEnd } from "../chain/operation-end/proven-operation-ends.ts";
import { BropError } from "../core/errors.ts";
import { ENTRY_POINT } from "../core/user-operation.ts";
import { operationReverted } from "./errors.ts";
import type { FollowedOperation, OperationEnd, RpcReceipt } from "./operation-transport.ts";

/** A proven end in the form in which the follower tells ends. */
export function proofOfEnd(operation: FollowedOperation, end: ProvenEnd): OperationEnd {
  const { hash, deadlineBlock: deadline } = operation;
  if (end.state === "expired") {
    return { error: new BropError("operation.expired", { operation: hash, deadline, provenAtBlock: end.block }) };
  }
  if (end.state === "displaced") {
    const { block, transactionHash: transaction, by } = end;
    return { error: new BropError("operation.displaced", { operation: hash, deadline, by, block, transaction }) };
  }
  const receipt = receiptOf(operation, end);
  if (end.success) return { receipt };
  const details = { operation: hash, block: end.block, transaction: end.transactionHash };
  return { receipt, error: operationReverted(end.reason, details) };
}

/** The receipt of one operation as JSON-RPC would give it, made of nothing but what is proven. */
function receiptOf({ hash, sender }: FollowedOperation, end: ProvenInclusion): RpcReceipt {
  const { block, blockHash, transactionIndex, bundle, receipt, success } = end;
  return {
    ...{ type: hex(bundle.type), status: success ? "0x1" : "0x0", cumulativeGasUsed: hex(bundle.cumulativeGasUsed) },
    ...{ blockHash, blockNumber: hex(block), transactionIndex: hex(transactionIndex), transactionHash: hash },
    ...{ from: sender, to: ENTRY_POINT, contractAddress: null, effectiveGasPrice: "0x0" },
    ...{ gasUsed: hex(receipt.gasUsed), logsBloom: bundle.logsBloom },
    logs: receipt.logs.map((log) => ({
      ...log,
      transactionIndex: hex(log.transactionIndex),
      logIndex: hex(log.logIndex),
      removed: false,
    })),
  };
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
