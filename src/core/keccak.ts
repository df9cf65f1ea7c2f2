import { keccak_256 } from "@noble/hashes/sha3.js";
import { BropError } from "./errors.ts";
import { bytesToHex } from "./hex.ts";

type Keccak = (bytes: Uint8Array) => Uint8Array;

const EMPTY = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
let implementation: Keccak = keccak_256;

/** Keccak-256 as Ethereum uses it. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return implementation(bytes);
}

/**
 * Takes a faster implementation for this process. The one in JavaScript runs everywhere; a bundler that hashes
 * thousands of operations a second spends a quarter of its time in it.
 * @throws BropError `service.internal` if it is another function
 */
export function setKeccak256(faster: Keccak): void {
  if (bytesToHex(faster(new Uint8Array(0))) !== EMPTY) {
    throw new BropError("service.internal", { reason: "not Keccak-256" });
  }
  implementation = faster;
}
