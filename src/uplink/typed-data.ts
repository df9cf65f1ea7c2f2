import { ENTRY_POINT, pack, type UserOperation } from "../core/user-operation.ts";

/** EIP-712 typed data in the form of `eth_signTypedData_v4`, with its domain's type. */
export interface TypedData {
  domain: Record<string, unknown>;
  types: Record<string, { name: string; type: string }[]>;
  primaryType: string;
  message: Record<string, unknown>;
}

const TYPES = {
  EIP712Domain: [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
  ],
  PackedUserOperation: [
    { name: "sender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "initCode", type: "bytes" },
    { name: "callData", type: "bytes" },
    { name: "accountGasLimits", type: "bytes32" },
    { name: "preVerificationGas", type: "uint256" },
    { name: "gasFees", type: "bytes32" },
    { name: "paymasterAndData", type: "bytes" },
  ],
};

/** What a wallet shows and signs for an operation (EntryPoint 0.8): its EIP-712 hash is the operation's. */
export function operationTypedData(operation: UserOperation, chainId: number): TypedData {
  const { signature: _signature, ...packed } = pack(operation);
  return {
    domain: { name: "ERC4337", version: "1", chainId, verifyingContract: ENTRY_POINT },
    types: TYPES,
    primaryType: "PackedUserOperation",
    message: { ...packed, nonce: packed.nonce.toString(), preVerificationGas: packed.preVerificationGas.toString() },
  };
}
