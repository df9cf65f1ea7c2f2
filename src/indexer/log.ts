/**
 * One log, and readers for its topics and data. Values are hexadecimal digits without 0x, as rows keep them. Reading at
 * fixed places instead of through an ABI decoder makes indexing several times faster; the compiler of the contracts
 * guarantees the places.
 */
export interface Log {
  /** 40 digits. */
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly block: number;
  /** Index within the block. */
  readonly log: number;
  /** Hash of the transaction, 64 digits. */
  readonly transaction: string;
  /** The block's time, seconds. */
  readonly timestamp: number;
}

const WORD = 64;
const ADDRESS_START = 24;
const ZERO_WORD = "0".repeat(64);
export const ZERO_ADDRESS = "0".repeat(40);
// The last 13 digits hold 52 bits, which a number keeps exactly.
const EXACT_DIGITS = 13;
const decoder = new TextDecoder();

/** Indexed argument `index`, from 0; topic 0 is the event itself. */
export function topic(log: Log, index: number): string {
  return (log.topics[index + 1] as string).slice(2);
}

export function topicAddress(log: Log, index: number): string {
  return topic(log, index).slice(ADDRESS_START);
}

export function topicNumber(log: Log, index: number): number {
  return toNumber(topic(log, index));
}

/** An indexed unsigned number of any size, in decimal digits. */
export function topicNumeric(log: Log, index: number): string {
  return BigInt(log.topics[index + 1] as string).toString();
}

/** The columns that say which event a row stands for. */
export function placeOf(log: Log): { transaction_hash: string; block_number: number; log_index: number } {
  return { transaction_hash: log.transaction, block_number: log.block, log_index: log.log };
}

/** Word `index` of the data: 64 digits. */
export function word(log: Log, index: number): string {
  return log.data.slice(2 + WORD * index, 2 + WORD * (index + 1));
}

export function wordAddress(log: Log, index: number): string {
  return word(log, index).slice(ADDRESS_START);
}

/** A number up to 2^53 - 1; a larger one counts as that. */
export function wordNumber(log: Log, index: number): number {
  return toNumber(word(log, index));
}

export function wordBoolean(log: Log, index: number): boolean {
  return word(log, index).endsWith("1");
}

/** An unsigned number of any size, in decimal digits. */
export function wordNumeric(log: Log, index: number): string {
  return BigInt(`0x${word(log, index)}`).toString();
}

/** The bytes that word `index` points to. */
export function wordBytes(log: Log, index: number): string {
  const start = 2 + 2 * wordNumber(log, index);
  const length = toNumber(log.data.slice(start, start + WORD));
  return log.data.slice(start + WORD, start + WORD + 2 * length);
}

/** The text that word `index` points to. */
export function wordText(log: Log, index: number): string {
  return text(wordBytes(log, index));
}

/** UTF-8 as far as it is; PostgreSQL keeps no NUL in a text. */
export function text(digits: string): string {
  return decoder.decode(Buffer.from(digits, "hex")).replaceAll("\u0000", "\ufffd");
}

/** Null for zero: where zero stands for "none". */
export function orNull(digits: string): string | null {
  return digits === ZERO_WORD || digits === ZERO_ADDRESS ? null : digits;
}

/** Text of at most 32 bytes, left-aligned in a word; the digits with 0x when it is no printable ASCII. */
export function shortText(digits: string): string {
  const text = Buffer.from(digits.replace(/(?:00)+$/, ""), "hex").toString("latin1");
  return /^[\x20-\x7e]+$/.test(text) ? text : `0x${digits}`;
}

function toNumber(digits: string): number {
  const low = Number.parseInt(digits.slice(-EXACT_DIGITS), 16);
  return /^0*$/.test(digits.slice(0, -EXACT_DIGITS)) ? low : Number.MAX_SAFE_INTEGER;
}
