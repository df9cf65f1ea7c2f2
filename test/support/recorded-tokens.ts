import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StampDigest } from "../../src/core/timestamp/algorithms.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/timestamps");

/** What openssl has made: see test/fixtures/timestamps/make.sh. */
export const RECORDED: readonly { name: string; algorithm: StampDigest; policy: string }[] = [
  { name: "p256-sha256", algorithm: "SHA-256", policy: "1.3.6.1.4.1.32473.1" },
  { name: "p384-sha384", algorithm: "SHA-384", policy: "1.3.6.1.4.1.32473.1" },
  { name: "rsa-sha512", algorithm: "SHA-512", policy: "1.3.6.1.4.1.32473.1" },
  { name: "rsa-pss", algorithm: "SHA-512", policy: "1.3.6.1.4.1.32473.1" },
];

export function recordedFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, name)));
}

export const recordedToken = (name: string): Uint8Array => recordedFile(`${name}.token`);
export const recordedRoot = (): Uint8Array => recordedFile("root.der");

/** Digest of what the recorded tokens stamp. */
export function recordedDigest(algorithm: StampDigest = "SHA-256"): Uint8Array {
  const name = algorithm.replace("-", "").toLowerCase();
  return new Uint8Array(createHash(name).update(recordedFile("stamped.txt")).digest());
}
