import { AbiCoder } from "ethers";
import { errorFromRevert } from "../../chain/contract-errors.ts";
import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";
import { BropError } from "../../core/errors.ts";
import { encodeHandleOps } from "../../core/handle-ops.ts";
import { ENTRY_POINT, pack, type UserOperation, userOperationHash } from "../../core/user-operation.ts";
import { TRANSACTION_GAS_CAP, preVerificationGas as usualPreVerificationGas } from "./gas.ts";

/** Limits that an operation can be signed with. */
export interface GasEstimate {
  preVerificationGas: bigint;
  verificationGasLimit: bigint;
  callGasLimit: bigint;
}

/** Selector of `validateUserOp(PackedUserOperation,bytes32,uint256)`. */
const VALIDATE_USER_OP = "0x19822f7c";
const PACKED_TYPE = "tuple(address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)";
const TRANSACTION_BASE = 21_000n;
// EntryPoint counts its own work on the nonce (a fresh slot) and on the hash towards verification.
const ENTRY_POINT_VERIFICATION = 45_000n;
// A client's dummy signature may be refused before the costly part of its check: a passkey's on chain is 7,000 gas.
const SIGNATURE_MARGIN = 20_000n;
// What is kept as of a block (signers, certifications, custody balances) is overwritten in the block of the estimate and
// written anew in a later one: up to four fresh slots of 22,100 (EIP-2929), and what else changes meanwhile.
const CHECKPOINT_MARGIN = 100_000n;

/**
 * Estimates an operation's gas limits with `eth_estimateGas` alone, which every node has: validation and execution are
 * each called as EntryPoint will call them. The signature may be a dummy.
 */
export class Estimator {
  readonly #rpc: NodeRpc;
  readonly #chainId: bigint;

  constructor(rpc: NodeRpc, chainId: bigint) {
    this.#rpc = rpc;
    this.#chainId = chainId;
  }

  /**
   * @throws BropError why validation refuses the operation, or `operation.reverted` with what its execution says
   */
  async estimate(operation: UserOperation): Promise<GasEstimate> {
    const [validation, execution] = await this.#rpc.batch([
      estimateCall(operation.sender, this.#encodeValidation(operation)),
      estimateCall(operation.sender, operation.callData),
    ]);
    if (validation instanceof NodeRpcError) throw validationError(validation, operation);
    if (execution instanceof NodeRpcError) throw executionError(execution);
    const packed = pack(operation);
    const encoded = encodeHandleOps([packed], operation.sender);
    const verification = withoutBase(validation, this.#encodeValidation(operation));
    return {
      preVerificationGas: usualPreVerificationGas(packed, (encoded.length - 2) / 2),
      verificationGasLimit: (verification * 5n) / 4n + ENTRY_POINT_VERIFICATION + SIGNATURE_MARGIN,
      callGasLimit: (withoutBase(execution, operation.callData) * 6n) / 5n + CHECKPOINT_MARGIN,
    };
  }

  #encodeValidation(operation: UserOperation): string {
    const packed = pack(operation);
    const hash = userOperationHash(operation, ENTRY_POINT, this.#chainId);
    const values = [Object.values(packed), hash, 0n];
    return VALIDATE_USER_OP + AbiCoder.defaultAbiCoder().encode([PACKED_TYPE, "bytes32", "uint256"], values).slice(2);
  }
}

function estimateCall(sender: string, data: string) {
  const gas = `0x${TRANSACTION_GAS_CAP.toString(16)}`;
  return { method: "eth_estimateGas", params: [{ from: ENTRY_POINT, to: sender, data, gas }, "latest"] };
}

/** What a call costs without being a transaction: the base and the call data's price are a bundle's. */
function withoutBase(estimate: unknown, data: string): bigint {
  let callData = 0n;
  for (let position = 2; position < data.length; position += 2) {
    callData += data.slice(position, position + 2) === "00" ? 4n : 16n;
  }
  const gas = BigInt(estimate as string) - TRANSACTION_BASE - callData;
  return gas > 0n ? gas : 0n;
}

function validationError(error: NodeRpcError, { nonce }: UserOperation): BropError {
  const revert = error.revertData;
  if (revert === undefined) return new BropError("operation.rejected", { reason: error.message });
  const reason = errorFromRevert(revert, nonce);
  return reason.code === "contract.reverted" ? new BropError("operation.rejected", reason.details) : reason;
}

/** Always ERC-7769's "execution reverted", with the cause by its own code, and the revert data for the client to decode. */
function executionError(error: NodeRpcError): BropError {
  const revert = error.revertData;
  if (revert === undefined) return new BropError("operation.reverted", { reason: error.message });
  const cause = errorFromRevert(revert);
  return new BropError("operation.reverted", {
    ...cause.details,
    cause: cause.code,
    reason: cause.message,
    remedy: cause.remedy,
    revertData: revert,
  });
}
