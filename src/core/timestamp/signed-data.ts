import { invalidProof } from "../proof-error.ts";
import {
  type Algorithm,
  readAlgorithm,
  readDigestAlgorithm,
  requireNoParameters,
  type StampDigest,
} from "./algorithms.ts";
import { type Certificate, certificateIn } from "./certificate.ts";
import { constructed, Der, simple, TAG } from "./der.ts";
import { OID } from "./object-identifiers.ts";

const PART = "time stamp";
const MOST_BYTES = 100_000;
const MOST_CERTIFICATES = 16;

/** Who signed, as a token names it: by issuer and serial number, or by the key's identifier (RFC 5652 5.3). */
export type SignerName = { issuer: Uint8Array; serial: bigint } | { keyIdentifier: Uint8Array };

/** A token in its parts (RFC 5652 5.1, with the narrower rules of RFC 3161 2.4.2). */
export interface SignedToken {
  /** What the authority states, TSTInfo in DER. */
  info: Uint8Array;
  certificates: Certificate[];
  /** Revocation lists in DER. */
  lists: Uint8Array[];
  signer: SignerName;
  digest: StampDigest;
  /** By object identifier: the one value of each. */
  attributes: ReadonlyMap<string, Der>;
  /** What the signature is made over. */
  signed: Uint8Array;
  algorithm: Algorithm;
  signature: Uint8Array;
}

/** @throws BropError `proof.invalid` unless it is one content of the type of a time stamp, with one signature */
export function readSignedToken(bytes: Uint8Array): SignedToken {
  const outer = Der.read(bytes, PART, MOST_BYTES).fields();
  const kind = outer.take().oid();
  if (kind !== OID.signedData) throw invalidProof(PART, `has the content type ${kind}, and signed data belongs there`);
  const [content, ...more] = outer.take().items(constructed(0));
  outer.end();
  if (content === undefined || more.length > 0) throw invalidProof(PART, "has not one content");

  const fields = content.fields();
  const version = fields.take().integer();
  // RFC 5652 5.1: 3, since the content is not plain data; 4 and 5 with attribute certificates and other formats.
  if (version < 3n || version > 5n) throw invalidProof(PART, `has signed data of version ${version}`);
  const digests = fields.take().items(TAG.set).map(plainAlgorithm);
  const info = readContent(fields.take());
  const certificates = fields.optional(constructed(0))?.items(constructed(0)) ?? [];
  const lists = fields.optional(constructed(1))?.items(constructed(1)) ?? [];
  const signers = fields.take().items(TAG.set);
  fields.end();
  if (certificates.length > MOST_CERTIFICATES) throw invalidProof(PART, `has ${certificates.length} certificates`);
  const [signer] = signers;
  if (signer === undefined || signers.length > 1)
    throw invalidProof(PART, `has ${signers.length} signatures, and 1 belongs`);
  const read = readSigner(signer);
  if (!digests.includes(read.digestOid)) throw invalidProof(PART, "does not name the digest of its signature");
  return {
    info,
    // Attribute certificates and formats of others stand under tags of their own.
    certificates: certificates.filter(isPlain).map(certificateIn),
    lists: lists.filter(isPlain).map((each) => each.bytes),
    ...read,
  };
}

function plainAlgorithm(value: Der): string {
  const { oid, parameters } = readAlgorithm(value);
  requireNoParameters(parameters, value.part);
  return oid;
}

const isPlain = ({ tag }: Der): boolean => tag === TAG.sequence;

function readContent(value: Der): Uint8Array {
  const fields = value.fields();
  const kind = fields.take().oid();
  if (kind !== OID.timeStampInfo) throw invalidProof(PART, `has the content type ${kind}, which is no time stamp's`);
  const content = fields.take().fields(constructed(0));
  fields.end();
  const info = content.take().octets();
  content.end();
  return info;
}

function readSigner(value: Der) {
  const fields = value.fields();
  const version = fields.take().integer();
  const name = fields.take();
  if (version !== (name.tag === TAG.sequence ? 1n : 3n)) throw invalidProof(PART, `has a signer of version ${version}`);
  const digestField = fields.take();
  const digest = readDigestAlgorithm(digestField);
  const attributes = fields.optional(constructed(0));
  if (attributes === undefined) throw invalidProof(PART, "has no signed attributes");
  const algorithm = readAlgorithm(fields.take());
  const signature = fields.take().octets();
  fields.optional(constructed(1));
  fields.end();
  const digestOid = readAlgorithm(digestField).oid;
  return {
    ...{ signer: readName(name), digest, digestOid, algorithm, signature },
    attributes: readAttributes(attributes),
    signed: asSet(attributes.bytes),
  };
}

function readName(value: Der): SignerName {
  if (value.tag === simple(0)) return { keyIdentifier: value.content };
  const fields = value.fields();
  const name = { issuer: fields.take().bytes, serial: fields.take().integer() };
  fields.end();
  return name;
}

function readAttributes(value: Der): Map<string, Der> {
  const attributes = new Map<string, Der>();
  for (const attribute of value.items(constructed(0))) {
    const fields = attribute.fields();
    const oid = fields.take().oid();
    const [one, ...more] = fields.take().items(TAG.set);
    fields.end();
    if (one === undefined || more.length > 0) throw invalidProof(PART, `has the attribute ${oid} with not one value`);
    if (attributes.has(oid)) throw invalidProof(PART, `has the attribute ${oid} twice`);
    attributes.set(oid, one);
  }
  return attributes;
}

/** The attributes are signed as a set of their own, not under the tag by which they stand in the token. */
function asSet(bytes: Uint8Array): Uint8Array {
  const set = bytes.slice();
  set[0] = TAG.set;
  return set;
}
