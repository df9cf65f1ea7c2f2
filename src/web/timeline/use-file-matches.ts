import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../../core/digest.ts";
import type { TimelineLink } from "../api/types.ts";
import { digestFile } from "../verify/digest-file.ts";
import { type FileChecks, useFileChecks } from "../verify/use-file-checks.ts";

export interface FileMatch {
  /** Part of a trace export: which event it is, from 1, and its business step. */
  readonly event: number | undefined;
  readonly step?: string | undefined;
  readonly digest: string;
  readonly matches: boolean;
}

export interface FileMatches extends FileChecks<readonly FileMatch[]> {
  /** Names of files, or of events in them, by the digest of the link they belong to. */
  readonly byDigest: ReadonlyMap<string, string>;
}

/** Says for each of the visitor's files to which link of a timeline it belongs, if to any. */
export function useFileMatches(links: readonly TimelineLink[]): FileMatches {
  const algorithms = [...new Set(links.map(({ record }) => record.algorithm))].filter(isKnown);
  const known = new Set(links.map(({ digest }) => digest));
  const checks = useFileChecks(async (file, signal, onStage): Promise<readonly FileMatch[]> => {
    const onProgress = (done: number, total: number) => onStage("reading", done, total);
    const { digests, events } = await digestFile({ file, algorithms }, { signal, onProgress });
    const own = Object.values(digests);
    const hit = own.find((digest) => known.has(digest));
    if (hit !== undefined) return [{ event: undefined, digest: hit, matches: true }];
    if (events.length === 0) return [{ event: undefined, digest: own[0] ?? "", matches: false }];
    return events.map(({ digest, step }, index) => ({ event: index + 1, step, digest, matches: known.has(digest) }));
  });
  const byDigest = new Map<string, string>();
  for (const { name, result } of checks.files) {
    for (const match of result ?? []) if (match.matches) byDigest.set(match.digest, nameOf(name, match));
  }
  return { ...checks, byDigest };
}

/** A file's name, with number and step of the event in it. */
export function nameOf(file: string, { event, step }: FileMatch): string {
  return event === undefined ? file : `${file} (${[event, step].filter(Boolean).join(": ")})`;
}

function isKnown(name: string): name is DigestAlgorithm {
  return Object.hasOwn(DIGEST_ALGORITHMS, name);
}
