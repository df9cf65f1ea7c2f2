import type { DigestAlgorithm } from "../digest.ts";
import { digestWith } from "./algorithms.ts";

/**
 * The SHA-256 digest that authorities are given. A record's SHA-256 digest is given as it is, so that the token can be
 * verified with the file alone, by any program. Other digests, and hashes of blocks, are data themselves: of their 32
 * bytes the SHA-256 is given.
 *
 * @param algorithm of the digest; undefined for a block's hash
 */
export async function stampedDigest(digest: Uint8Array, algorithm: DigestAlgorithm | undefined): Promise<Uint8Array> {
  return algorithm === "sha2-256" ? digest : digestWith("SHA-256", digest);
}
