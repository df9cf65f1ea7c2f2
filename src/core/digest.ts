import { sha256, sha512_256 } from "@noble/hashes/sha2.js";
import { sha3_256 } from "@noble/hashes/sha3.js";
import { BropError } from "./errors.ts";
import { Sm3 } from "./sm3.ts";

/** Digest algorithms that a record can name (EV-1), with their multicodec codes. Each gives 32 bytes. */
export const DIGEST_ALGORITHMS = {
  "sha2-256": 0x12,
  "sha3-256": 0x16,
  "sm3-256": 0x534d,
  "sha2-512-256": 0x1015,
} as const;

export type DigestAlgorithm = keyof typeof DIGEST_ALGORITHMS;

export const DEFAULT_DIGEST_ALGORITHM: DigestAlgorithm = "sha2-256";

/** A digest in the making. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The digest, 32 bytes. Nothing may be added afterwards. */
  digest(): Uint8Array;
}

/** Called after each piece with the bytes digested so far, and all of them where that is known. */
export type DigestProgress = (done: number, total: number | undefined) => void;

export interface DigestOptions {
  /** SHA-256 by default. */
  algorithm?: DigestAlgorithm | undefined;
  onProgress?: DigestProgress | undefined;
}

export type DigestSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | Blob;

const MAKERS: Record<DigestAlgorithm, () => Digest> = {
  "sha2-256": () => sha256.create(),
  "sha3-256": () => sha3_256.create(),
  "sm3-256": () => new Sm3(),
  "sha2-512-256": () => sha512_256.create(),
};

/** The name of a multicodec code, as a record carries it; undefined for one that records can not have. */
export function digestAlgorithmOf(code: number | bigint): DigestAlgorithm | undefined {
  const names = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];
  return names.find((name) => BigInt(DIGEST_ALGORITHMS[name]) === BigInt(code));
}

/**
 * Checks the name of an algorithm that came from outside.
 * @throws BropError `request.invalid` that lists the names there are
 */
export function parseDigestAlgorithm(name: unknown): DigestAlgorithm {
  if (typeof name === "string" && Object.hasOwn(DIGEST_ALGORITHMS, name)) return name as DigestAlgorithm;
  throw new BropError("request.invalid", { field: "algorithm", value: name, known: Object.keys(DIGEST_ALGORITHMS) });
}

/**
 * Starts a digest that takes its data piece by piece, in Node and browsers.
 * @throws BropError `request.invalid` for an unknown algorithm
 */
export function createDigest(algorithm: DigestAlgorithm = DEFAULT_DIGEST_ALGORITHM): Digest {
  return MAKERS[parseDigestAlgorithm(algorithm)]();
}

/** The digest of bytes at hand. */
export function digestBytes(bytes: Uint8Array, algorithm: DigestAlgorithm = DEFAULT_DIGEST_ALGORITHM): Uint8Array {
  const digest = createDigest(algorithm);
  digest.update(bytes);
  return digest.digest();
}

/**
 * The digest of data that need not fit in memory. In Node prefer `digest.node.ts`, which is faster.
 * @throws BropError `request.invalid` for an unknown algorithm; errors of the source go through
 */
export async function digestStream(source: DigestSource, options: DigestOptions = {}): Promise<Uint8Array> {
  return feedDigest(createDigest(options.algorithm), source, options.onProgress);
}

/** Feeds all of `source` to a digest. */
export async function feedDigest(
  digest: Digest,
  source: DigestSource,
  onProgress?: DigestProgress,
  total?: number,
): Promise<Uint8Array> {
  const known = source instanceof Blob ? source.size : total;
  let done = 0;
  for await (const piece of piecesOf(source)) {
    digest.update(piece);
    done += piece.length;
    onProgress?.(done, known);
  }
  return digest.digest();
}

async function* piecesOf(source: DigestSource): AsyncIterable<Uint8Array> {
  const iterable = source instanceof Blob ? source.stream() : source;
  if (Symbol.asyncIterator in iterable) {
    yield* iterable;
    return;
  }
  // Safari's streams have no asynchronous iterator.
  const reader = (iterable as ReadableStream<Uint8Array>).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    await reader.cancel();
  }
}
