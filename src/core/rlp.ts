import { RLP } from "@ethereumjs/rlp";
import { invalidProof } from "./proof-error.ts";

/** Bytes, or a list of items. */
export type RlpItem = Uint8Array | RlpItem[];

/** Larger than any receipt of a block that this network can make. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Lists in lists: what is read here has four levels. */
const MOST_LEVELS = 16;

/** Encodes bytes and lists of them. */
export function encodeRlp(item: RlpItem): Uint8Array {
  return RLP.encode(item);
}

/**
 * Decodes RLP from somebody who is not trusted: nothing may be left over, every value has its one form, and lists that
 * stand in lists without end are refused. (The library that encodes copies the rest of the input at each level.)
 * @param part what is read, for the error
 * @returns views of the input, not copies
 * @throws BropError `proof.invalid`
 */
export function decodeRlp(bytes: Uint8Array, part: string): RlpItem {
  if (bytes.length > MOST_BYTES) throw invalidProof(part, "is too large");
  const { item, end } = itemAt(bytes, 0, bytes.length, 0, part);
  if (end !== bytes.length) throw invalidProof(part, "goes on behind its end");
  return item;
}

interface Decoded {
  item: RlpItem;
  end: number;
}

function itemAt(bytes: Uint8Array, at: number, limit: number, level: number, part: string): Decoded {
  const first = at < limit ? (bytes[at] as number) : undefined;
  if (first === undefined) throw invalidProof(part, "ends too early");
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= 0xc0;
  const { start, end } = extentOf(bytes, at, limit, first - (isList ? 0xc0 : 0x80), part);
  if (isList) return { item: itemsIn(bytes, start, end, level + 1, part), end };
  const isSmall = end - start === 1 && (bytes[start] as number) < 0x80;
  if (isSmall) throw invalidProof(part, "has a byte in another than its one form");
  return { item: bytes.subarray(start, end), end };
}

function itemsIn(bytes: Uint8Array, start: number, end: number, level: number, part: string): RlpItem[] {
  if (level > MOST_LEVELS) throw invalidProof(part, "has too many levels");
  const items: RlpItem[] = [];
  for (let at = start; at < end; ) {
    const next = itemAt(bytes, at, end, level, part);
    items.push(next.item);
    at = next.end;
  }
  return items;
}

/** Where the content of an item stands. @param kind first byte without the mark of list or bytes */
function extentOf(bytes: Uint8Array, at: number, limit: number, kind: number, part: string) {
  let start = at + 1;
  let length = kind;
  if (kind > 55) {
    const lengthBytes = kind - 55;
    if (start + lengthBytes > limit || lengthBytes > 4) throw invalidProof(part, "ends too early");
    length = 0;
    for (const end = start + lengthBytes; start < end; start++) length = length * 256 + (bytes[start] as number);
    if (length < 56 || bytes[start - lengthBytes] === 0)
      throw invalidProof(part, "has a length in another than its one form");
  }
  if (start + length > limit) throw invalidProof(part, "ends too early");
  return { start, end: start + length };
}

/** @throws BropError `proof.invalid` for anything but a list, of `length` items if given */
export function listOf(item: RlpItem | undefined, part: string, length?: number): RlpItem[] {
  if (Array.isArray(item) && (length === undefined || item.length === length)) return item;
  throw invalidProof(part, length === undefined ? "is no list" : `is no list of ${length}`);
}

/** @throws BropError `proof.invalid` for anything but bytes, of `length` if given */
export function bytesOf(item: RlpItem | undefined, part: string, length?: number): Uint8Array {
  if (item instanceof Uint8Array && (length === undefined || item.length === length)) return item;
  throw invalidProof(part, length === undefined ? "is not bytes" : `has not ${length} bytes`);
}

/** A number in its one form, without leading zeros. @throws BropError `proof.invalid` */
export function bigintOf(item: RlpItem | undefined, part: string): bigint {
  const bytes = bytesOf(item, part);
  if (bytes.length > 32 || bytes[0] === 0) throw invalidProof(part, "is no number without leading zeros");
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** As `bigintOf`, for heights, times and counters. @throws BropError `proof.invalid` */
export function numberOf(item: RlpItem | undefined, part: string): number {
  const value = bigintOf(item, part);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidProof(part, "is too large a number");
  return Number(value);
}

/** The bytes of a number without leading zeros; none for 0. */
export function numberBytes(value: bigint | number): Uint8Array {
  if (BigInt(value) === 0n) return new Uint8Array(0);
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, at) => Number.parseInt(even.slice(2 * at, 2 * at + 2), 16));
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
