import { invalidProof } from "../proof-error.ts";
import { DIGEST_LENGTHS, readDigestAlgorithm, type StampDigest } from "./algorithms.ts";
import { readExtensions } from "./certificate.ts";
import { constructed, Der, simple, TAG } from "./der.ts";

const PART = "time stamp";

/** What is stamped: a digest, and its algorithm (RFC 3161 2.4.1). */
export interface Imprint {
  algorithm: StampDigest;
  digest: Uint8Array;
}

/** What an authority states (RFC 3161 2.4.2, TSTInfo). */
export interface TokenInfo {
  policy: string;
  imprint: Imprint;
  serial: bigint;
  time: Date;
  /** How far from the time it may have been, in milliseconds; undefined where the authority does not say. */
  accuracy: number | undefined;
  /** Whether tokens of this authority can be ordered by their times alone. */
  ordering: boolean;
  nonce: bigint | undefined;
}

/** @throws BropError `proof.invalid` unless it is what the standard says, with nothing critical that is unknown */
export function readTokenInfo(bytes: Uint8Array): TokenInfo {
  const fields = Der.read(bytes, PART).fields();
  const version = fields.take().integer();
  if (version !== 1n) throw invalidProof(PART, `is of version ${version}, and 1 is read`);
  const policy = fields.take().oid();
  const imprint = readImprint(fields.take());
  const serial = fields.take().integer();
  const time = fields.take().time();
  const accuracy = readAccuracy(fields.optional(TAG.sequence));
  const ordering = fields.optional(TAG.boolean)?.boolean() ?? false;
  const nonce = fields.optional(TAG.integer)?.integer();
  fields.optional(constructed(0));
  const extensions = readExtensions(fields.optional(constructed(1)), constructed(1));
  fields.end();
  for (const [oid, { critical }] of extensions) {
    if (critical) throw invalidProof(PART, `has the critical extension ${oid}, which is unknown`);
  }
  return { policy, imprint, serial, time, accuracy, ordering, nonce };
}

/** @throws BropError `proof.invalid` for an algorithm that is not taken, or a digest of another length */
export function readImprint(value: Der): Imprint {
  const fields = value.fields();
  const algorithm = readDigestAlgorithm(fields.take());
  const digest = fields.take().octets();
  fields.end();
  const length = DIGEST_LENGTHS[algorithm];
  if (digest.length !== length)
    throw invalidProof(value.part, `has ${digest.length} bytes as a digest of ${algorithm}`);
  return { algorithm, digest };
}

function readAccuracy(value: Der | undefined): number | undefined {
  if (value === undefined) return undefined;
  const fields = value.fields();
  const seconds = fields.optional(TAG.integer)?.number(0, 31_536_000) ?? 0;
  const millis = fields.optional(simple(0))?.number(1, 999, simple(0)) ?? 0;
  const micros = fields.optional(simple(1))?.number(1, 999, simple(1)) ?? 0;
  fields.end();
  return seconds * 1_000 + millis + micros / 1_000;
}
