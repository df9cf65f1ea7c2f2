import { createHash, type KeyObject, sign as signWith } from "node:crypto";
import { Der } from "../../core/timestamp/der.ts";
import {
  bits,
  boolean,
  certificateTime,
  implicit,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  tagged,
  text,
} from "../../core/timestamp/der-writer.ts";
import { OID } from "../../core/timestamp/object-identifiers.ts";

/** How a key signs: the algorithm as certificates and tokens name it, and its digest. */
export interface SignatureKind {
  algorithm: Uint8Array;
  digest: "sha256" | "sha384" | "sha512";
}

/** @throws Error for a key that is neither RSA nor on P-256, P-384 or P-521 */
export function signatureKindOf(key: KeyObject): SignatureKind {
  const plain = (name: string) => sequence(oid(name));
  if (key.asymmetricKeyType === "rsa") {
    return { algorithm: sequence(oid(OID.rsaSha256), nothing()), digest: "sha256" };
  }
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case "prime256v1":
      return { algorithm: plain(OID.ecdsaSha256), digest: "sha256" };
    case "secp384r1":
      return { algorithm: plain(OID.ecdsaSha384), digest: "sha384" };
    case "secp521r1":
      return { algorithm: plain(OID.ecdsaSha512), digest: "sha512" };
    default:
      throw new Error("a key must be RSA, or on P-256, P-384 or P-521");
  }
}

/** A certificate to be made. */
export interface CertificateTerms {
  /** Common name. */
  subject: string;
  publicKey: KeyObject;
  serial: bigint;
  notBefore: Date;
  notAfter: Date;
  /** By object identifier: its value, and whether it is critical. */
  extensions: readonly { oid: string; critical?: boolean; value: Uint8Array }[];
}

/** Who issues: for a root its own name and key. */
export interface Issuer {
  subject: string;
  key: KeyObject;
}

/** A certificate of X.509 version 3 in DER (RFC 5280 4.1). */
export function issueCertificate(terms: CertificateTerms, issuer: Issuer): Uint8Array<ArrayBuffer> {
  const { subject, publicKey, serial, notBefore, notAfter, extensions } = terms;
  const { algorithm, digest } = signatureKindOf(issuer.key);
  const list = extensions.map(({ oid: name, critical = false, value }) =>
    sequence(oid(name), ...(critical ? [boolean(true)] : []), octets(value)),
  );
  const body = sequence(
    tagged(0, integer(2)),
    ...[integer(serial), algorithm, commonName(issuer.subject)],
    ...[sequence(certificateTime(notBefore), certificateTime(notAfter)), commonName(subject)],
    publicKey.export({ type: "spki", format: "der" }),
    ...(list.length === 0 ? [] : [tagged(3, sequence(...list))]),
  );
  const signature = signWith(digest, body, issuer.key);
  return sequence(body, algorithm, bits(signature));
}

export function commonName(name: string): Uint8Array {
  return sequence(set(sequence(oid(OID.commonName), text(name))));
}

/** Extensions that the certificates of an authority have. */
export const EXTENSIONS = {
  authority: { oid: OID.basicConstraints, critical: true, value: sequence(boolean(true)) },
  noAuthority: { oid: OID.basicConstraints, critical: true, value: sequence() },
  /** keyCertSign and cRLSign. */
  issuing: { oid: OID.keyUsage, critical: true, value: bits(Uint8Array.of(0x06), 1) },
  /** digitalSignature. */
  signing: { oid: OID.keyUsage, critical: true, value: bits(Uint8Array.of(0x80), 7) },
  /** RFC 3161 2.3: critical, and nothing else. */
  timeStamping: { oid: OID.extendedKeyUsage, critical: true, value: sequence(oid(OID.timeStamping)) },
} as const;

export function subjectKey(publicKey: KeyObject) {
  return { oid: OID.subjectKeyIdentifier, value: octets(keyIdentifier(publicKey)) };
}

export function issuerKey(publicKey: KeyObject) {
  return { oid: OID.authorityKeyIdentifier, value: sequence(implicit(0, keyIdentifier(publicKey))) };
}

/** RFC 7093 2: the first 160 bits of the key's SHA-256. */
function keyIdentifier(publicKey: KeyObject): Uint8Array {
  const [, key] = Der.read(publicKey.export({ type: "spki", format: "der" }), "key").items() as [Der, Der];
  return new Uint8Array(createHash("sha256").update(key.bitBytes()).digest().subarray(0, 20));
}
