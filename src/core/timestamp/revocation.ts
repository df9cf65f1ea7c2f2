import { BropError } from "../errors.ts";
import { invalidProof } from "../proof-error.ts";
import { type Algorithm, readAlgorithm, sameBytes } from "./algorithms.ts";
import { type Certificate, type Extensions, KEY_USAGE, keyUsage, readExtensions } from "./certificate.ts";
import { constructed, Der, TAG } from "./der.ts";
import { OID } from "./object-identifiers.ts";
import { requireSignature } from "./signature.ts";

const PART = "revocation list";
const MOST_BYTES = 2_000_000;

/** A certificate revocation list (RFC 5280 5). */
export interface RevocationList {
  issuer: Uint8Array;
  thisUpdate: Date;
  /** By serial number. */
  revoked: ReadonlyMap<bigint, Revocation>;
  extensions: Extensions;
  signed: Uint8Array;
  algorithm: Algorithm;
  signature: Uint8Array;
}

export interface Revocation {
  since: Date;
  /** RFC 5280 5.3.1; undefined where none is given. */
  reason: number | undefined;
}

/** @throws BropError `proof.invalid` unless it is a complete list */
export function readRevocationList(bytes: Uint8Array): RevocationList {
  const whole = Der.read(bytes, PART, MOST_BYTES).fields();
  const body = whole.take();
  const algorithm = readAlgorithm(whole.take());
  const signature = whole.take().bitBytes();
  whole.end();

  const fields = body.fields();
  fields.optional(TAG.integer)?.number(1, 1);
  const inner = readAlgorithm(fields.take());
  const issuer = fields.take().bytes;
  const thisUpdate = fields.take().time();
  fields.optional(TAG.utcTime, TAG.time)?.time();
  const entries = fields.optional(TAG.sequence);
  const extensions = readExtensions(fields.optional(constructed(0))?.fields(constructed(0)).take());
  fields.end();
  if (!sameBytes(inner.bytes, algorithm.bytes)) throw invalidProof(PART, "names two signature algorithms");
  const revoked = new Map((entries?.items() ?? []).map(readEntry));
  return { issuer, thisUpdate, revoked, extensions, signed: body.bytes, algorithm, signature };
}

/**
 * Reasons after which what was signed before stays good (RFC 3161 4.1): unspecified, affiliation changed, superseded,
 * cessation of operation. After another one, or none, nothing does.
 */
const HARMLESS: readonly number[] = [0, 3, 4, 5];

/**
 * Checks that none of a chain's certificates was revoked by the lists that were given. Who gives none has nothing
 * checked.
 *
 * @param chain from the signer's certificate to the trusted one
 * @throws BropError `proof.invalid` where one was revoked, or a list of its issuer is not the issuer's
 */
export async function requireNotRevoked(
  chain: readonly Certificate[],
  lists: readonly RevocationList[],
  time: Date,
): Promise<void> {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1] ?? certificate;
    for (const list of lists) {
      if (!sameBytes(list.issuer, certificate.issuer) || !sameBytes(issuer.subject, list.issuer)) continue;
      await requireListOf(issuer, list);
      judge(list.revoked.get(certificate.serial), time);
    }
  }
}

function judge(revocation: Revocation | undefined, time: Date): void {
  if (revocation === undefined) return;
  const { since, reason } = revocation;
  if (reason !== undefined && HARMLESS.includes(reason) && time < since) return;
  throw invalidProof("time stamp's chain", `has a certificate that was revoked at ${since.toISOString()}`);
}

async function requireListOf(issuer: Certificate, list: RevocationList): Promise<void> {
  const { signed: data, signature, algorithm, extensions } = list;
  if (keyUsage(issuer, PART)?.includes(KEY_USAGE.crlSign) === false) {
    throw invalidProof(PART, "is signed with a key that is not for it");
  }
  for (const [oid, { critical }] of extensions) {
    if (critical) throw invalidProof(PART, `has the critical extension ${oid}, which is unknown`);
  }
  try {
    await requireSignature({ part: PART, data, signature, algorithm, publicKey: issuer.publicKey });
  } catch (error) {
    throw error instanceof BropError ? error : invalidProof(PART, "is not the issuer's");
  }
}

function readEntry(entry: Der): [bigint, Revocation] {
  const fields = entry.fields();
  const serial = fields.take().integer();
  const since = fields.take().time();
  const extensions = readExtensions(fields.optional(TAG.sequence));
  fields.end();
  for (const [oid, { critical }] of extensions) {
    if (critical && oid !== OID.crlReason) throw invalidProof(PART, `has an entry with the critical extension ${oid}`);
  }
  const reason = extensions.get(OID.crlReason);
  const number = reason && Der.read(reason.value, PART).number(0, 10, TAG.enumerated);
  return [serial, { since, reason: number }];
}
