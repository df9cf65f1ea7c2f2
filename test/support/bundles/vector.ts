import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import type { BundleReason } from "../../../src/core/bundle/reasons.ts";
import type { VerdictState } from "../../../src/core/bundle/verdict.ts";

/** Names of the trusted starts of the vectors; `none`: nothing is trusted. */
export type TrustName = string;

/** A file, what it is judged by, and what has to come of it. */
export interface BundleVector {
  /** Also the file's name. */
  name: string;
  /** The case in a sentence. */
  what: string;
  /** The file: a bundle, or any text or bytes. */
  content: Bundle | string | Uint8Array;
  trust: TrustName;
  /** Digest of the data at hand. */
  digest?: string;
  /** Trusted time-stamping certificates: files beside the vectors. */
  authorities?: readonly string[];
  /** The file is followed by white space up to so many bytes. */
  padTo?: number;
  /** Statement whose reason is expected; by default the one that decides. */
  statement?: string;
  state: VerdictState;
  reason?: BundleReason;
}

/** The file of a vector. */
export function vectorBytes({ content, padTo }: Pick<BundleVector, "content" | "padTo">): Uint8Array {
  const bytes =
    content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
  if (padTo === undefined) return bytes;
  const padded = new Uint8Array(padTo).fill(0x20);
  padded.set(bytes);
  return padded;
}
