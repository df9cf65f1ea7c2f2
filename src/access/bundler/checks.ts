import { BropError } from "../../core/errors.ts";
import { decodeSerial, MAX_DEADLINE_DISTANCE } from "../../core/serial.ts";
import { ENTRY_POINT, type UserOperation } from "../../core/user-operation.ts";
import { BUNDLE_GAS_BUDGET, operationGas } from "./gas.ts";
import { BUNDLE_BYTES, bytesOf } from "./packer.ts";

/** Most verification gas of one operation; a passkey on a node without a precompile needs a tenth of it. */
export const VERIFICATION_GAS_LIMIT = 5_000_000n;

/** @throws BropError `operation.entry-point-unsupported` */
export function checkEntryPoint(entryPoint: unknown): void {
  if (typeof entryPoint === "string" && entryPoint.toLowerCase() === ENTRY_POINT.toLowerCase()) return;
  throw new BropError("operation.entry-point-unsupported", { entryPoint, supported: ENTRY_POINT });
}

/**
 * Refuses what the network never takes, in words: accounts come from partners only, nobody pays fees for another, and
 * there are no fees. Fields that are only estimated need not be set.
 * @throws BropError `operation.initcode-refused`, `operation.delegation-refused`, `operation.paymaster-refused`,
 * `request.invalid`
 */
export function checkForm(operation: UserOperation): void {
  const { sender, factory, factoryData, eip7702Auth, paymaster, maxFeePerGas, maxPriorityFeePerGas } = operation;
  if (eip7702Auth !== undefined || factory === "0x7702")
    throw new BropError("operation.delegation-refused", { sender });
  if (factory !== undefined || factoryData !== undefined) {
    throw new BropError("operation.initcode-refused", { sender, factory });
  }
  if (paymaster !== undefined) throw new BropError("operation.paymaster-refused", { sender, paymaster });
  if (maxFeePerGas !== 0n || maxPriorityFeePerGas !== 0n) {
    const field = maxFeePerGas === 0n ? "maxPriorityFeePerGas" : "maxFeePerGas";
    throw new BropError("request.invalid", { field, reason: "must be 0: the gas price is zero" });
  }
}

/**
 * Checks a random serial against the chain's height, as the account will (CH-5). Ordinary nonces pass.
 * @param head height of the chain: the next block is the first that could include the operation
 * @throws BropError `operation.serial-sequence`, `operation.deadline-passed`, `operation.deadline-too-far`
 */
export function checkSerial(operation: UserOperation, head: number): void {
  const serial = decodeSerial(operation.nonce);
  if (!serial.tagged) return;
  const { deadlineBlock: deadline, sequence } = serial;
  if (sequence !== 0n) throw new BropError("operation.serial-sequence", { sequence });
  if (deadline <= head) throw new BropError("operation.deadline-passed", { deadline, blockNumber: head });
  const furthest = head + MAX_DEADLINE_DISTANCE;
  if (deadline > furthest) throw new BropError("operation.deadline-too-far", { deadline, furthest });
}

/** @throws BropError `request.too-large`: calldata that is mostly zeros is cheap in gas and as long as any other */
export function checkLength(operation: UserOperation): void {
  const bytes = bytesOf({ operation });
  if (bytes > BUNDLE_BYTES) throw new BropError("request.too-large", { field: "callData", bytes, most: BUNDLE_BYTES });
}

/**
 * @param most gas for the operations of one bundle
 * @throws BropError `operation.gas-too-high` for an operation that no bundle can carry
 */
export function checkGas(operation: UserOperation, most = BUNDLE_GAS_BUDGET): void {
  const { verificationGasLimit, callGasLimit } = operation;
  if (verificationGasLimit > VERIFICATION_GAS_LIMIT) {
    throw new BropError("operation.gas-too-high", { field: "verificationGasLimit", most: VERIFICATION_GAS_LIMIT });
  }
  const needed = callGasLimit > BigInt(most) ? most + 1 : operationGas(operation);
  if (needed > most) {
    const others = needed - Number(callGasLimit);
    throw new BropError("operation.gas-too-high", {
      field: "callGasLimit",
      most: callGasLimit > BigInt(most) ? most : Math.max(0, most - others),
    });
  }
}
