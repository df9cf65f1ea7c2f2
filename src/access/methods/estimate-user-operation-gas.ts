import { parseUserOperation, type UserOperation } from "../../core/user-operation.ts";
import { checkEntryPoint, checkForm, checkSerial } from "../bundler/checks.ts";
import type { Estimator } from "../bundler/estimator.ts";
import type { RpcMethod } from "../json-rpc.ts";

/** `eth_estimateUserOperationGas` (ERC-7769). Limits, fees and signature may be absent or dummies. */
export function estimateUserOperationGas(estimator: Estimator, head: () => number): RpcMethod {
  return async ([json, entryPoint]) => {
    checkEntryPoint(entryPoint);
    const signed = typeof json === "object" && json !== null ? { signature: "0x", ...json } : json;
    // Fees do not change what it takes; a client may fill in its own guess here.
    const fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const operation: UserOperation = { ...parseUserOperation(signed, { forEstimate: true }), ...fees };
    checkForm(operation);
    checkSerial(operation, head());
    const { preVerificationGas, verificationGasLimit, callGasLimit } = await estimator.estimate(operation);
    return {
      preVerificationGas: `0x${preVerificationGas.toString(16)}`,
      verificationGasLimit: `0x${verificationGasLimit.toString(16)}`,
      callGasLimit: `0x${callGasLimit.toString(16)}`,
    };
  };
}
