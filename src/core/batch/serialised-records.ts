import { DIGEST_ALGORITHMS } from "../digest.ts";
import { bytesToHex, writeHex } from "../hex.ts";
import { hashPairs } from "../sha256-pairs.ts";
import { CHUNK, type RecordInput, writeNumber } from "../ssz-record.ts";

/**
 * Bytes of a record in SSZ's serialisation, in which a list of records is one after another: digest 32, algorithm 2
 * (little-endian), kind 4 (little-endian), subject 32, business key 32, reference 32.
 */
export const RECORD_BYTES = 134;

const ALGORITHM = 32;
const KIND = 34;
const SUBJECT = 38;
const BUSINESS_KEY = 70;
const REFERS_TO = 102;
const ALGORITHMS: ReadonlySet<number> = new Set(Object.values(DIGEST_ALGORITHMS));
/** The six fields, padded to a full tree. */
const TREE = 8 * CHUNK;
/** Records that are hashed at a time: their chunks fit the processor's cache. */
const PORTION = 2_048;

/** Writes a record that `createRecordInput` made. */
export function writeRecord(target: Uint8Array, offset: number, record: RecordInput): void {
  const { digest, algorithm, kind, subject, businessKey, refersTo } = record;
  writeHex(target, offset, digest);
  target.fill(0, offset + ALGORITHM, offset + SUBJECT);
  writeNumber(target, offset + ALGORITHM, algorithm);
  writeNumber(target, offset + KIND, kind);
  writeHex(target, offset + SUBJECT, subject);
  writeHex(target, offset + BUSINESS_KEY, businessKey);
  writeHex(target, offset + REFERS_TO, refersTo);
}

/** The record that stands at an offset. */
export function readRecord(source: Uint8Array, offset: number): RecordInput {
  const view = new DataView(source.buffer, source.byteOffset + offset, RECORD_BYTES);
  const word = (at: number) => bytesToHex(source.subarray(offset + at, offset + at + CHUNK));
  return {
    digest: word(0),
    algorithm: view.getUint16(ALGORITHM, true),
    kind: view.getUint32(KIND, true),
    ...{ subject: word(SUBJECT), businessKey: word(BUSINESS_KEY), refersTo: word(REFERS_TO) },
  };
}

/** The member of the record at an offset for which the chain would not take it, and why; undefined if it would. */
export function recordFault(source: Uint8Array, offset: number): { field: string; reason: string } | undefined {
  const algorithm = (source[offset + ALGORITHM] as number) | ((source[offset + ALGORITHM + 1] as number) << 8);
  if (!ALGORITHMS.has(algorithm)) return { field: "algorithm", reason: "must be a known algorithm's code" };
  for (let at = offset; at < offset + CHUNK; at++) if (source[at] !== 0) return undefined;
  return { field: "digest", reason: "must not be zero" };
}

/** `hash_tree_root` of each of the records that stand one after another. */
export function serialisedRoots(source: Uint8Array): Uint8Array {
  const count = source.length / RECORD_BYTES;
  const roots = new Uint8Array(count * CHUNK);
  const room = Math.min(count, PORTION);
  const chunks = new Uint8Array(room * TREE);
  const pairs = new Uint8Array((room * TREE) / 2);
  const fours = new Uint8Array((room * TREE) / 4);
  for (let start = 0; start < count; start += PORTION) {
    const portion = Math.min(PORTION, count - start);
    for (let index = 0; index < portion; index++) {
      layOut(chunks, index * TREE, source, (start + index) * RECORD_BYTES);
    }
    hashPairs(chunks.subarray(0, portion * TREE), pairs.subarray(0, (portion * TREE) / 2));
    hashPairs(pairs.subarray(0, (portion * TREE) / 2), fours.subarray(0, (portion * TREE) / 4));
    hashPairs(fours.subarray(0, (portion * TREE) / 4), roots.subarray(start * CHUNK, (start + portion) * CHUNK));
  }
  return roots;
}

/** A record's six chunks. What lies between and behind them is zero and stays so. */
function layOut(target: Uint8Array, to: number, source: Uint8Array, from: number): void {
  target.set(source.subarray(from, from + ALGORITHM), to);
  target.set(source.subarray(from + ALGORITHM, from + KIND), to + CHUNK);
  target.set(source.subarray(from + KIND, from + SUBJECT), to + 2 * CHUNK);
  target.set(source.subarray(from + SUBJECT, from + RECORD_BYTES), to + 3 * CHUNK);
}
