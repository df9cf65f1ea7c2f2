import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import {
  DEFAULT_DIGEST_ALGORITHM,
  type Digest,
  type DigestAlgorithm,
  type DigestOptions,
  type DigestSource,
  feedDigest,
  parseDigestAlgorithm,
} from "./digest.ts";
import { BropError } from "./errors.ts";

const NATIVE_NAMES: Record<DigestAlgorithm, string> = {
  "sha2-256": "sha256",
  "sha3-256": "sha3-256",
  "sm3-256": "sm3",
  "sha2-512-256": "sha512-256",
};

/**
 * Like `createDigest`, by Node's native code.
 * @throws BropError `request.invalid` for an unknown algorithm
 */
export function createNativeDigest(algorithm: DigestAlgorithm = DEFAULT_DIGEST_ALGORITHM): Digest {
  const hash = createHash(NATIVE_NAMES[parseDigestAlgorithm(algorithm)]);
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => Uint8Array.from(hash.digest()),
  };
}

/** Like `digestStream`, by Node's native code. */
export async function digestNativeStream(source: DigestSource, options: DigestOptions = {}): Promise<Uint8Array> {
  return feedDigest(createNativeDigest(options.algorithm), source, options.onProgress);
}

/**
 * The digest of a file, read piece by piece.
 * @throws BropError `file.not-found`, `file.unreadable`, `request.invalid` for an unknown algorithm
 */
export async function digestFile(path: string, options: DigestOptions = {}): Promise<Uint8Array> {
  const digest = createNativeDigest(options.algorithm);
  let size: number;
  try {
    size = (await stat(path)).size;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  // Pieces of 1 MiB: larger ones are no faster. Errors of `onProgress` are the caller's and go through.
  return feedDigest(digest, readPieces(path), options.onProgress, size);
}

async function* readPieces(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): BropError {
  const missing = ["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "");
  return new BropError(missing ? "file.not-found" : "file.unreadable", { path }, undefined, { cause });
}
