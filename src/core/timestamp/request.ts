import { invalidProof } from "../proof-error.ts";
import { DIGEST_OIDS, type StampDigest } from "./algorithms.ts";
import { type Extensions, readExtensions } from "./certificate.ts";
import { constructed, Der, TAG } from "./der.ts";
import { boolean, integer, nothing, octets, oid, sequence } from "./der-writer.ts";

const PART = "time-stamp request";
const MOST_BYTES = 8_192;

/** What is asked of an authority (RFC 3161 2.4.1). */
export interface TimestampQuery {
  algorithm: StampDigest;
  digest: Uint8Array;
  /** Random; the answer has to have it. */
  nonce?: bigint | undefined;
  /** Object identifier of the policy that is wanted; without it the authority's own. */
  policy?: string | undefined;
  /** Whether the token shall hold the authority's certificate; by default it shall. */
  certificate?: boolean;
}

/** A request in DER, to be sent as `application/timestamp-query`. */
export function buildQuery({ algorithm, digest, nonce, policy, certificate = true }: TimestampQuery) {
  const imprint = sequence(sequence(oid(DIGEST_OIDS[algorithm]), nothing()), octets(digest));
  return sequence(
    ...[integer(1), imprint],
    ...(policy === undefined ? [] : [oid(policy)]),
    ...(nonce === undefined ? [] : [integer(nonce)]),
    ...(certificate ? [boolean(true)] : []),
  );
}

/** A request as it stands there: whether its algorithm and policy are taken is for the authority to say. */
export interface ReadQuery {
  version: bigint;
  /** Object identifier of the digest's algorithm. */
  algorithm: string;
  algorithmParameters: Der | undefined;
  digest: Uint8Array;
  /** Algorithm and digest in DER, as the token repeats them. */
  imprint: Uint8Array;
  policy: string | undefined;
  /** In DER. */
  nonce: Uint8Array | undefined;
  certificate: boolean;
  extensions: Extensions;
}

/** @throws BropError `proof.invalid` unless the bytes are a request */
export function readQuery(bytes: Uint8Array): ReadQuery {
  const fields = Der.read(bytes, PART, MOST_BYTES).fields();
  const version = fields.take().integer();
  const imprint = fields.take();
  const policy = fields.optional(TAG.oid)?.oid();
  const nonce = fields.optional(TAG.integer);
  if (nonce !== undefined && (nonce.content.length === 0 || nonce.content.length > LONGEST_NONCE)) {
    throw invalidProof(PART, "has a nonce that is too long");
  }
  const certificate = fields.optional(TAG.boolean)?.boolean() ?? false;
  const extensions = readExtensions(fields.optional(constructed(0)), constructed(0));
  fields.end();
  const [algorithm, parameters, digest] = readImprintParts(imprint);
  return {
    ...{ version, algorithm, algorithmParameters: parameters, digest, imprint: imprint.bytes },
    ...{ policy, nonce: nonce?.bytes, certificate, extensions },
  };
}

/** Bytes of a nonce that is repeated; others use 8 to 20. */
const LONGEST_NONCE = 64;

function readImprintParts(value: Der): [string, Der | undefined, Uint8Array] {
  const fields = value.fields();
  const [algorithm, parameters, ...more] = fields.take().items();
  const digest = fields.take().octets();
  fields.end();
  if (algorithm === undefined || more.length > 0) throw invalidProof(PART, "has an algorithm that is none");
  return [algorithm.oid(), parameters, digest];
}
