import { AbiCoder } from "ethers";
import { ENTRY_POINT } from "../core/user-operation.ts";

/** A log in the form of JSON-RPC. */
export interface RpcLog {
  address: string;
  topics: readonly string[];
  data: string;
  blockNumber: string;
  transactionHash: string;
}

// Topics of EntryPoint v0.8.
/** UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed) */
export const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";
/** BeforeExecution() */
const BEFORE_EXECUTION = "0xbb47ee3e183a558b1a2ff0874b079f3fc5478b7454eacf2bfc5af2ff5878f972";
/** UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason) */
const USER_OPERATION_REVERT_REASON = "0x1c4fada7374c0a9ee8841fc38afe82932dc0f8e69012e927f061a8bae611a201";

/** How an operation was executed, read from its bundle's receipt. */
export interface OperationExecution<Log extends RpcLog> {
  success: boolean;
  gasUsed: bigint;
  /** What its execution reverted with; undefined where it succeeded or gave no reason. */
  revertData: string | undefined;
  /** Its own logs: what stands between the end of the operation before it and its own end. */
  logs: Log[];
}

/**
 * Finds an operation among the logs of its bundle. Validations' logs stand before all executions and belong to nobody.
 * @returns undefined if the bundle did not carry the operation
 */
export function executionOf<Log extends RpcLog>(
  logs: readonly Log[],
  hash: string,
): OperationExecution<Log> | undefined {
  let begin = 0;
  let revertData: string | undefined;
  for (const [index, { address, topics, data }] of logs.entries()) {
    if (address.toLowerCase() !== ENTRY_POINT.toLowerCase()) continue;
    if (topics[0] === BEFORE_EXECUTION) begin = index + 1;
    if (topics[0] === USER_OPERATION_REVERT_REASON && topics[1] === hash) {
      revertData = AbiCoder.defaultAbiCoder().decode(["uint256", "bytes"], data)[1] as string;
    }
    if (topics[0] !== USER_OPERATION_EVENT) continue;
    if (topics[1] === hash) {
      const [, success, , gasUsed] = AbiCoder.defaultAbiCoder().decode(["uint256", "bool", "uint256", "uint256"], data);
      return { success, gasUsed, revertData, logs: logs.slice(begin, index + 1) };
    }
    begin = index + 1;
  }
  return undefined;
}
