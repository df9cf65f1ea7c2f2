import { Integer, ObjectIdentifier, Utf8String } from "asn1js";
import { constructed, simple, TAG } from "./der.ts";

// Values in DER. Numbers, identifiers and texts are encoded by asn1js. What is made of other values is put together
// here: asn1js makes an object of each and asks all of them for their bytes again, which took three quarters of the
// time that an authority needs for a token.

/** A value with tag and length around its content. */
export function value(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of content) length += part.length;
  const head = lengthBytes(length);
  const bytes = new Uint8Array(1 + head.length + length);
  bytes[0] = tag;
  bytes.set(head, 1);
  let offset = 1 + head.length;
  for (const part of content) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

export const sequence = (...values: readonly Uint8Array[]) => value(TAG.sequence, ...values);

/** A set: in DER its values are in the order of their encodings (X.690 11.6). */
export const set = (...values: readonly Uint8Array[]) => value(TAG.set, ...values.toSorted(compareBytes));

/** Values under a tag of their own: `[number]`. */
export const tagged = (number: number, ...values: readonly Uint8Array[]) => value(constructed(number), ...values);

/** A simple type's content under another tag: `[number] IMPLICIT`. */
export const implicit = (number: number, content: Uint8Array) => value(simple(number), content);

export const octets = (bytes: Uint8Array) => value(TAG.octets, bytes);
export const bits = (bytes: Uint8Array, unused = 0) => value(TAG.bits, Uint8Array.of(unused), bytes);
export const boolean = (truth: boolean) => value(TAG.boolean, Uint8Array.of(truth ? 0xff : 0));
export const nothing = () => value(TAG.null);
export const integer = (number: number | bigint) => bytesOf(Integer.fromBigInt(BigInt(number)));
export const oid = (identifier: string) => bytesOf(new ObjectIdentifier({ value: identifier }));
export const text = (words: string) => bytesOf(new Utf8String({ value: words }));

/** A time with milliseconds where there are any (RFC 3161 2.4.2: no zeros at the end). */
export function time(date: Date): Uint8Array<ArrayBuffer> {
  const digits = digitsOf(date);
  const parts = digits.slice(14).replace(/0+$/, "");
  return value(TAG.time, ascii(`${digits.slice(0, 14)}${parts === "" ? "" : `.${parts}`}Z`));
}

/** A time of a certificate: whole seconds, two digits for the year until 2049 (RFC 5280 4.1.2.5). */
export function certificateTime(date: Date): Uint8Array<ArrayBuffer> {
  const digits = digitsOf(date).slice(0, 14);
  const short = digits >= "1950" && digits < "2050";
  return short ? value(TAG.utcTime, ascii(`${digits.slice(2)}Z`)) : value(TAG.time, ascii(`${digits}Z`));
}

const encoder = new TextEncoder();
const ascii = (characters: string) => encoder.encode(characters);
const digitsOf = (date: Date) => date.toISOString().replace(/\D/g, "");
const bytesOf = (block: { toBER(): ArrayBuffer }) => new Uint8Array(block.toBER());

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
