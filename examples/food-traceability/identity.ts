import { randomBytes } from "node:crypto";
import { canonicalBytes } from "../../src/core/canonical-json.ts";
import { bytesToHex, digestBytes } from "../../src/sdk/index.ts";

/**
 * Digest of identity data, for the chain. Names and card numbers can be guessed, so a random salt goes with them;
 * whoever certifies keeps both, and can show later what it was that it certified.
 */
export function identityDigest(data: Readonly<Record<string, string>>): { digest: string; salt: string } {
  const salt = bytesToHex(randomBytes(32));
  return { digest: bytesToHex(digestBytes(canonicalBytes({ ...data, salt }))), salt };
}

/** A year from now, for certifications. */
export function inAYear(): Date {
  return new Date(Date.now() + 365 * 24 * 3600 * 1000);
}
