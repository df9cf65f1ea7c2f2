import { ENTRY_POINT, pack, type UserOperation } from "./user-operation.ts";

/** EIP-712 typed data in the form of `eth_signTypedData_v4`, with its domain's type. */
export interface TypedData {
  domain: Record<string, unknown>;
  types: Record<string, { name: string; type: string }[]>;
  primaryType: string;
  message: Record<string, unknown>;
}

/** EntryPoint 0.8 signs operations as typed data, so that every wallet can show and sign them. */
export const OPERATION_TYPES = {
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

const DOMAIN_TYPE = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

/** EIP-712 domain of operations on a chain. */
export function operationDomain<ChainId extends number | bigint>(chainId: ChainId) {
  return { name: "ERC4337", version: "1", chainId, verifyingContract: ENTRY_POINT };
}

/** What a wallet shows and signs for an operation (EntryPoint 0.8): its EIP-712 hash is the operation's. */
export function operationTypedData(operation: UserOperation, chainId: number): TypedData {
  const { signature: _signature, ...packed } = pack(operation);
  return {
    domain: operationDomain(chainId),
    types: { EIP712Domain: DOMAIN_TYPE, ...OPERATION_TYPES },
    primaryType: "PackedUserOperation",
    message: { ...packed, nonce: packed.nonce.toString(), preVerificationGas: packed.preVerificationGas.toString() },
  };
}
