import type { PackedUserOperation, UserOperation } from "../../core/user-operation.ts";

/** Cap on a transaction's gas (EIP-7825, Osaka). */
export const TRANSACTION_GAS_CAP = 16_777_216;

const TRANSACTION_BASE = 21_000;
/** What a bundle may use beside its operations. */
const MARGIN = 150_000;
/** Gas for all operations of one bundle, where a block holds a transaction of the greatest size. */
export const BUNDLE_GAS_BUDGET = TRANSACTION_GAS_CAP - TRANSACTION_BASE - MARGIN;

/** Gas for all operations of one bundle on a chain. */
export function bundleGasBudget(blockGasLimit: number): number {
  return Math.max(0, Math.min(TRANSACTION_GAS_CAP, blockGasLimit) - TRANSACTION_BASE - MARGIN);
}

/**
 * Gas that operations of new bundles may take beside what is under way: as much as a block holds. A block of many
 * bundles keeps place for one of somebody else's.
 */
export function blockGasRoom(blockGasLimit: number, underWay: number): number {
  const block = blockGasLimit >= 3 * TRANSACTION_GAS_CAP ? blockGasLimit - TRANSACTION_GAS_CAP : blockGasLimit;
  return Math.max(0, block - underWay - TRANSACTION_BASE - MARGIN);
}

// EntryPoint's work around one operation beyond the limits that the operation names: measured below 40,000.
const OPERATION_OVERHEAD = 40_000;
// EIP-7623: the floor price of call data. Never less than what call data really costs.
const ZERO_BYTE = 10;
const OTHER_BYTE = 40;
// Offset and static words of an operation in the call data, beside its bytes.
const OPERATION_WORDS = 32 * 16;

/**
 * Gas that an operation takes of a bundle's limit: its own limits, its call data and EntryPoint's work. An upper bound,
 * so that a bundle never runs out of gas because of how it was packed.
 */
export function operationGas(operation: UserOperation): number {
  const limits = Number(operation.verificationGasLimit + operation.callGasLimit);
  // EntryPoint wants 1/63 more than the call gets (EIP-150).
  return Math.ceil(limits * (64 / 63)) + OPERATION_OVERHEAD + callDataGas(operation);
}

function callDataGas({ callData, signature }: UserOperation): number {
  return bytesGas(callData) + bytesGas(signature) + OPERATION_WORDS * OTHER_BYTE * 0.5;
}

function bytesGas(hex: string): number {
  let zeros = 0;
  for (let position = 2; position < hex.length; position += 2) {
    if (hex.charCodeAt(position) === 48 && hex.charCodeAt(position + 1) === 48) zeros++;
  }
  return zeros * ZERO_BYTE + ((hex.length - 2) / 2 - zeros) * OTHER_BYTE;
}

/** Gas limit of a bundle whose operations take `gas` together. */
export function bundleGasLimit(gas: number): number {
  return Math.min(TRANSACTION_GAS_CAP, Math.ceil(gas) + TRANSACTION_BASE + MARGIN);
}

/**
 * The customary `preVerificationGas`: call data and a bundle's base, as if the operation were alone in it. Nothing is
 * paid for it here; clients and other bundlers expect the field to cover it.
 */
export function preVerificationGas(packed: PackedUserOperation, encodedLength: number): bigint {
  const OPERATION = 18_300;
  const WORD = 4;
  const bytes = bytesGas(packed.callData) + bytesGas(packed.signature);
  return BigInt(Math.ceil(TRANSACTION_BASE + OPERATION + bytes + (encodedLength / 32) * WORD + OPERATION_WORDS * 16));
}
