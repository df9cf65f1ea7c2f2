import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStrict } from "../../src/core/canonical-json.ts";
import { digestFile } from "../../src/core/digest.node.ts";
import type { EpcisEvent } from "../../src/core/epcis.ts";
import { parseEpcis } from "../../src/core/epcis-validation.node.ts";
import { createRecordInput, type EpcisRecord, epcisRecords, type RecordInput } from "../../src/sdk/index.ts";

/** Types of records, by the list that these partners agreed on. */
export const KINDS = { event: 1, file: 2 } as const;

/** A piece of evidence in a folder: a trace event of an export, or a file that such an event names. */
export interface Document {
  kind: keyof typeof KINDS;
  /** For people: `cooperative: packing`, `readings.csv`. */
  name: string;
  /** Name, without its ending, of the export that holds the event, or the event that names the file. */
  export: string;
  /** When it happened, as the event says; undefined for a file that no event names. */
  time: string | undefined;
  /**
   * What is recorded of it. For an event: digest of its canonical form (RFC 8785), key from its ID. For a file:
   * digest of its bytes, key from its name, reference to the event that names it.
   */
  input: RecordInput;
}

/** Told of the bytes digested so far of a file. */
export type DigestProgress = (file: string, done: number, total: number) => void;

interface Exported extends EpcisRecord {
  export: string;
}

/**
 * Reads a folder of documents into the order of the story: events by their time, each file after the event that names
 * it, and last the files that no event names.
 *
 * @throws BropError `epcis.invalid`, `canonical.invalid`, `file.not-found`, `file.unreadable`
 */
export async function readDocuments(folder: string, progress?: DigestProgress): Promise<Document[]> {
  const names = (await readdir(folder)).sort();
  const exported = (await Promise.all(names.filter(isExport).map((name) => readExport(folder, name)))).flat();
  exported.sort((one, other) => Date.parse(one.event.eventTime) - Date.parse(other.event.eventTime));
  const files = names.filter((name) => !isExport(name));
  const digests = new Map<string, Uint8Array>();
  for (const file of files) digests.set(file, await fileDigest(folder, file, progress));

  const documents: Document[] = [];
  const named = new Set<string>();
  for (const one of exported) {
    const event = eventDocument(one);
    documents.push(event);
    for (const file of files.filter((name) => !named.has(name) && mentions(one.event, name))) {
      named.add(file);
      documents.push(fileDocument(file, digests, event));
    }
  }
  return [...documents, ...files.filter((file) => !named.has(file)).map((file) => fileDocument(file, digests))];
}

function isExport(name: string): boolean {
  return name.endsWith(".json");
}

async function readExport(folder: string, name: string): Promise<Exported[]> {
  const document = parseEpcis(parseStrict(await readFile(join(folder, name))));
  return epcisRecords(document, { kind: KINDS.event }).map((record) => ({
    ...record,
    export: name.replace(/\.json$/, ""),
  }));
}

function eventDocument({ export: from, event, input }: Exported): Document {
  return { kind: "event", name: `${from}: ${stepOf(event)}`, export: from, time: event.eventTime, input };
}

function stepOf(event: EpcisEvent): string {
  // The vocabulary has no step of its own for what turns leaves into tea.
  if (event.type === "TransformationEvent") return "production";
  return String(event.bizStep ?? event.type).replaceAll("_", " ");
}

function fileDocument(file: string, digests: ReadonlyMap<string, Uint8Array>, event?: Document): Document {
  const digest = digests.get(file) as Uint8Array;
  const input = createRecordInput({ digest, kind: KINDS.file, businessKey: file, refersTo: event?.input.digest });
  return { kind: "file", name: file, export: event?.export ?? "", time: event?.time, input };
}

async function fileDigest(folder: string, file: string, progress?: DigestProgress): Promise<Uint8Array> {
  return digestFile(join(folder, file), { onProgress: (done, total) => progress?.(file, done, total ?? done) });
}

/** Whether an event holds an address that ends in the file's name: raw data of sensors, certificates, pictures. */
function mentions(value: unknown, file: string): boolean {
  if (typeof value === "string") return value.endsWith(`/${file}`);
  return typeof value === "object" && value !== null && Object.values(value).some((member) => mentions(member, file));
}
