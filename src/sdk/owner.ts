import { BaseWallet, type Signer, type TypedDataDomain, TypedDataEncoder, type TypedDataField } from "ethers";
import { OPERATION_TYPES, operationDomain } from "../core/operation-typed-data.ts";
import { DUMMY_SIGNATURE, ENTRY_POINT, pack, type UserOperation, userOperationHash } from "../core/user-operation.ts";

/** A key that is no Ethereum key (ERC-7913: passkey, P-256, RSA certificate) or lives behind another interface. */
export interface HashSigner {
  /** Signs 32 bytes as they are, with no prefix. @returns the signature as the account's verifier takes it, `0x...` */
  sign(hash: string): Promise<string> | string;
  /** A signature of the right form for estimates; by default that of an Ethereum key. */
  dummySignature?: string;
}

/** Whoever operates an account: any ethers signer (wallet, browser wallet, Web3Signer), or another kind of key. */
export type Owner = Signer | HashSigner;

export function dummySignatureOf(owner: Owner): string {
  return ("sign" in owner && owner.dummySignature) || DUMMY_SIGNATURE;
}

/** Signs an operation for this chain. @returns the signature and the operation's hash */
export async function signOperation(owner: Owner, operation: UserOperation, chainId: bigint) {
  const hash = userOperationHash(operation, ENTRY_POINT, chainId);
  if (owner instanceof BaseWallet) return { hash, signature: owner.signingKey.sign(hash).serialized };
  if (!("signTypedData" in owner)) return { hash, signature: await owner.sign(hash) };
  const { signature: _signature, ...value } = pack(operation);
  return { hash, signature: await owner.signTypedData(operationDomain(chainId), OPERATION_TYPES, value) };
}

/** Signs typed data (EIP-712) with the owner's key. */
export async function signTyped(
  owner: Owner,
  domain: TypedDataDomain,
  types: Record<string, TypedDataField[]>,
  // biome-ignore lint/suspicious/noExplicitAny: ethers' own type of typed data
  value: Record<string, any>,
): Promise<string> {
  if ("signTypedData" in owner) return owner.signTypedData(domain, types, value);
  return owner.sign(TypedDataEncoder.hash(domain, types, value));
}
