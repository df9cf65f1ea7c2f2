import { encodeBytes32String, hexlify, toUtf8Bytes, ZeroHash } from "ethers";
import {
  DEFAULT_DIGEST_ALGORITHM,
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  digestBytes,
  parseDigestAlgorithm,
} from "./digest.ts";
import { BropError } from "./errors.ts";
import { bytesToHex, isHexBytes } from "./hex.ts";
import type { RecordInput } from "./ssz-record.ts";

export type { RecordInput } from "./ssz-record.ts";

/** 32 bytes, as `0x...` or as they come out of a digest. */
export type Digest32 = string | Uint8Array;

/** A record to make, in the words of the business. */
export interface RecordDescription {
  digest: Digest32;
  /** SHA-256 by default. */
  algorithm?: DigestAlgorithm | undefined;
  /** Type of the record by the partner's own list. */
  kind?: number | undefined;
  /** What it is about: an account's address, 32 bytes, or a text of up to 31 bytes. */
  subject?: Digest32 | undefined;
  /** The business system's own key, in plain text: its SHA-256 goes on chain. 32 bytes as `0x...` stay as they are. */
  businessKey?: string | undefined;
  /** Identifier or digest that it refers to. */
  refersTo?: Digest32 | undefined;
}

/**
 * Fills in the argument of `Records.record`.
 * @throws BropError `request.invalid` naming the field
 *
 * @example await brop.contracts.records.connect(account).record(createRecordInput({ digest }));
 */
export function createRecordInput(description: RecordDescription): RecordInput {
  const { digest, algorithm = DEFAULT_DIGEST_ALGORITHM, kind = 0, subject, businessKey, refersTo } = description;
  if (!Number.isInteger(kind) || kind < 0 || kind > 0xffffffff) {
    throw new BropError("request.invalid", { field: "kind", reason: "must be a whole number below 2^32", value: kind });
  }
  return {
    digest: bytes32(digest, "digest"),
    algorithm: DIGEST_ALGORITHMS[parseDigestAlgorithm(algorithm)],
    kind,
    subject: subject === undefined ? ZeroHash : subjectWord(subject),
    businessKey: businessKey === undefined ? ZeroHash : businessKeyDigest(businessKey),
    refersTo: refersTo === undefined ? ZeroHash : bytes32(refersTo, "refersTo"),
  };
}

/** SHA-256 of a business key in UTF-8, as it stands on chain; 32 bytes as `0x...` are one already. */
export function businessKeyDigest(key: string): string {
  if (isHexBytes(key, 32)) return key.toLowerCase();
  if (key === "") throw new BropError("request.invalid", { field: "businessKey", reason: "must not be empty" });
  return bytesToHex(digestBytes(toUtf8Bytes(key)));
}

/** 32 bytes as `0x...` in lower case. @throws BropError `request.invalid` naming the field */
export function bytes32(value: Digest32, field: string): string {
  const hex = typeof value === "string" ? value.toLowerCase() : hexlify(value);
  if (isHexBytes(hex, 32)) return hex;
  throw new BropError("request.invalid", { field, reason: "must be 32 bytes, as 0x and 64 hexadecimal digits" });
}

function subjectWord(subject: Digest32): string {
  if (typeof subject !== "string") return bytes32(subject, "subject");
  if (isHexBytes(subject as unknown, 20)) return `0x${subject.slice(2).toLowerCase().padStart(64, "0")}`;
  if (isHexBytes(subject as unknown, 32)) return subject.toLowerCase();
  try {
    if (!subject.startsWith("0x") && subject !== "") return encodeBytes32String(subject);
  } catch {
    // Longer than 31 bytes.
  }
  const reason = "must be an address, 32 bytes as 0x..., or a text of at most 31 bytes";
  throw new BropError("request.invalid", { field: "subject", reason, value: subject });
}
