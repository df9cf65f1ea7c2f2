import {
  BitString,
  Boolean as BooleanValue,
  Constructed,
  GeneralizedTime,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  Set as SetValue,
  Utf8String,
  type ViewWriter,
} from "asn1js";

/** A value on its way into DER; the encoding is asn1js's. */
export interface Encodable {
  toBER(sizeOnly?: boolean, writer?: ViewWriter): ArrayBuffer;
}

/** The bytes of a value. */
export function encode(value: Encodable): Uint8Array<ArrayBuffer> {
  return new Uint8Array(value.toBER());
}

export const sequence = (...values: Encodable[]): Encodable => new Sequence({ value: blocks(values) });

/** A set: in DER its values are in the order of their encodings (X.690 11.6). */
export function set(...values: Encodable[]): Encodable {
  const encodings = values.map(encode).sort(compareBytes);
  return new SetValue({ value: blocks(encodings.map(raw)) });
}

/** What is encoded already. */
export const raw = (bytes: Uint8Array): Encodable => ({
  toBER(_, writer) {
    const { buffer } = bytes.slice() as Uint8Array<ArrayBuffer>;
    // asn1js gathers the parts of a value in a writer, which its own class for such bytes passes over.
    writer?.write(buffer);
    return buffer;
  },
});

/** Values under a tag of their own: `[number]`. */
export const tagged = (number: number, ...values: Encodable[]): Encodable =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber: number }, value: blocks(values) });

/** A simple type's content under another tag: `[number] IMPLICIT`. */
export const implicit = (number: number, content: Uint8Array): Encodable =>
  new Primitive({ idBlock: { tagClass: 3, tagNumber: number }, valueHex: content as Uint8Array<ArrayBuffer> });

export const integer = (value: number | bigint): Encodable =>
  typeof value === "number" ? new Integer({ value }) : Integer.fromBigInt(value);
export const boolean = (value: boolean): Encodable => new BooleanValue({ value });
export const oid = (value: string): Encodable => new ObjectIdentifier({ value });
export const octets = (bytes: Uint8Array): Encodable => new OctetString({ valueHex: bytes as Uint8Array<ArrayBuffer> });
export const bits = (bytes: Uint8Array, unusedBits = 0): Encodable =>
  new BitString({ valueHex: bytes as Uint8Array<ArrayBuffer>, unusedBits });
export const text = (value: string): Encodable => new Utf8String({ value });
export const nothing = (): Encodable => new Null();

/** A time with milliseconds where there are any (RFC 3161 2.4.2: no zeros at the end). */
export function time(value: Date): Encodable {
  const iso = value.toISOString();
  const digits = iso.replace(/\D/g, "");
  const parts = digits.slice(14).replace(/0+$/, "");
  const content = new TextEncoder().encode(`${digits.slice(0, 14)}${parts === "" ? "" : `.${parts}`}Z`);
  return new GeneralizedTime({ valueHex: content });
}

function blocks(values: readonly Encodable[]): Sequence[] {
  return values as unknown as Sequence[];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
