import { invalidProof } from "../proof-error.ts";
import { type Algorithm, readAlgorithm, sameBytes } from "./algorithms.ts";
import { constructed, Der, simple, TAG } from "./der.ts";
import { OID } from "./object-identifiers.ts";
import { type PublicKey, publicKeyIn } from "./signature.ts";

export interface Extension {
  critical: boolean;
  value: Uint8Array;
}

export type Extensions = ReadonlyMap<string, Extension>;

/** What is needed of a certificate (RFC 5280 4.1). */
export interface Certificate {
  bytes: Uint8Array;
  /** What its issuer signed. */
  signed: Uint8Array;
  serial: bigint;
  /** Names in DER, which are compared byte by byte. */
  issuer: Uint8Array;
  subject: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  publicKey: PublicKey;
  extensions: Extensions;
  algorithm: Algorithm;
  signature: Uint8Array;
}

const MOST_BYTES = 32_768;

/** @throws BropError `proof.invalid` unless it is a certificate of X.509 version 3 or 1 */
export function readCertificate(bytes: Uint8Array, part = "certificate"): Certificate {
  return certificateIn(Der.read(bytes, part, MOST_BYTES));
}

/** A certificate that is part of something else; throws alike. */
export function certificateIn(value: Der): Certificate {
  const { part, bytes } = value;
  const whole = value.fields();
  const body = whole.take();
  const algorithm = readAlgorithm(whole.take());
  const signature = whole.take().bitBytes();
  whole.end();

  const fields = body.fields();
  const version = fields.optional(constructed(0))?.fields(constructed(0)).take().number(0, 2) ?? 0;
  const serial = fields.take().integer();
  const inner = readAlgorithm(fields.take());
  const issuer = fields.take().bytes;
  const [notBefore, notAfter] = readValidity(fields.take());
  const subject = fields.take().bytes;
  const key = fields.take();
  fields.optional(simple(1), constructed(1));
  fields.optional(simple(2), constructed(2));
  const list = fields.optional(constructed(3));
  fields.end();
  const extensions = readExtensions(list?.fields(constructed(3)).take());
  if (version < 2 && extensions.size > 0) throw invalidProof(part, "has extensions that its version does not have");
  if (!sameBytes(inner.bytes, algorithm.bytes)) throw invalidProof(part, "names two signature algorithms");
  return {
    ...{ bytes, signed: body.bytes, serial, issuer, subject, notBefore, notAfter },
    publicKey: publicKeyIn(key),
    ...{ extensions, algorithm, signature },
  };
}

/** Extensions of a certificate, list or token. @throws BropError `proof.invalid` where one stands there twice */
export function readExtensions(list: Der | undefined, tag: number = TAG.sequence): Extensions {
  const extensions = new Map<string, Extension>();
  for (const item of list?.items(tag) ?? []) {
    const fields = item.fields();
    const oid = fields.take().oid();
    const critical = fields.optional(TAG.boolean)?.boolean() ?? false;
    const value = fields.take().octets();
    fields.end();
    if (extensions.has(oid)) throw invalidProof(item.part, `has the extension ${oid} twice`);
    extensions.set(oid, { critical, value });
  }
  return extensions;
}

/** Purposes of a key (RFC 5280 4.2.1.12); undefined where nothing is said. */
export function extendedKeyUsage({ extensions }: Certificate, part: string): readonly string[] | undefined {
  const extension = extensions.get(OID.extendedKeyUsage);
  return (
    extension &&
    Der.read(extension.value, part)
      .items()
      .map((item) => item.oid())
  );
}

/** Bits of RFC 5280 4.2.1.3. */
export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 } as const;

/** Numbers of the usages that a certificate allows its key; undefined where nothing is said. */
export function keyUsage({ extensions }: Certificate, part: string): readonly number[] | undefined {
  const extension = extensions.get(OID.keyUsage);
  if (extension === undefined) return undefined;
  const { bytes } = Der.read(extension.value, part).bits();
  const numbers = Array.from({ length: bytes.length * 8 }, (_, bit) => bit);
  return numbers.filter((bit) => ((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1);
}

/** Whether it may issue certificates, and how many others may stand between it and the last one. */
export function basicConstraints({ extensions }: Certificate, part: string): { authority: boolean; below: number } {
  const extension = extensions.get(OID.basicConstraints);
  const fields = extension && Der.read(extension.value, part).fields();
  const authority = fields?.optional(TAG.boolean)?.boolean() ?? false;
  const below = fields?.optional(TAG.integer)?.number(0, 1_000) ?? Number.POSITIVE_INFINITY;
  fields?.end();
  return { authority, below };
}

export function subjectKeyIdentifier({ extensions }: Certificate, part: string): Uint8Array | undefined {
  const extension = extensions.get(OID.subjectKeyIdentifier);
  return extension && Der.read(extension.value, part).octets();
}

/** The key of the issuer, where it is named by its identifier. */
export function issuerKeyIdentifier({ extensions }: Pick<Certificate, "extensions">, part: string) {
  const extension = extensions.get(OID.authorityKeyIdentifier);
  return extension && Der.read(extension.value, part).fields().optional(simple(0))?.content;
}

/** A name for people: the values of its parts, the last one first; at best its common name. */
export function nameText(name: Uint8Array): string {
  const texts: string[] = [];
  for (const set of Der.read(name, "name").items()) {
    for (const pair of set.items(TAG.set)) {
      const [kind, value] = pair.items();
      if (kind === undefined || value === undefined) continue;
      const text = new TextDecoder(value.tag === BMP_STRING ? "utf-16be" : "utf-8").decode(value.content);
      if (kind.oid() === OID.commonName) return text;
      texts.unshift(text);
    }
  }
  return texts.join(", ");
}

const BMP_STRING = 0x1e;

function readValidity(value: Der): [Date, Date] {
  const fields = value.fields();
  const times: [Date, Date] = [fields.take().time(), fields.take().time()];
  fields.end();
  return times;
}
