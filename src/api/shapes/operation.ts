import { AbiCoder } from "ethers";
import { decodeContractError } from "../../chain/contract-errors.ts";
import { decodeSerial } from "../../core/serial.ts";
import type { OperationRow, PooledOperationRow } from "../../store/queries/operations.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import {
  address,
  blockNumber,
  bytes,
  described,
  flag,
  hash,
  nullable,
  objectOf,
  oneOf,
  text,
  time,
  whole,
} from "../schema.ts";

/** Selector of `Error(string)`. */
const PLAIN_ERROR = "0x08c379a0";
const STATES = ["received", "submitted", "included", "expired", "displaced"] as const;

export const operationSchema = objectOf({
  hash,
  sender: described(address, "Account whose operation it is"),
  nonce: described(text, "Decimal digits"),
  deadline: nullable(
    described(blockNumber, "Last block in which it can be included; null: an ordinary nonce has none"),
  ),
  state: described(oneOf(STATES), "included, expired and displaced are final"),
  success: nullable(described(flag, "Whether its execution succeeded; null: not included")),
  reason: nullable(described(text, "Why its execution failed, or why it was not included so far")),
  revertData: nullable(described(bytes, "What the failed execution returned")),
  gasUsed: nullable(whole),
  relay: nullable(described(address, "Sender of the transaction that included it")),
  includedAt: nullable(time),
  blockNumber: nullable(described(blockNumber, "Block of its inclusion, or in which another end was certain")),
  transactionHash: nullable(hash),
});

/** An operation that is on the chain. */
export function showOperation(row: OperationRow) {
  return {
    hash: toHex(row.hash),
    sender: toAddress(row.sender),
    nonce: row.nonce,
    deadline: deadlineOf(row.nonce),
    state: "included",
    success: row.success,
    reason: orNull(row.revert_reason, reasonOf),
    revertData: orNull(row.revert_reason, toHex),
    gasUsed: row.gas_used,
    relay: toAddress(row.relay),
    includedAt: toTime(row.timestamp),
    blockNumber: row.block_number,
    transactionHash: toHex(row.transaction_hash),
  };
}

/** An operation that only the access node knows so far, or whose end is no place on the chain. */
export function showPooledOperation(row: PooledOperationRow) {
  return {
    hash: toHex(row.hash),
    sender: toAddress(row.sender),
    nonce: row.nonce,
    deadline: row.deadline,
    state: row.state,
    success: row.success,
    reason: row.reason?.message ?? null,
    revertData: null,
    gasUsed: null,
    relay: null,
    includedAt: null,
    blockNumber: row.block_number,
    transactionHash: orNull(row.transaction_hash, toHex),
  };
}

function deadlineOf(nonce: string): number | null {
  const serial = decodeSerial(BigInt(nonce));
  return serial.tagged ? serial.deadlineBlock : null;
}

/** Name of the contract's custom error, where it is one of ours; the text of a plain `Error(string)`. */
function reasonOf(revertData: Uint8Array): string | null {
  const hex = toHex(revertData);
  return decodeContractError(hex)?.name ?? decodePlainError(hex);
}

function decodePlainError(hex: string): string | null {
  if (!hex.startsWith(PLAIN_ERROR)) return null;
  try {
    return AbiCoder.defaultAbiCoder().decode(["string"], `0x${hex.slice(PLAIN_ERROR.length)}`)[0] as string;
  } catch {
    return null;
  }
}
