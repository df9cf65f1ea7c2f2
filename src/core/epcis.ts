import { canonicalBytes } from "./canonical-json.ts";
import { digestBytes } from "./digest.ts";
import { bytesToHex } from "./hex.ts";

// GS1 EPCIS 2.0 in its JSON form: what an event says, without checking it. Runs in a browser too; the check itself is in
// `epcis-validation.node.ts`.

/** One event: what was done when, where and why to which objects. Further members are as the standard has them. */
export interface EpcisEvent {
  type: string;
  /** RFC 3339, with offset */
  eventTime: string;
  /** offset of the place where it happened, `+08:00` */
  eventTimeZoneOffset: string;
  eventID?: string;
  action?: "OBSERVE" | "ADD" | "DELETE";
  [member: string]: unknown;
}

/** A capture document, the result of a query, or one event on its own. */
export type EpcisDocument =
  | { type: "EPCISDocument"; epcisBody: { eventList: EpcisEvent[] }; [member: string]: unknown }
  | {
      type: "EPCISQueryDocument";
      epcisBody: { queryResults: { resultsBody: { eventList: EpcisEvent[] }; [member: string]: unknown } };
      [member: string]: unknown;
    }
  | (EpcisEvent & { "@context": unknown });

/** An object that an event is about. */
export interface EpcisObject {
  /** EPC URI or GS1 Digital Link of a single thing; for a class, of the class or lot */
  id: string;
  kind: "instance" | "class";
  role: "object" | "parent" | "child" | "input" | "output";
}

const LISTS: [member: string, kind: EpcisObject["kind"], role: EpcisObject["role"]][] = [
  ["epcList", "instance", "object"],
  ["quantityList", "class", "object"],
  ["childEPCs", "instance", "child"],
  ["childQuantityList", "class", "child"],
  ["inputEPCList", "instance", "input"],
  ["inputQuantityList", "class", "input"],
  ["outputEPCList", "instance", "output"],
  ["outputQuantityList", "class", "output"],
];

/** The events of a document, in its order. */
export function eventsOf(document: EpcisDocument): EpcisEvent[] {
  if (isCapture(document)) return document.epcisBody.eventList;
  if (isQueryResult(document)) return document.epcisBody.queryResults.resultsBody.eventList;
  return [document as EpcisEvent];
}

/**
 * SHA-256 of the event's canonical form (RFC 8785), 32 bytes: what is recorded on chain. It covers every member, so
 * the event has to be kept as it was, though not its layout or the order of its members.
 * @throws BropError `canonical.invalid`
 */
export function eventDigest(event: EpcisEvent): Uint8Array {
  return digestBytes(canonicalBytes(event));
}

/**
 * The name that business systems know the event by: its eventID, or else one made from its content. As in GS1's event
 * hash (CBV 2.0, 8.9.2), what a later capture adds does not count: recordTime and errorDeclaration.
 * @throws BropError `canonical.invalid`
 */
export function businessKeyOf(event: EpcisEvent): string {
  if (event.eventID !== undefined) return event.eventID;
  const { recordTime: _recordTime, errorDeclaration: _errorDeclaration, ...content } = event;
  return `urn:brop:epcis-event:sha-256:${bytesToHex(digestBytes(canonicalBytes(content))).slice(2)}`;
}

/** The objects that the event is about, each once: parent first, then by list in the order of the event. */
export function objectsOf(event: EpcisEvent): EpcisObject[] {
  const objects: EpcisObject[] = [];
  if (typeof event.parentID === "string") objects.push({ id: event.parentID, kind: "instance", role: "parent" });
  for (const [member, kind, role] of LISTS) {
    for (const item of (event[member] ?? []) as (string | { epcClass: string })[]) {
      objects.push({ id: typeof item === "string" ? item : item.epcClass, kind, role });
    }
  }
  const seen = new Set<string>();
  return objects.filter(({ id, role }) => !seen.has(`${role} ${id}`) && seen.add(`${role} ${id}`));
}

function isCapture(document: EpcisDocument): document is Extract<EpcisDocument, { type: "EPCISDocument" }> {
  return document.type === "EPCISDocument";
}

function isQueryResult(document: EpcisDocument): document is Extract<EpcisDocument, { type: "EPCISQueryDocument" }> {
  return document.type === "EPCISQueryDocument";
}
