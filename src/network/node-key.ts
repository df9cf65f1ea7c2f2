import { computeAddress, SigningKey, type TypedDataDomain, verifyTypedData, Wallet } from "ethers";
import { LocalSigner } from "../chain/signing/local-signer.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";

/** A node's key as others know it. */
export interface NodeIdentity {
  /** What validators are called on the chain. */
  address: string;
  /** `0x` and 64 bytes: the point without its leading 04, as in enode addresses. */
  publicKey: string;
}

export function createNodeKey(): string {
  return Wallet.createRandom().privateKey;
}

export function identityOf(privateKey: string): NodeIdentity {
  return identityOfPublicKey(`0x${new SigningKey(privateKey).publicKey.slice(4)}`);
}

export function identityOfPublicKey(publicKey: string): NodeIdentity {
  return { address: computeAddress(`0x04${publicKey.slice(2)}`), publicKey };
}

export function isNodePublicKey(publicKey: string): boolean {
  try {
    computeAddress(`0x04${publicKey.slice(2)}`);
    return true;
  } catch {
    return false;
  }
}

const VALIDATOR_KEY = {
  ValidatorKey: [
    { name: "seat", type: "address" },
    { name: "node", type: "address" },
  ],
};

/**
 * A node key's signature by which `ValidatorSet` knows that whoever asks for the place has it.
 * @param key private key, or a key that is kept elsewhere
 */
export function provePossession(key: string | TransactionSigner, seat: string, chainId: number): Promise<string> {
  const signer = typeof key === "string" ? new LocalSigner(key) : key;
  return signer.signTypedData(domainOf(chainId), VALIDATOR_KEY, { seat, node: signer.address });
}

/** Whether a proof is one of the node's key, for that seat on that chain. */
export function isPossessionProof(proof: string, node: string, seat: string, chainId: number): boolean {
  try {
    return verifyTypedData(domainOf(chainId), VALIDATOR_KEY, { seat, node }, proof) === node;
  } catch {
    return false;
  }
}

function domainOf(chainId: number): TypedDataDomain {
  return { name: "BROP ValidatorSet", version: "1", chainId, verifyingContract: SYSTEM_ADDRESSES.ValidatorSet };
}
