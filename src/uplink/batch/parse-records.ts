import { RECORD_BYTES, recordFault, writeRecord } from "../../core/batch/serialised-records.ts";
import { MAX_BATCH } from "../../core/batch/tree.ts";
import { BropError } from "../../core/errors.ts";
import { makeRecord, type RecordRequest } from "../forms/record.ts";

/** Records of a request, those that were refused left out. */
export interface ParsedRecords {
  /** SSZ's serialisation of the good ones, in their order. */
  records: Uint8Array;
  /** Items of the request. */
  items: number;
  refused: { item: number; problem: BropError }[];
}

const NEWLINE = 0x0a;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Records in SSZ's serialisation, 134 bytes each.
 * @throws BropError `request.invalid` for a part of one, none, or more than a batch takes
 */
export function parseSerialised(body: Uint8Array): ParsedRecords {
  if (body.length % RECORD_BYTES !== 0) {
    const reason = `must be records of ${RECORD_BYTES} bytes`;
    throw new BropError("request.invalid", { in: "body", reason, bytes: body.length });
  }
  const items = body.length / RECORD_BYTES;
  checkCount(items);
  const refused: ParsedRecords["refused"] = [];
  for (let item = 0; item < items; item++) {
    const fault = recordFault(body, item * RECORD_BYTES);
    if (fault !== undefined) refused.push({ item, problem: new BropError("request.invalid", { ...fault, item }) });
  }
  if (refused.length === 0) return { records: body, items, refused };
  const records = new Uint8Array(body.length - refused.length * RECORD_BYTES);
  const bad = new Set(refused.map(({ item }) => item));
  for (let item = 0, at = 0; item < items; item++) {
    if (bad.has(item)) continue;
    records.set(body.subarray(item * RECORD_BYTES, (item + 1) * RECORD_BYTES), at);
    at += RECORD_BYTES;
  }
  return { records, items, refused };
}

/**
 * Records as a JSON text a line; empty lines count for nothing. Throws as `parseItems`.
 * @param parse turns a value into a record's members, or throws why it is none
 */
export function parseLines(body: Uint8Array, parse: (item: unknown) => RecordRequest): ParsedRecords {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < body.length; ) {
    const found = body.indexOf(NEWLINE, start);
    const end = found < 0 ? body.length : found;
    if (!isBlank(body, start, end)) lines.push(body.subarray(start, end));
    if (lines.length > MAX_BATCH) break;
    start = end + 1;
  }
  return parseItems(lines, (line) => parse(parseLine(line as Uint8Array)));
}

/** @throws BropError `request.invalid` for none, or more than a batch takes */
export function parseItems(given: readonly unknown[], parse: (item: unknown) => RecordRequest): ParsedRecords {
  checkCount(given.length);
  const all = new Uint8Array(given.length * RECORD_BYTES);
  const refused: ParsedRecords["refused"] = [];
  let at = 0;
  for (const [item, value] of given.entries()) {
    try {
      const request = parse(value);
      if (request.schema !== undefined) {
        throw new BropError("request.invalid", { field: "schema", reason: "data is not kept in mode `batch`" });
      }
      // The owner plays no part in a leaf.
      writeRecord(all, at, makeRecord(NOBODY, request).input);
      at += RECORD_BYTES;
    } catch (error) {
      refused.push({ item, problem: BropError.from(error) });
    }
  }
  return { records: all.subarray(0, at), items: given.length, refused };
}

const NOBODY = `0x${"00".repeat(20)}`;

function parseLine(line: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(line));
  } catch (error) {
    throw new BropError("request.malformed", {}, undefined, { cause: error });
  }
}

function isBlank(body: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (body[at] !== 0x20 && body[at] !== 0x09 && body[at] !== 0x0d) return false;
  return true;
}

function checkCount(items: number): void {
  if (items > 0 && items <= MAX_BATCH) return;
  throw new BropError("request.invalid", { in: "body", reason: "must hold 1 to 2^20 records", records: items });
}
