import { ENTRY_POINT } from "../core/user-operation.ts";

const ADDRESS = ENTRY_POINT.toLowerCase();
/** Topic of `UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)`. */
export const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";
/** Topic of `UserOperationRevertReason(bytes32,address,uint256,bytes)`. */
export const USER_OPERATION_REVERT_REASON = "0x1c4fada7374c0a9ee8841fc38afe82932dc0f8e69012e927f061a8bae611a201";
/** Topic of `BeforeExecution()`, which stands between validation and the first operation of a bundle. */
const BEFORE_EXECUTION = "0xbb47ee3e183a558b1a2ff0874b079f3fc5478b7454eacf2bfc5af2ff5878f972";

/** A log as JSON-RPC carries it. */
export interface EventLog {
  address: string;
  topics: readonly string[];
  data: string;
  blockNumber: string;
  transactionHash: string;
}

/** What EntryPoint says about an included operation. */
export interface OperationEvent {
  hash: string;
  sender: string;
  paymaster: string;
  nonce: bigint;
  success: boolean;
  actualGasCost: bigint;
  actualGasUsed: bigint;
  blockNumber: number;
  transactionHash: string;
  /** Revert data of a failed execution. */
  revert: string | undefined;
}

/**
 * Reads operations from logs, in order; logs of other contracts are passed over. The words stand at fixed places: no
 * parser is needed.
 */
export function readOperationEvents(logs: readonly EventLog[]): OperationEvent[] {
  const reverts = new Map<string, string>();
  const events: OperationEvent[] = [];
  for (const log of logs) {
    if (!isEntryPoint(log)) continue;
    const [topic, hash = "", sender = "", paymaster = ""] = log.topics;
    if (topic === USER_OPERATION_REVERT_REASON) reverts.set(hash, bytesAt(log.data));
    if (topic !== USER_OPERATION_EVENT) continue;
    events.push({
      hash,
      sender: `0x${sender.slice(26)}`,
      paymaster: `0x${paymaster.slice(26)}`,
      nonce: wordAt(log.data, 0),
      success: wordAt(log.data, 1) === 1n,
      actualGasCost: wordAt(log.data, 2),
      actualGasUsed: wordAt(log.data, 3),
      blockNumber: Number(log.blockNumber),
      transactionHash: log.transactionHash,
      revert: reverts.get(hash),
    });
  }
  return events;
}

/**
 * The logs of one operation in its bundle's receipt: what stands between the end of the operation before it and its own
 * end. Its validation's logs stand before all executions and belong to nobody there.
 */
export function logsOfOperation<Log extends EventLog>(logs: readonly Log[], hash: string): Log[] {
  let begin = 0;
  for (const [index, log] of logs.entries()) {
    if (!isEntryPoint(log)) continue;
    if (log.topics[0] === BEFORE_EXECUTION) begin = index + 1;
    if (log.topics[0] !== USER_OPERATION_EVENT) continue;
    if (log.topics[1] === hash) return logs.slice(begin, index + 1);
    begin = index + 1;
  }
  return [];
}

function isEntryPoint({ address }: EventLog): boolean {
  return address.toLowerCase() === ADDRESS;
}

function wordAt(data: string, index: number): bigint {
  return BigInt(`0x${data.slice(2 + index * 64, 66 + index * 64)}`);
}

/** The bytes of `(uint256 nonce, bytes revertReason)`. */
function bytesAt(data: string): string {
  const length = Number(wordAt(data, 2));
  return `0x${data.slice(2 + 3 * 64, 2 + 3 * 64 + length * 2)}`;
}
