import { computeAddress, SigningKey } from "ethers";
import { bytesToHex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import type { EcdsaSignature } from "../legacy-transaction.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Half the order of secp256k1: chains refuse an s above it (EIP-2). */
export const MOST_S = ORDER / 2n;

/** Address of the key that signed the keccak256 of bytes; undefined for what is nobody's signature. */
export function recoveredAddress(bytes: Uint8Array, signature: EcdsaSignature): string | undefined {
  try {
    return computeAddress(SigningKey.recoverPublicKey(bytesToHex(keccak256(bytes)), signature));
  } catch {
    // No point of the curve.
    return undefined;
  }
}

/** r and s of 64 bytes, with the s that chains take (EIP-2). */
export function lowSignature(bytes: Uint8Array): { r: string; s: string } {
  const s = BigInt(bytesToHex(bytes.slice(32)));
  const low = s > MOST_S ? ORDER - s : s;
  return { r: bytesToHex(bytes.slice(0, 32)), s: `0x${low.toString(16).padStart(64, "0")}` };
}
