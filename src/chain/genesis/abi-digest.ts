import type { InterfaceAbi } from "ethers";
import { sha256, toUtf8Bytes } from "ethers";
import { canonicalize } from "../../core/canonical-json.ts";

/** Digest of a contract's interface as Directory keeps it: SHA-256 of the ABI's canonical JSON (RFC 8785). */
export function abiDigest(abi: InterfaceAbi): string {
  return sha256(toUtf8Bytes(canonicalize(abi)));
}
