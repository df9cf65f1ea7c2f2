import { RLP } from "@ethereumjs/rlp";
import type { SigningKey } from "ethers";
import { keccak256 } from "../core/keccak.ts";

/** A transaction without a price: BROP has no fees. */
export interface FreeTransaction {
  chainId: bigint;
  nonce: number;
  to: string;
  data: string;
  gasLimit: number;
}

/**
 * Signs a legacy transaction (EIP-155) with gas price 0. For relays, whose bundles are large: ethers' own encoding of
 * 100 kB takes tens of milliseconds.
 * @returns the raw transaction and its hash
 */
export function signFreeTransaction(
  transaction: FreeTransaction,
  key: SigningKey,
): { readonly raw: string; readonly hash: string } {
  const { chainId, nonce, to, data, gasLimit } = transaction;
  const fields = [nonce, 0, gasLimit, bytes(to), 0, bytes(data)];
  const digest = keccak256(RLP.encode([...fields, chainId, 0, 0]));
  const { r, s, yParity } = key.sign(hex(digest));
  const raw = RLP.encode([...fields, chainId * 2n + 35n + BigInt(yParity), BigInt(r), BigInt(s)]);
  return {
    raw: hex(raw),
    // Only on demand: a node that takes the transaction says its hash.
    get hash() {
      return hex(keccak256(raw));
    },
  };
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text.slice(2), "hex");
}

function hex(value: Uint8Array): string {
  return `0x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
}
