import { secp256k1 } from "@noble/curves/secp256k1.js";
import { BropError } from "../errors.ts";
import { bytesToHex, hexToBytes } from "../hex.ts";
import { keccak256 } from "../keccak.ts";

/**
 * The public key (65 bytes) whose owner signed a digest.
 * @param signature r and s, 64 bytes, s in the lower half
 * @param recovery 0 or 1
 * @throws for what is no signature
 */
export type RecoverKey = (digest: Uint8Array, signature: Uint8Array, recovery: number) => Uint8Array;

/** Where an address begins in the hash of its public key. */
const ADDRESS_START = 12;

const recoverWithNoble: RecoverKey = (digest, signature, recovery) =>
  secp256k1.Signature.fromBytes(signature, "compact").addRecoveryBit(recovery).recoverPublicKey(digest).toBytes(false);

let implementation: RecoverKey = recoverWithNoble;

/** Address, in lower case, of the key that signed. @throws for what is no signature */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array, recovery: number): string {
  const key = implementation(digest, signature, recovery);
  return bytesToHex(keccak256(key.subarray(1)).subarray(ADDRESS_START));
}

/**
 * Takes a faster implementation for this process. The one in JavaScript runs everywhere; recovering seals is nearly all
 * of the work of judging headers and bundles.
 * @throws BropError `service.internal` if it is another function
 */
export function setRecoverKey(faster: RecoverKey): void {
  // The signature of the secret key 1 and the nonce 1 over the digest 1: r is the generator's x, s = 1 + r.
  const generator = hexToBytes("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
  const digest = hexToBytes(`0x${"0".repeat(63)}1`);
  const s = hexToBytes("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81799");
  const key = faster(digest, Uint8Array.from([...generator, ...s]), 0);
  if (bytesToHex(key.subarray(1, 33)) !== bytesToHex(generator)) {
    throw new BropError("service.internal", { reason: "not the recovery of secp256k1 keys" });
  }
  implementation = faster;
}
