import { invalidProof } from "../proof-error.ts";
import { digestWith, readDigestAlgorithm, sameBytes } from "./algorithms.ts";
import { type Certificate, extendedKeyUsage, KEY_USAGE, keyUsage, subjectKeyIdentifier } from "./certificate.ts";
import { constructed, type Der, TAG } from "./der.ts";
import { OID } from "./object-identifiers.ts";
import type { SignedToken, SignerName } from "./signed-data.ts";

const PART = "time stamp's certificate";

/**
 * The certificate that a token is signed under: named by the signature, and by its digest in what is signed, so that
 * no other one of the same key can be put in its place (RFC 2634, RFC 5035, RFC 5816).
 *
 * @param known further certificates, for a token that comes without
 * @throws BropError `proof.invalid` where it is missing, or not the one that was signed with
 */
export async function signerOf(token: SignedToken, known: readonly Certificate[]): Promise<Certificate> {
  const certificate = [...token.certificates, ...known].find((one) => isNamed(one, token.signer));
  if (certificate === undefined) throw invalidProof(PART, "is missing");
  const second = token.attributes.get(OID.signingCertificateV2);
  const first = token.attributes.get(OID.signingCertificate);
  if (second === undefined && first === undefined) throw invalidProof(PART, "is not named in what is signed");
  if (second !== undefined) await requireNamed(certificate, second, true);
  if (first !== undefined) await requireNamed(certificate, first, false);
  return certificate;
}

/**
 * Checks that a certificate is for time stamping and for nothing else (RFC 3161 2.3).
 * @throws BropError `proof.invalid` saying what it is for
 */
export function requireTimeStamping(certificate: Certificate): void {
  const purposes = extendedKeyUsage(certificate, PART);
  if (purposes === undefined || purposes.length !== 1 || purposes[0] !== OID.timeStamping) {
    throw invalidProof(PART, "is not for time stamping alone");
  }
  if (certificate.extensions.get(OID.extendedKeyUsage)?.critical !== true) {
    throw invalidProof(PART, "says that it is for time stamping, and not that this is critical");
  }
  const allowed: readonly number[] = [KEY_USAGE.digitalSignature, KEY_USAGE.nonRepudiation];
  const usages = keyUsage(certificate, PART);
  if (usages !== undefined && (usages.length === 0 || usages.some((usage) => !allowed.includes(usage)))) {
    throw invalidProof(PART, "has a key for something else than signatures");
  }
}

function isNamed(certificate: Certificate, name: SignerName): boolean {
  if ("issuer" in name) return certificate.serial === name.serial && sameBytes(certificate.issuer, name.issuer);
  const identifier = subjectKeyIdentifier(certificate, PART);
  return identifier !== undefined && sameBytes(identifier, name.keyIdentifier);
}

/** @param second whether the digest's algorithm is named (ESSCertIDv2); else it is SHA-1 */
async function requireNamed(certificate: Certificate, attribute: Der, second: boolean): Promise<void> {
  const list = attribute.fields();
  const [named] = list.take().items();
  if (named === undefined) throw invalidProof(PART, "is not named in what is signed");
  const fields = named.fields();
  const algorithm = second ? fields.optional(TAG.sequence) : undefined;
  const digest = algorithm === undefined ? (second ? "SHA-256" : "SHA-1") : readDigestAlgorithm(algorithm);
  const expected = await digestWith(digest, certificate.bytes);
  if (!sameBytes(fields.take().octets(), expected)) throw invalidProof(PART, "is another one than was signed with");
  const issued = fields.optional(TAG.sequence)?.fields();
  fields.end();
  if (issued === undefined) return;
  const names = issued.take().items();
  const serial = issued.take().integer();
  issued.end();
  const issuer = names.some(
    (name) =>
      name.tag === constructed(4) && sameBytes(name.items(constructed(4))[0]?.bytes ?? name.bytes, certificate.issuer),
  );
  if (!issuer || serial !== certificate.serial) throw invalidProof(PART, "is another one than was signed with");
}
