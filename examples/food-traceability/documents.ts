import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStrict } from "../../src/core/canonical-json.ts";
import { digestFile } from "../../src/core/digest.node.ts";
import { businessKeyOf, type EpcisEvent, eventDigest, eventsOf } from "../../src/core/epcis.ts";
import { parseEpcis } from "../../src/core/epcis-validation.node.ts";
import { bytesToHex } from "../../src/core/hex.ts";

/** A piece of evidence in a folder: a trace event of an export, or a file that such an event names. */
export interface Document {
  kind: "event" | "file";
  /** For people: `cooperative: packing`, `readings.csv`. */
  name: string;
  /** Name, without its ending, of the export that holds the event, or the event that names the file. */
  export: string;
  /** What the business system calls it: the event's ID, or the file's name. */
  key: string;
  /** SHA-256: of the event's canonical form (RFC 8785), of the file's bytes. */
  digest: string;
  /** When it happened, as the event says; undefined for a file that no event names. */
  time: string | undefined;
  /** For a file: digest of the event that names it. */
  refersTo: string | undefined;
  /** The event itself. */
  event?: EpcisEvent;
}

/** Told of the bytes digested so far of a file. */
export type Progress = (file: string, done: number, total: number) => void;

interface Exported {
  export: string;
  event: EpcisEvent;
}

/**
 * Reads a folder of documents into the order of the story: events by their time, each file after the event that names
 * it, and last the files that no event names.
 *
 * @throws BropError `epcis.invalid`, `canonical.invalid`, `file.not-found`, `file.unreadable`
 */
export async function readDocuments(folder: string, progress?: Progress): Promise<Document[]> {
  const names = (await readdir(folder)).sort();
  const exported = (await Promise.all(names.filter(isExport).map((name) => readExport(folder, name)))).flat();
  exported.sort((one, other) => Date.parse(one.event.eventTime) - Date.parse(other.event.eventTime));
  const files = names.filter((name) => !isExport(name));
  const digests = new Map<string, string>();
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
  return eventsOf(document).map((event) => ({ export: name.replace(/\.json$/, ""), event }));
}

function eventDocument({ export: from, event }: Exported): Document {
  return {
    kind: "event",
    name: `${from}: ${stepOf(event)}`,
    export: from,
    key: businessKeyOf(event),
    digest: bytesToHex(eventDigest(event)),
    time: event.eventTime,
    refersTo: undefined,
    event,
  };
}

function stepOf(event: EpcisEvent): string {
  // The vocabulary has no step of its own for what turns leaves into tea.
  if (event.type === "TransformationEvent") return "production";
  return String(event.bizStep ?? event.type).replaceAll("_", " ");
}

function fileDocument(file: string, digests: ReadonlyMap<string, string>, event?: Document): Document {
  return {
    kind: "file",
    name: file,
    export: event?.export ?? "",
    key: file,
    digest: digests.get(file) as string,
    time: event?.time,
    refersTo: event?.digest,
  };
}

async function fileDigest(folder: string, file: string, progress: Progress | undefined): Promise<string> {
  const onProgress = (done: number, total: number | undefined) => progress?.(file, done, total ?? done);
  return bytesToHex(await digestFile(join(folder, file), { onProgress }));
}

/** Whether an event holds an address that ends in the file's name: raw data of sensors, certificates, pictures. */
function mentions(value: unknown, file: string): boolean {
  if (typeof value === "string") return value.endsWith(`/${file}`);
  return typeof value === "object" && value !== null && Object.values(value).some((member) => mentions(member, file));
}
