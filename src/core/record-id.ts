import { bytesToHex, writeHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";

const WORD = 32;
const ADDRESS_START = 12;

/**
 * Identifier of a record (EV-1): keccak256(owner, digest, subject), as `Records.recordId`. It contains the owner, so
 * that nobody can occupy another's record by copying a digest.
 * @param owner address, `0x` and 40 digits
 * @param digest `0x` and 64 digits
 * @param subject `0x` and 64 digits; zero: none
 */
export function recordId(owner: string, digest: string, subject: string): string {
  const words = new Uint8Array(3 * WORD);
  writeHex(words, ADDRESS_START, owner);
  writeHex(words, WORD, digest);
  writeHex(words, 2 * WORD, subject);
  return bytesToHex(keccak256(words));
}

/**
 * Identifier of an object whose records form a chain (EV-4): keccak256(owner, key), as `Records.objectId`.
 * @param owner address, `0x` and 40 digits
 * @param key digest of the object's business key, `0x` and 64 digits
 */
export function objectId(owner: string, key: string): string {
  const words = new Uint8Array(2 * WORD);
  writeHex(words, ADDRESS_START, owner);
  writeHex(words, WORD, key);
  return bytesToHex(keccak256(words));
}
