import { RLP } from "@ethereumjs/rlp";
import { keccak256 } from "../core/keccak.ts";

/** A transaction without a price: BROP has no fees. */
export interface FreeTransaction {
  chainId: bigint;
  nonce: number;
  to: string;
  data: string;
  gasLimit: number;
}

/** A signed transaction as nodes take it, and its hash. */
export interface SignedTransaction {
  readonly raw: string;
  readonly hash: string;
}

/** A signature on secp256k1. */
export interface EcdsaSignature {
  /** 32 bytes, `0x...`, as `s`. */
  r: string;
  s: string;
  yParity: 0 | 1;
}

/**
 * What is signed of a legacy transaction with gas price 0: its signature is over the keccak256 of these bytes (EIP-155).
 * Relays' bundles are large: ethers' own encoding of 100 kB takes tens of milliseconds.
 */
export function unsignedBytes(transaction: FreeTransaction): Uint8Array {
  return RLP.encode([...fieldsOf(transaction), transaction.chainId, 0, 0]);
}

/** Puts a signature to its transaction. */
export function joinSignature(
  transaction: FreeTransaction,
  { r, s, yParity }: Readonly<EcdsaSignature>,
): SignedTransaction {
  const v = transaction.chainId * 2n + 35n + BigInt(yParity);
  const raw = RLP.encode([...fieldsOf(transaction), v, BigInt(r), BigInt(s)]);
  return {
    raw: hex(raw),
    // Only on demand: a node that takes the transaction says its hash.
    get hash() {
      return hex(keccak256(raw));
    },
  };
}

function fieldsOf({ nonce, to, data, gasLimit }: FreeTransaction) {
  return [nonce, 0, gasLimit, bytes(to), 0, bytes(data)];
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text.slice(2), "hex");
}

function hex(value: Uint8Array): string {
  return `0x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
}
