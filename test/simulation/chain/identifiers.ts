import { AbiCoder, keccak256 } from "ethers";

/** Identifier of a record, made with ethers: independent of the platform's own. */
export function recordIdOf(owner: string, digest: string, subject: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes32", "bytes32"], [owner, digest, subject]));
}
