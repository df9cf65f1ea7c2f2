import type { Database } from "../store/database.ts";
import { type ContentFault, readPieceDigests } from "../store/queries/hosting/contents.ts";
import { isPiece } from "./content-digests.ts";
import { ContentMissing, type ContentStore } from "./content-store.ts";
import { DIGEST_BYTES, PIECE } from "./limits.ts";

/** Digests of pieces that are held at a time: those of 1 GiB. */
const DIGESTS_AT_A_TIME = 1_024;

/** What is wrong with a content, and from which byte on. */
export class ContentDamaged extends Error {
  readonly fault: ContentFault;
  readonly position: number;

  constructor(fault: ContentFault, position: number, options?: { cause?: unknown }) {
    super(`the content is damaged (${fault}) at byte ${position}`, options);
    this.name = "ContentDamaged";
    this.fault = fault;
    this.position = position;
  }
}

export interface ContentRange {
  digest: Uint8Array;
  size: number;
  from: number;
  /** The byte behind the last one. */
  to: number;
}

/**
 * Bytes of a content, each piece compared before anything of it is given out. Whole pieces are read, whatever the range;
 * at most two of them are in memory.
 *
 * @throws ContentDamaged before the first byte that is not right
 */
export async function* readVerified(
  db: Database,
  store: ContentStore,
  { digest, size, from, to }: ContentRange,
): AsyncGenerator<Uint8Array> {
  const first = Math.floor(from / PIECE);
  const end = Math.min(size, Math.ceil(to / PIECE) * PIECE);
  let index = first;
  let digests: Uint8Array = new Uint8Array();
  let firstDigest = first;
  try {
    for await (const piece of inPieces(store.read(Buffer.from(digest).toString("hex"), first * PIECE, end))) {
      if (index - firstDigest >= digests.length / DIGEST_BYTES) {
        firstDigest = index;
        digests = await readPieceDigests(db, digest, index, DIGESTS_AT_A_TIME);
        if (digests.length === 0) throw new ContentDamaged("record", index * PIECE);
      }
      if (!isPiece(piece, digests, index - firstDigest)) throw new ContentDamaged("content", index * PIECE);
      const start = index * PIECE;
      yield piece.subarray(Math.max(0, from - start), Math.min(piece.length, to - start));
      index++;
    }
  } catch (error) {
    if (error instanceof ContentMissing) throw new ContentDamaged("missing", index * PIECE, { cause: error });
    throw error;
  }
}

/** Cuts a stream into pieces; the last one may be shorter. */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of source) {
    for (let start = 0; start < bytes.length; ) {
      const part = bytes.subarray(start, start + PIECE - length);
      parts.push(part);
      length += part.length;
      start += part.length;
      if (length < PIECE) continue;
      yield joined(parts);
      parts = [];
      length = 0;
    }
  }
  if (length > 0) yield joined(parts);
}

const joined = (parts: Uint8Array[]) => (parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts));
