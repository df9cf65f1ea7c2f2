import { businessKeyDigest } from "../../src/sdk/index.ts";
import type { Document } from "./documents.ts";

/** What of a link on the chain is compared; digests as `0x` and 64 digits. */
export interface RecordedLink {
  index: number;
  digest: string;
  /** Digest of the business system's key. */
  businessKey: string;
}

/** A difference between what was recorded and what was handed over. */
export interface Finding {
  kind: "altered" | "missing" | "unrecorded" | "misnamed" | "reordered";
  /** Name of the document; undefined where there is none. */
  document: string | undefined;
  /** Index of the link; undefined where there is none. */
  link: number | undefined;
}

/** What belongs together, and what is wrong. */
export interface Comparison {
  /** Document of each link, by the link's index. */
  documents: ReadonlyMap<number, Document>;
  findings: readonly Finding[];
}

/**
 * Holds documents, in the order that they claim, against the links of an object, in the chain's order. A document
 * belongs to the link with its digest, or else to the one with its business key: then it is not what was recorded.
 */
export function compare(links: readonly RecordedLink[], documents: readonly Document[]): Comparison {
  const findings: Finding[] = [];
  const add = (kind: Finding["kind"], document?: Document, link?: RecordedLink) =>
    findings.push({ kind, document: document?.name, link: link?.index });
  const open = new Set(links);
  const take = (fits: (link: RecordedLink) => boolean) => {
    const link = [...open].find(fits);
    if (link !== undefined) open.delete(link);
    return link;
  };

  const genuine = new Map<Document, RecordedLink>();
  for (const document of documents) {
    const link = take(({ digest }) => digest === document.digest);
    if (link !== undefined) genuine.set(document, link);
  }
  const byLink = new Map([...genuine].map(([document, link]) => [link.index, document]));

  let last = -1;
  for (const document of documents) {
    const key = businessKeyDigest(document.key);
    const link = genuine.get(document);
    if (link === undefined) {
      const claimed = take(({ businessKey }) => businessKey === key);
      add(claimed === undefined ? "unrecorded" : "altered", document, claimed);
      if (claimed !== undefined) byLink.set(claimed.index, document);
      continue;
    }
    if (link.businessKey !== key) add("misnamed", document, link);
    // A file that no event names claims no place.
    if (document.time === undefined) continue;
    if (link.index < last) add("reordered", document, link);
    last = Math.max(last, link.index);
  }
  for (const link of open) add("missing", undefined, link);
  return { documents: byLink, findings };
}
