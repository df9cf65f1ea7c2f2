import { bytesToHex } from "../hex.ts";
import { invalidProof } from "../proof-error.ts";
import { digestWith, type StampDigest, sameBytes } from "./algorithms.ts";
import { type Certificate, nameText, readCertificate } from "./certificate.ts";
import { findChain } from "./chain.ts";
import { OID } from "./object-identifiers.ts";
import { readRevocationList, requireNotRevoked } from "./revocation.ts";
import { requireSignature } from "./signature.ts";
import { readSignedToken, type SignedToken } from "./signed-data.ts";
import { requireTimeStamping, signerOf } from "./signer.ts";
import { readTokenInfo, type TokenInfo } from "./token-info.ts";

const PART = "time stamp";

/** What a token is judged by. */
export interface TokenExpectation {
  /** Digest that has to be stamped. */
  digest: Uint8Array;
  /** By default SHA-256. */
  algorithm?: StampDigest;
  /** Trusted certificates (DER): of the time-stamping authority itself, or of one above it. */
  authorities: readonly Uint8Array[];
  /** Certificates (DER) that may stand between, for a token that comes without. */
  certificates?: readonly Uint8Array[];
  /** Revocation lists (DER) beside those that the token holds. */
  revocationLists?: readonly Uint8Array[];
  /** Latest time that the token may state; by default now. */
  at?: Date;
  /** Earliest one: nobody stamps a block before there is one. */
  since?: Date;
  /** How far clocks may differ, in milliseconds; by default 0. */
  tolerance?: number;
  /** The number that the request had. */
  nonce?: bigint;
  /** Object identifier of the policy that has to be followed. */
  policy?: string;
}

export interface VerifiedToken extends TokenInfo {
  authority: {
    /** Common name of the certificate. */
    name: string;
    /** DER. */
    certificate: Uint8Array;
    /** SHA-256 of the certificate, by which the chain knows the authority, `0x...`. */
    certificateDigest: string;
    notBefore: Date;
    notAfter: Date;
  };
}

/**
 * Verifies a token of RFC 3161 without network access: what it stamps, who signed it under which certificate
 * (RFC 5816), that this is for time stamping alone, and leads to an authority that is trusted; validity and revocation
 * as of the time that is stated; policy and nonce where they are expected.
 *
 * @param token DER
 * @throws BropError `proof.invalid` with the part that does not hold and why
 */
export async function verifyToken(token: Uint8Array, expected: TokenExpectation): Promise<VerifiedToken> {
  const read = readSignedToken(token);
  const info = readTokenInfo(read.info);
  requireImprint(info, expected);
  requireNonceAndPolicy(info, expected);
  requireTime(info, expected);
  const trusted = expected.authorities.map((bytes) => readCertificate(bytes, "trusted certificate"));
  const others = (expected.certificates ?? []).map((bytes) => readCertificate(bytes, "further certificate"));
  const signer = await signerOf(read, [...others, ...trusted]);
  await requireSigned(read, signer);
  requireTimeStamping(signer);
  const chain = await findChain(signer, { trusted, others: [...read.certificates, ...others], time: info.time });
  const lists = [...read.lists, ...(expected.revocationLists ?? [])].map(readRevocationList);
  await requireNotRevoked(chain, lists, info.time);
  const certificateDigest = bytesToHex(await digestWith("SHA-256", signer.bytes));
  const { bytes: certificate, notBefore, notAfter } = signer;
  return {
    ...info,
    authority: { name: nameText(signer.subject), certificate, certificateDigest, notBefore, notAfter },
  };
}

/** What a token states, unverified: for showing, and for choosing what to verify it by. */
export function inspectToken(token: Uint8Array): TokenInfo {
  return readTokenInfo(readSignedToken(token).info);
}

function requireImprint({ imprint }: TokenInfo, { digest, algorithm = "SHA-256" }: TokenExpectation): void {
  if (imprint.algorithm !== algorithm)
    throw invalidProof(PART, `is of a digest by ${imprint.algorithm}, not ${algorithm}`);
  if (!sameBytes(imprint.digest, digest)) throw invalidProof(PART, "is of other data");
}

function requireNonceAndPolicy({ nonce, policy }: TokenInfo, expected: TokenExpectation): void {
  if (expected.nonce !== undefined && nonce !== expected.nonce)
    throw invalidProof(PART, "has another nonce than the request");
  if (expected.policy !== undefined && policy !== expected.policy) {
    throw invalidProof(PART, `follows the policy ${policy}, not ${expected.policy}`);
  }
}

function requireTime(
  { time, accuracy = 0 }: TokenInfo,
  { at = new Date(), since, tolerance = 0 }: TokenExpectation,
): void {
  const stated = `states ${time.toISOString()}`;
  const margin = accuracy + tolerance;
  if (time.getTime() - margin > at.getTime()) throw invalidProof(PART, `${stated}, which is after ${at.toISOString()}`);
  if (since !== undefined && time.getTime() + margin < since.getTime()) {
    throw invalidProof(PART, `${stated}, which is before ${since.toISOString()}`);
  }
}

async function requireSigned(token: SignedToken, signer: Certificate): Promise<void> {
  const { attributes, digest, algorithm, signature, signed: data, info } = token;
  const contentType = attributes.get(OID.contentType)?.oid();
  if (contentType !== OID.timeStampInfo) throw invalidProof(PART, "is signed as content of another type");
  const stated = attributes.get(OID.messageDigest)?.octets();
  if (stated === undefined || !sameBytes(stated, await digestWith(digest, info))) {
    throw invalidProof(PART, "has another content than was signed");
  }
  await requireSignature({ part: PART, data, signature, algorithm, publicKey: signer.publicKey, digest });
}
