/** Bytes of a piece: what is checked at a time while a file is read. The table's check of `piece_digests` has the same. */
export const PIECE = 1_048_576;
/** Bytes of a SHA-256. */
export const DIGEST_BYTES = 32;

/** What a store is allowed, and how it behaves; all of it from the settings. */
export interface HostingLimits {
  /** Largest file, in bytes. */
  largestFile: number;
  /** Bytes that a partner may keep, where nothing else was set for it. */
  quota: number;
  /** Bytes of the disk that uploads leave free. */
  reserve: number;
  /** Milliseconds for which an upload waits for more. */
  uploadPatience: number;
  /** Milliseconds within which each content is read again and compared. */
  scrubInterval: number;
}
