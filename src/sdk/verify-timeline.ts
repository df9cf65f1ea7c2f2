import { ZeroHash } from "ethers";
import { businessKeyDigest, bytes32, type Digest32 } from "../core/record-input.ts";
import type { Brop } from "./connect.ts";
import { type ChainFault, type Timeline, type TimelineLink, timeline } from "./timeline.ts";

/** A document that somebody was handed, digested by themselves. */
export interface HandedDocument {
  digest: Digest32;
  /** Name to show; by default its place in the list. */
  name?: string;
  /** The business system's key that the document claims; helps to tell a forged document from an unknown one. */
  businessKey?: string;
}

export type DocumentFaultCode =
  | "document.altered"
  | "document.missing"
  | "document.unrecorded"
  | "document.reordered"
  | "document.misnamed";

/** A difference between what was handed over and what is on the chain. */
export interface DocumentFault {
  code: DocumentFaultCode;
  /** Index of the link; absent where the chain has none. */
  index?: number;
  /** Place in the list that was handed over; absent where it has none. */
  document?: number;
  explanation: string;
}

/** What of a link is compared. */
export type ComparedLink = Pick<TimelineLink, "index" | "digest"> & { record: { businessKey?: string | undefined } };

export interface TimelineVerification extends Omit<Timeline, "faults"> {
  /** True if chain and documents agree in everything. */
  confirmed: boolean;
  faults: (ChainFault | DocumentFault)[];
  /** Place of each link's document in the list, by the link's index; an altered one counts as its link's. */
  documents: Map<number, number>;
}

/**
 * Holds documents, in the order in which they are said to have been recorded, against an object's chain of records
 * (EV-4): names what was altered, left out, put in another order, or never recorded.
 * @throws BropError `evidence.not-found` where there is no such object
 */
export async function verifyTimeline(
  brop: Brop,
  object: Digest32,
  documents: readonly (Digest32 | HandedDocument)[],
): Promise<TimelineVerification> {
  const found = await timeline(brop, object);
  const comparison = compareDocuments(found.links, documents);
  const faults = [...found.faults, ...comparison.faults];
  return { ...found, faults, documents: comparison.documents, confirmed: faults.length === 0 };
}

/**
 * The comparison itself. A document belongs to the link with its digest; else to the link with its business key, and
 * is altered; else, if it claims no key, to the link that alone stands between the same neighbours.
 */
export function compareDocuments(
  links: readonly ComparedLink[],
  handed: readonly (Digest32 | HandedDocument)[],
): { faults: DocumentFault[]; documents: Map<number, number> } {
  const documents = handed.map(normalise);
  const linkOf = new Map<Document, ComparedLink>();
  const open = new Set(links);
  const take = (document: Document, fits: (link: ComparedLink) => boolean) => {
    const link = linkOf.has(document) ? undefined : [...open].find(fits);
    if (link === undefined) return;
    open.delete(link);
    linkOf.set(document, link);
  };
  for (const document of documents) take(document, ({ digest }) => digest === document.digest);
  for (const document of documents) {
    if (document.key !== undefined) take(document, ({ record }) => record.businessKey === document.key);
  }
  for (const document of documents) {
    if (document.key !== undefined) continue;
    const [after, before] = neighbours(documents, linkOf, document);
    take(document, ({ index }) => index > after && index < before);
  }

  const faults: DocumentFault[] = [];
  const inOrder = longestRise(documents.flatMap((document) => linkOf.get(document)?.index ?? []));
  for (const document of documents) {
    const { position, name, digest, key } = document;
    const link = linkOf.get(document);
    const add = (code: DocumentFaultCode, words: string) =>
      faults.push({
        ...{ code, document: position, explanation: `${name} ${words}` },
        ...(link === undefined ? {} : { index: link.index }),
      });
    if (link === undefined) add("document.unrecorded", "is in no link of this chain");
    else if (link.digest !== digest) add("document.altered", `is not what link ${link.index} recorded`);
    else if (key !== undefined && key !== (link.record.businessKey ?? ZeroHash)) {
      add("document.misnamed", `was recorded under another business key in link ${link.index}`);
    }
    if (link !== undefined && !inOrder.has(link.index)) {
      add("document.reordered", `stands at another place than link ${link.index}`);
    }
  }
  for (const { index } of open) {
    faults.push({ code: "document.missing", index, explanation: `The document of link ${index} was left out` });
  }
  return { faults, documents: new Map([...linkOf].map(([{ position }, { index }]) => [index, position])) };
}

interface Document {
  position: number;
  name: string;
  digest: string;
  key: string | undefined;
}

function normalise(handed: Digest32 | HandedDocument, position: number): Document {
  const isDigest = typeof handed === "string" || handed instanceof Uint8Array;
  const { digest, name, businessKey } = isDigest ? ({ digest: handed } as HandedDocument) : handed;
  return {
    position,
    name: name ?? `Document ${position + 1}`,
    digest: bytes32(digest, `documents[${position}]`),
    key: businessKey === undefined ? undefined : businessKeyDigest(businessKey),
  };
}

/** Links of the nearest documents before and after that have one. */
function neighbours(documents: Document[], linkOf: Map<Document, ComparedLink>, document: Document): [number, number] {
  const { position } = document;
  const indexOf = (other: Document) => linkOf.get(other)?.index;
  const before = documents.slice(0, position).findLast((other) => linkOf.has(other));
  const after = documents.slice(position + 1).find((other) => linkOf.has(other));
  return [
    (before && indexOf(before)) ?? Number.NEGATIVE_INFINITY,
    (after && indexOf(after)) ?? Number.POSITIVE_INFINITY,
  ];
}

/** The longest rising part of distinct numbers: what is outside of it stands in the wrong place. */
function longestRise(numbers: readonly number[]): Set<number> {
  const best: { length: number; before: number }[] = [];
  for (const [at, number] of numbers.entries()) {
    let [length, before] = [1, -1];
    for (let earlier = 0; earlier < at; earlier++) {
      const candidate = best[earlier] as { length: number };
      if ((numbers[earlier] as number) < number && candidate.length + 1 > length) {
        [length, before] = [candidate.length + 1, earlier];
      }
    }
    best.push({ length, before });
  }
  const rise = new Set<number>();
  let at = best.reduce((top, { length }, index) => (length > (best[top]?.length ?? 0) ? index : top), 0);
  while (at >= 0 && best[at] !== undefined) {
    rise.add(numbers[at] as number);
    at = (best[at] as { before: number }).before;
  }
  return rise;
}
