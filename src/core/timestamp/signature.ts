import { invalidProof } from "../proof-error.ts";
import {
  type Algorithm,
  digestOf,
  readAlgorithm,
  readDigestAlgorithm,
  requireNoParameters,
  type StampDigest,
} from "./algorithms.ts";
import { constructed, Der, TAG } from "./der.ts";
import { bits, nothing, oid, sequence } from "./der-writer.ts";
import { OID } from "./object-identifiers.ts";

const LEAST_RSA_BITS = 2_048;
const CURVES: Readonly<Record<string, { name: string; size: number }>> = {
  [OID.p256]: { name: "P-256", size: 32 },
  [OID.p384]: { name: "P-384", size: 48 },
  [OID.p521]: { name: "P-521", size: 66 },
};
const RSA: Readonly<Record<string, StampDigest>> = {
  [OID.rsaSha256]: "SHA-256",
  [OID.rsaSha384]: "SHA-384",
  [OID.rsaSha512]: "SHA-512",
};
const ECDSA: Readonly<Record<string, StampDigest>> = {
  [OID.ecdsaSha256]: "SHA-256",
  [OID.ecdsaSha384]: "SHA-384",
  [OID.ecdsaSha512]: "SHA-512",
};

/** The key of a certificate (RFC 5280 4.1.2.7). */
export interface PublicKey {
  algorithm: Algorithm;
  /** What the algorithm understands. */
  key: Uint8Array;
  /** Subject public key info. */
  bytes: Uint8Array;
}

export function publicKeyIn(value: Der): PublicKey {
  const fields = value.fields();
  const algorithm = readAlgorithm(fields.take());
  const key = fields.take().bitBytes();
  fields.end();
  return { algorithm, key, bytes: value.bytes };
}

export interface Signed {
  /** What is signed, for errors. */
  part: string;
  data: Uint8Array;
  signature: Uint8Array;
  algorithm: Algorithm;
  publicKey: PublicKey;
  /** The digest where the algorithm names only the kind of key (CMS). */
  digest?: StampDigest;
}

/**
 * Checks a signature: RSA (PKCS #1 and PSS, from 2,048 bits), ECDSA on P-256, P-384 and P-521, each with SHA-2.
 *
 * @throws BropError `proof.invalid` where it is not the signer's, or of a kind that is not taken
 */
export async function requireSignature(signed: Signed): Promise<void> {
  const { part, algorithm } = signed;
  const valid = algorithm.oid in ECDSA ? await verifyEcdsa(signed) : await verifyRsa(signed, rsaKind(signed));
  if (!valid) throw invalidProof(part, "has a signature that is not the authority's");
}

async function verifyEcdsa({ part, algorithm, publicKey, signature, data }: Signed): Promise<boolean> {
  const { algorithm: kind, bytes } = publicKey;
  if (algorithm.parameters !== undefined)
    throw invalidProof(part, "has an algorithm with parameters that it does not take");
  const curve = kind.oid === OID.ecPublicKey ? CURVES[kind.parameters?.oid() ?? ""] : undefined;
  if (curve === undefined) throw invalidProof(part, "is signed with a key that does not belong to its algorithm");
  const key = await importKey(part, bytes, { name: "ECDSA", namedCurve: curve.name });
  const plain = plainSignature(signature, curve.size, part);
  const hash = ECDSA[algorithm.oid] as string;
  return verify({ name: "ECDSA", hash }, key, plain, data);
}

interface RsaKind {
  name: "RSASSA-PKCS1-v1_5" | "RSA-PSS";
  hash: StampDigest;
  saltLength?: number;
}

function rsaKind({ part, algorithm, digest }: Signed): RsaKind {
  const { oid, parameters } = algorithm;
  if (oid === OID.rsaPss) return pssKind(part, parameters);
  const hash = oid === OID.rsa ? digest : RSA[oid];
  if (hash === undefined) throw invalidProof(part, `has the signature algorithm ${oid}, which is not taken`);
  requireNoParameters(parameters, part);
  return { name: "RSASSA-PKCS1-v1_5", hash };
}

/** RFC 4055 3.1; the defaults are SHA-1, which is not taken. */
function pssKind(part: string, parameters: Der | undefined): RsaKind {
  const fields = parameters?.fields();
  const hashField = fields?.optional(constructed(0));
  const maskField = fields?.optional(constructed(1));
  const saltField = fields?.optional(constructed(2));
  const trailer = fields?.optional(constructed(3));
  fields?.end();
  if (hashField === undefined || maskField === undefined) {
    throw invalidProof(part, `has the digest algorithm ${OID.sha1}, which is not taken`);
  }
  const hash = readDigestAlgorithm(hashField.fields(constructed(0)).take());
  const mask = readAlgorithm(maskField.fields(constructed(1)).take());
  const maskHash = mask.parameters === undefined ? undefined : digestOf(readAlgorithm(mask.parameters).oid);
  if (mask.oid !== OID.mgf1 || maskHash !== hash) throw invalidProof(part, "has a mask of another digest than its own");
  const saltLength = saltField?.fields(constructed(2)).take().number(0, 512) ?? 20;
  if (trailer !== undefined && trailer.fields(constructed(3)).take().integer() !== 1n) {
    throw invalidProof(part, "has a signature with another trailer than 1");
  }
  return { name: "RSA-PSS", hash, saltLength };
}

async function verifyRsa(
  { part, publicKey, signature, data }: Signed,
  { name, hash, saltLength }: RsaKind,
): Promise<boolean> {
  const { algorithm: kind } = publicKey;
  if (kind.oid !== OID.rsa && !(kind.oid === OID.rsaPss && name === "RSA-PSS")) {
    throw invalidProof(part, "is signed with a key that does not belong to its algorithm");
  }
  // Browsers know the key only by the identifier of RSA in general.
  const plain = kind.oid === OID.rsa ? publicKey.bytes : withRsaIdentifier(publicKey);
  const key = await importKey(part, plain, { name, hash });
  const bits = (key.algorithm as RsaHashedKeyAlgorithm).modulusLength;
  if (bits < LEAST_RSA_BITS)
    throw invalidProof(part, `is signed with an RSA key of ${bits} bits, and ${LEAST_RSA_BITS} are the least`);
  return verify(saltLength === undefined ? { name } : { name, saltLength }, key, signature, data);
}

function withRsaIdentifier({ key }: PublicKey): Uint8Array {
  return sequence(sequence(oid(OID.rsa), nothing()), bits(key));
}

async function importKey(
  part: string,
  publicKey: Uint8Array,
  algorithm: RsaHashedImportParams | EcKeyImportParams,
): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("spki", publicKey as Uint8Array<ArrayBuffer>, algorithm, true, ["verify"]);
  } catch {
    throw invalidProof(part, "is signed with a key that is none");
  }
}

async function verify(
  algorithm: AlgorithmIdentifier | RsaPssParams | EcdsaParams,
  key: CryptoKey,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify(
      algorithm,
      key,
      signature as Uint8Array<ArrayBuffer>,
      data as Uint8Array<ArrayBuffer>,
    );
  } catch {
    return false;
  }
}

/** Two numbers in DER, as certificates have them, to the two numbers of fixed length that WebCrypto takes. */
function plainSignature(signature: Uint8Array, size: number, part: string): Uint8Array {
  const fields = Der.read(signature, part).fields();
  const plain = new Uint8Array(2 * size);
  for (const end of [size, 2 * size]) {
    const content = fields.take().octets(TAG.integer);
    const digits = content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
    if (digits.length > size || (content[0] ?? 0x80) > 0x7f || (content[0] === 0 && (content[1] ?? 0x80) < 0x80)) {
      throw invalidProof(part, "has a signature that is none");
    }
    plain.set(digits, end - digits.length);
  }
  fields.end();
  return plain;
}
