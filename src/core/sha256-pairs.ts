import { sha256 } from "@noble/hashes/sha2.js";
import { BropError } from "./errors.ts";
import { bytesToHex } from "./hex.ts";

/** Writes the SHA-256 digest of each 64 bytes of `pairs` into `target`, one after another. */
export type PairHasher = (pairs: Uint8Array, target: Uint8Array) => void;

const PAIR = 64;
const CHUNK = 32;
/** Of 64 zero bytes. */
const ZERO_PAIR = "0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b";

let implementation: PairHasher = (pairs, target) => {
  for (let at = 0; at < pairs.length; at += PAIR) target.set(sha256(pairs.subarray(at, at + PAIR)), at >>> 1);
};

/** One step up in a Merkle tree of SHA-256: `target` is half as long as `pairs`. */
export const hashPairs: PairHasher = (pairs, target) => implementation(pairs, target);

/**
 * Takes a faster implementation for this process; `sha256-pairs.node.ts` has one.
 * @throws BropError `service.internal` if it is another function
 */
export function setPairHasher(faster: PairHasher): void {
  const target = new Uint8Array(CHUNK);
  faster(new Uint8Array(PAIR), target);
  if (bytesToHex(target) !== ZERO_PAIR) throw new BropError("service.internal", { reason: "not SHA-256" });
  implementation = faster;
}
