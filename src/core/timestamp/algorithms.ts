import { invalidProof } from "../proof-error.ts";
import { type Der, TAG } from "./der.ts";
import { OID } from "./object-identifiers.ts";

/** Digests that are stamped, and signed with (RFC 5754). */
export const STAMP_DIGESTS = ["SHA-256", "SHA-384", "SHA-512"] as const;
export type StampDigest = (typeof STAMP_DIGESTS)[number];

export const DIGEST_LENGTHS: Readonly<Record<StampDigest, number>> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };

export const DIGEST_OIDS: Readonly<Record<StampDigest, string>> = {
  "SHA-256": OID.sha256,
  "SHA-384": OID.sha384,
  "SHA-512": OID.sha512,
};

/** An algorithm and its parameters (RFC 5280 4.1.1.2). */
export interface Algorithm {
  oid: string;
  parameters: Der | undefined;
  bytes: Uint8Array;
}

export function readAlgorithm(value: Der): Algorithm {
  const fields = value.fields();
  const oid = fields.take().oid();
  const [parameters] = value.items().slice(1);
  if (parameters !== undefined) fields.take();
  fields.end();
  return { oid, parameters, bytes: value.bytes };
}

/** The digest that an object identifier stands for; undefined for one that is not taken. */
export function digestOf(oid: string): StampDigest | undefined {
  return STAMP_DIGESTS.find((name) => DIGEST_OIDS[name] === oid);
}

/** Reads an algorithm that has to be a digest. @throws BropError `proof.invalid` for another one */
export function readDigestAlgorithm(value: Der): StampDigest {
  const { oid, parameters } = readAlgorithm(value);
  const digest = digestOf(oid);
  if (digest === undefined) throw invalidProof(value.part, `has the digest algorithm ${oid}, which is not taken`);
  requireNoParameters(parameters, value.part);
  return digest;
}

/** Absent or null. */
export function requireNoParameters(parameters: Der | undefined, part: string): void {
  if (parameters === undefined || (parameters.tag === TAG.null && parameters.content.length === 0)) return;
  throw invalidProof(part, "has an algorithm with parameters that it does not take");
}

/** The digest of bytes, by what the browser or Node has for it. */
export async function digestWith(name: StampDigest | "SHA-1", bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(name, bytes as Uint8Array<ArrayBuffer>));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
