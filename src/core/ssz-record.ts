import { DIGEST_ALGORITHMS } from "./digest.ts";
import { BropError } from "./errors.ts";
import { isHexBytes, writeHex } from "./hex.ts";
import { hashPairs } from "./sha256-pairs.ts";

/** A record as the chain takes it: the argument of `Records.record`, and an element of a batch (EV-6). */
export interface RecordInput {
  digest: string;
  algorithm: number;
  kind: number;
  subject: string;
  businessKey: string;
  refersTo: string;
}

export const CHUNK = 32;
/** The six fields, padded to a full tree. */
const RECORD_CHUNKS = 8;
/** Records that are hashed at a time: their chunks fit the processor's cache. */
const PORTION = 2_048;
const ZERO = `0x${"0".repeat(2 * CHUNK)}`;
const ALGORITHMS: readonly number[] = Object.values(DIGEST_ALGORITHMS);

/**
 * `hash_tree_root` of a record: the SSZ container `{digest: Bytes32, algorithm: uint16, kind: uint32, subject: Bytes32,
 * businessKey: Bytes32, refersTo: Bytes32}`.
 * @throws BropError `request.invalid` that names the field
 */
export function recordRoot(record: RecordInput): Uint8Array {
  return recordRoots([record]);
}

/**
 * The roots of many records, one after another.
 * @throws BropError `request.invalid` that names the field, and the record by its place
 */
export function recordRoots(records: readonly RecordInput[]): Uint8Array {
  const roots = new Uint8Array(records.length * CHUNK);
  for (let start = 0; start < records.length; start += PORTION) {
    const portion = records.slice(start, start + PORTION);
    const chunks = new Uint8Array(portion.length * RECORD_CHUNKS * CHUNK);
    portion.forEach((record, at) => {
      writeRecord(chunks, at * RECORD_CHUNKS * CHUNK, record, start + at);
    });
    const pairs = new Uint8Array(chunks.length / 2);
    const fours = new Uint8Array(chunks.length / 4);
    hashPairs(chunks, pairs);
    hashPairs(pairs, fours);
    hashPairs(fours, roots.subarray(start * CHUNK, (start + portion.length) * CHUNK));
  }
  return roots;
}

/** Writes a number as an SSZ chunk: little-endian. */
export function writeNumber(target: Uint8Array, offset: number, value: number): void {
  for (let at = offset, rest = value; rest > 0; at++, rest = Math.floor(rest / 256)) target[at] = rest % 256;
}

function writeRecord(target: Uint8Array, offset: number, record: RecordInput, index: number): void {
  const { digest, algorithm, kind, subject, businessKey, refersTo } = record;
  for (const [field, value] of Object.entries({ digest, subject, businessKey, refersTo })) {
    if (!isHexBytes(value, CHUNK)) throw invalid(index, field, value, "must be 32 bytes");
  }
  if (digest === ZERO) throw invalid(index, "digest", digest, "must not be zero");
  if (!ALGORITHMS.includes(algorithm)) throw invalid(index, "algorithm", algorithm, "must be a known algorithm's code");
  if (!Number.isInteger(kind) || kind < 0 || kind > 0xffffffff) {
    throw invalid(index, "kind", kind, "must be a whole number below 2^32");
  }
  writeHex(target, offset, digest);
  writeNumber(target, offset + CHUNK, algorithm);
  writeNumber(target, offset + 2 * CHUNK, kind);
  writeHex(target, offset + 3 * CHUNK, subject);
  writeHex(target, offset + 4 * CHUNK, businessKey);
  writeHex(target, offset + 5 * CHUNK, refersTo);
}

function invalid(index: number, field: string, value: unknown, reason: string): BropError {
  return new BropError("request.invalid", { field, value, reason, index });
}
