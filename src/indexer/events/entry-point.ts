import { type Log, topic, topicAddress, wordBoolean, wordBytes, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** ERC-4337 EntryPoint 0.8. */
export const entryPoint: ContractEvents = {
  "event UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason)":
    (log, changes) => {
      changes.append("operation_reverts", {
        operation: topic(log, 0),
        reason: wordBytes(log, 1),
        ...place(log),
      });
    },

  "event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)":
    (log, changes) => {
      changes.append("operations", {
        hash: topic(log, 0),
        sender: topicAddress(log, 1),
        nonce: wordNumeric(log, 0),
        success: wordBoolean(log, 1),
        gas_used: wordNumber(log, 3),
        transaction_hash: log.transaction,
        ...place(log),
      });
    },
};

function place(log: Log): { block_number: number; log_index: number } {
  return { block_number: log.block, log_index: log.log };
}
