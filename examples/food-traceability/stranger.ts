import { digestFile } from "../../src/core/digest.node.ts";
import {
  type Brop,
  connect,
  type TimelineLink,
  type TimelineVerification,
  verifyDigest,
  verifyTimeline,
} from "../../src/sdk/index.ts";
import { type DigestProgress, type Document, readDocuments } from "./documents.ts";
import { explain } from "./explain.ts";
import type { Stop } from "./picture.ts";

// Somebody whom nobody knows: has the address of a node, the code on the tin and a folder of documents; no key, no
// account, and no trust in whoever handed the documents over.

/** Something that is wrong. */
export interface Fault {
  code: TimelineVerification["faults"][number]["code"] | "record.withdrawn";
  /** Index of the link; undefined where there is none. */
  index: number | undefined;
  explanation: string;
}

/** What the stranger makes of it. */
export interface Verdict {
  /** True when nothing is wrong. */
  confirmed: boolean;
  /** The lot's links in order, with the documents that belong to them. */
  stops: Stop[];
  faults: Fault[];
}

/**
 * Verifies a lot's documents against the chain.
 *
 * @param url a platform, an access node or a full node: whatever the stranger reads from
 * @param object the code on the tin
 * @throws BropError `evidence.not-found`, `chain.unreachable`, `epcis.invalid`, and others of the table
 */
export async function verifyAsStranger(
  url: string,
  object: string,
  folder: string,
  progress?: DigestProgress,
): Promise<Verdict> {
  const brop = await connect(url);
  try {
    return await verify(brop, object, await readDocuments(folder, progress));
  } finally {
    brop.close();
  }
}

/** A record that a single file led to. */
export interface Found {
  partner: string | undefined;
  recordedAt: Date;
  status: string;
}

/**
 * Looks one file up by nothing but its bytes (EV-3).
 * @param object the lot that its record has to belong to: another lot may have the same picture
 * @returns undefined when there is no valid record
 */
export async function lookUpAlone(url: string, path: string, object: string): Promise<Found | undefined> {
  const brop = await connect(url);
  try {
    const { records } = await verifyDigest(brop, await digestFile(path));
    const record = records.find(({ subject, status }) => subject === object && status === "valid");
    if (record === undefined) return undefined;
    const { ownerName, certified, recordedAt, status } = record;
    return { partner: ownerName ?? certified.certifierName, recordedAt, status };
  } finally {
    brop.close();
  }
}

async function verify(brop: Brop, object: string, documents: readonly Document[]): Promise<Verdict> {
  const handed = documents.map(({ name, input: { digest, businessKey } }) => ({ name, digest, businessKey }));
  const verification = await verifyTimeline(brop, object, handed);
  const wrong = new Set(verification.faults.map(({ index }) => index));
  const stops = verification.links.map(({ index, digest, record }): Stop => {
    const { owner, ownerName, certified, recordedAt, block } = record;
    const place = verification.documents.get(index);
    return {
      ...{ index, digest, recordedAt, block, recorder: owner, level: certified.level },
      partner: ownerName ?? certified.certifierName,
      document: place === undefined ? undefined : documents[place],
      confirmed: !wrong.has(index),
    };
  });
  const faults: Fault[] = [
    ...verification.faults.map((fault) => ({
      ...{ code: fault.code, index: fault.index },
      explanation: explain(fault, stops, documents),
    })),
    ...verification.links.filter(({ record }) => record.status !== "valid").map(withdrawn),
  ];
  return { confirmed: faults.length === 0, stops, faults };
}

function withdrawn({ index, record }: TimelineLink): Fault {
  return { code: "record.withdrawn", index, explanation: `link ${index + 1} is ${record.status} by who recorded it` };
}
