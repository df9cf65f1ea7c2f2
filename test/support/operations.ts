import { getBytes, type Wallet } from "ethers";
import { type Call, encodeExecute } from "../../src/core/execution.ts";
import { encodeHandleOps } from "../../src/core/handle-ops.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import { ENTRY_POINT, pack, type UserOperation, userOperationHash } from "../../src/core/user-operation.ts";
import { CHAIN_ID } from "./chain-id.ts";

export interface OperationInput {
  account: string;
  owner: Wallet;
  calls: Call[];
  deadlineBlock: number;
  callGasLimit?: bigint;
  verificationGasLimit?: bigint;
}

/** A signed operation with a random serial. */
export function signOperation({ account, owner, calls, deadlineBlock, ...limits }: OperationInput): UserOperation {
  const operation: UserOperation = {
    sender: account,
    nonce: encodeSerial({ deadlineBlock }),
    callData: encodeExecute(calls),
    callGasLimit: limits.callGasLimit ?? 150_000n,
    verificationGasLimit: limits.verificationGasLimit ?? 150_000n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: "0x",
  };
  const hash = userOperationHash(operation, ENTRY_POINT, CHAIN_ID);
  return { ...operation, signature: owner.signingKey.sign(getBytes(hash)).serialized };
}

/** Sends operations as one bundle. @returns gas used by the whole transaction */
export async function sendBundle(relay: Wallet, operations: UserOperation[]): Promise<bigint> {
  const data = encodeHandleOps(operations.map(pack), relay.address);
  const response = await relay.sendTransaction({ to: ENTRY_POINT, data, gasLimit: 16_700_000, gasPrice: 0, type: 0 });
  const receipt = await response.wait();
  if (receipt === null) throw new Error("The bundle has no receipt");
  const succeeded = receipt.logs.filter(
    ({ topics, data: log }) => topics[0] === USER_OPERATION_EVENT && BigInt(`0x${log.slice(66, 130)}`) === 1n,
  );
  if (succeeded.length !== operations.length) throw new Error("An operation of the bundle failed");
  return receipt.gasUsed;
}

/** Topic of EntryPoint's UserOperationEvent; the second word of its data says whether the operation succeeded. */
const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";
