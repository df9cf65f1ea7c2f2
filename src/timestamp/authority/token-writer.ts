import { createHash } from "node:crypto";
import { DIGEST_OIDS } from "../../core/timestamp/algorithms.ts";
import { readCertificate } from "../../core/timestamp/certificate.ts";
import { implicit, integer, octets, oid, sequence, set, tagged, time } from "../../core/timestamp/der-writer.ts";
import { OID } from "../../core/timestamp/object-identifiers.ts";
import type { SignatureKind } from "./issue-certificate.ts";

/** Signs with the authority's key, wherever that is. */
export interface TokenSigner {
  kind: SignatureKind;
  /** A signature of bytes: PKCS #1, or two numbers in DER. */
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface TokenWriterOptions {
  signer: TokenSigner;
  /** The authority's certificate (DER), and then those above it that tokens shall hold. */
  certificates: readonly Uint8Array[];
  /** Object identifier. */
  policy: string;
  /** Milliseconds. */
  accuracy: number;
}

/** What is different in each token. */
export interface TokenContent {
  /** Message imprint in DER, as it was asked for. */
  imprint: Uint8Array;
  serial: bigint;
  time: Date;
  /** In DER. */
  nonce: Uint8Array | undefined;
  /** Whether the token holds the certificates. */
  certificate: boolean;
}

/** Writes tokens (RFC 3161 2.4.2, RFC 5816). What is the same in each of them is encoded once. */
export class TokenWriter {
  readonly #signer: TokenSigner;
  readonly #policy: Uint8Array;
  readonly #accuracy: Uint8Array;
  readonly #authority: Uint8Array;
  readonly #certificates: Uint8Array;
  readonly #name: Uint8Array;
  readonly #digest: Uint8Array;
  readonly #contentType: Uint8Array;
  readonly #signedUnder: Uint8Array;
  readonly #signedData = oid(OID.signedData);
  readonly #tokenInfo = oid(OID.timeStampInfo);
  readonly #messageDigest = oid(OID.messageDigest);

  constructor({ signer, certificates, policy, accuracy }: TokenWriterOptions) {
    const [first] = certificates;
    if (first === undefined) throw new Error("An authority has a certificate");
    const { subject, issuer, serial } = readCertificate(first);
    this.#signer = signer;
    this.#policy = oid(policy);
    this.#accuracy = accuracyOf(accuracy);
    this.#authority = tagged(0, tagged(4, subject));
    this.#certificates = tagged(0, ...certificates);
    this.#name = sequence(issuer, integer(serial));
    this.#digest = sequence(oid(DIGEST_OIDS[DIGEST_NAMES[signer.kind.digest]]));
    this.#contentType = attribute(oid(OID.contentType), oid(OID.timeStampInfo));
    const named = sequence(octets(digestOf("sha256", first)), sequence(sequence(tagged(4, issuer)), integer(serial)));
    this.#signedUnder = attribute(oid(OID.signingCertificateV2), sequence(sequence(named)));
  }

  async write({ imprint, serial, time: stated, nonce, certificate }: TokenContent): Promise<Uint8Array<ArrayBuffer>> {
    const info = sequence(
      ...[integer(1), this.#policy, imprint, integer(serial), time(stated), this.#accuracy],
      ...(nonce === undefined ? [] : [nonce]),
      this.#authority,
    );
    const { kind } = this.#signer;
    const digest = attribute(this.#messageDigest, octets(digestOf(kind.digest, info)));
    const attributes = set(this.#contentType, digest, this.#signedUnder);
    const signature = await this.#signer.sign(attributes);
    const signed = attributes.slice();
    // In the token they stand under a tag instead of that of a set.
    signed[0] = 0xa0;
    const signerInfo = sequence(...[integer(1), this.#name, this.#digest, signed, kind.algorithm, octets(signature)]);
    const signedData = sequence(
      ...[integer(3), set(this.#digest), sequence(this.#tokenInfo, tagged(0, octets(info)))],
      ...(certificate ? [this.#certificates] : []),
      set(signerInfo),
    );
    return sequence(this.#signedData, tagged(0, signedData));
  }
}

const DIGEST_NAMES = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const;

const attribute = (kind: Uint8Array, value: Uint8Array): Uint8Array => sequence(kind, set(value));

function digestOf(name: string, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(name).update(bytes).digest());
}

function accuracyOf(milliseconds: number): Uint8Array {
  const [seconds, rest] = [Math.floor(milliseconds / 1_000), milliseconds % 1_000];
  return sequence(...(seconds === 0 ? [] : [integer(seconds)]), ...(rest === 0 ? [] : [implicit(0, contentOf(rest))]));
}

/** A number without tag and length: both take one byte of so small a one. */
const contentOf = (value: number): Uint8Array => integer(value).subarray(2);
