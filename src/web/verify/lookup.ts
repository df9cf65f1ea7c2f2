import type { DigestAlgorithm } from "../../core/digest.ts";
import { certifications, records } from "../api/queries.ts";
import type { Certification } from "../api/types.ts";
import { digestFile } from "./digest-file.ts";
import type { EventDigest, FileDigests } from "./digest-job.ts";
import { certificationInForce, type Finding, judge } from "./verdict.ts";

/** What is on record for one digest, and who vouched for the account that recorded it. */
export interface LookedUp extends Finding {
  readonly digest: string;
  /** In force when the record was made. */
  readonly certification: Certification | undefined;
}

export interface FileVerdict extends LookedUp {
  readonly digests: FileDigests;
  readonly events: readonly (EventDigest & { readonly verdict: LookedUp })[];
}

// Nearly every record names SHA-256; the others are worked out only when it finds nothing.
const FIRST: readonly DigestAlgorithm[] = ["sha2-256"];
const OTHERS: readonly DigestAlgorithm[] = ["sm3-256", "sha3-256", "sha2-512-256"];
const LIMIT = 100;

export type Stage = "reading" | "reading-more" | "looking";
export type OnStage = (stage: Stage, done: number, total: number) => void;

/**
 * Looks up what is on record for a digest.
 * @throws BropError as the query interface answers
 */
export async function lookUp(digest: string, signal?: AbortSignal): Promise<LookedUp> {
  const found = await records({ digest, limit: LIMIT }, signal);
  const finding = judge(found.items);
  if (!finding.record) return { ...finding, digest, certification: undefined };
  const { owner, blockNumber, recordedAt } = finding.record;
  const certified = await certifications(owner, blockNumber, signal);
  return {
    ...finding,
    digest,
    certification: certificationInForce(certified.items, { blockNumber, time: recordedAt }),
  };
}

/**
 * Digests a file in the browser and looks up its digests, and those of the events in it.
 * @throws BropError `file.unreadable`, or as the query interface answers
 */
export async function lookUpFile(file: File, signal: AbortSignal, onStage: OnStage): Promise<FileVerdict> {
  const first = await digestFile(
    { file, algorithms: FIRST },
    { signal, onProgress: (done, total) => onStage("reading", done, total) },
  );
  onStage("looking", file.size, file.size);
  const bySha256 = await lookUp(Object.values(first.digests)[0] as string, signal);
  const events: (EventDigest & { verdict: LookedUp })[] = [];
  for (const event of first.events) events.push({ ...event, verdict: await lookUp(event.digest, signal) });
  if (bySha256.record || events.some(({ verdict }) => verdict.record)) {
    return { ...bySha256, digests: first.digests, events };
  }
  const more = await digestFile(
    { file, algorithms: OTHERS },
    { signal, onProgress: (done, total) => onStage("reading-more", done, total) },
  );
  onStage("looking", file.size, file.size);
  const digests = { ...first.digests, ...more.digests };
  for (const digest of Object.values(more.digests)) {
    const verdict = await lookUp(digest, signal);
    if (verdict.record) return { ...verdict, digests, events };
  }
  return { ...bySha256, digests, events };
}
