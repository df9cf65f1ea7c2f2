import { createHash, type Hash, hash } from "node:crypto";
import { DIGEST_BYTES, PIECE } from "./limits.ts";

/** What is known of a content by its bytes. */
export interface ContentDigests {
  size: number;
  /** SHA-256 of all of it. */
  digest: Uint8Array;
  /** SHA-256 of each piece, one behind the other. */
  pieceDigests: Uint8Array;
}

/** SHA-256 of a content and of its pieces, taken while its bytes go by in order. */
export class ContentHasher {
  readonly #whole = createHash("sha256");
  readonly #pieces: Buffer[] = [];
  #piece: Hash = createHash("sha256");
  #size = 0;

  /** Bytes that went by. */
  get size(): number {
    return this.#size;
  }

  update(bytes: Uint8Array): void {
    this.#whole.update(bytes);
    for (let start = 0; start < bytes.length; ) {
      const room = PIECE - (this.#size % PIECE);
      const part = bytes.subarray(start, start + room);
      this.#piece.update(part);
      this.#size += part.length;
      start += part.length;
      if (this.#size % PIECE === 0) this.#endPiece();
    }
  }

  /** To be called once, at the end. */
  finish(): ContentDigests {
    if (this.#size % PIECE !== 0) this.#endPiece();
    return { size: this.#size, digest: this.#whole.digest(), pieceDigests: Buffer.concat(this.#pieces) };
  }

  #endPiece(): void {
    this.#pieces.push(this.#piece.digest());
    this.#piece = createHash("sha256");
  }
}

/** Whether a piece has the digest that stands at its place. */
export function isPiece(bytes: Uint8Array, digests: Uint8Array, index: number): boolean {
  const expected = digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
  return expected.length === DIGEST_BYTES && hash("sha256", bytes, "buffer").equals(expected);
}

/** Pieces of a content of a size. */
export function pieceCount(size: number): number {
  return Math.ceil(size / PIECE);
}
