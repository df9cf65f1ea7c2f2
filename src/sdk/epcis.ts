import {
  businessKeyOf,
  type EpcisDocument,
  type EpcisEvent,
  type EpcisObject,
  eventDigest,
  eventsOf,
  objectsOf,
} from "../core/epcis.ts";
import { createRecordInput, type Digest32, type RecordInput } from "../core/record-input.ts";

/** A trace event and the record to make of it. */
export interface EpcisRecord {
  event: EpcisEvent;
  /** The event's own identifier, or one made from its content. */
  businessKey: string;
  /** What the event is about. */
  objects: EpcisObject[];
  input: RecordInput;
}

/**
 * The records of a traceability system's export (GS1 EPCIS 2.0), in its order: the SHA-256 of each event's canonical
 * form, with the event's identifier as business key. Check the document with `parseEpcis` first.
 * @param options.kind type of the records by the partner's own list
 */
export function epcisRecords(
  document: EpcisDocument,
  options: { kind?: number; subject?: Digest32 } = {},
): EpcisRecord[] {
  return eventsOf(document).map((event) => {
    const businessKey = businessKeyOf(event);
    const input = createRecordInput({ ...options, digest: eventDigest(event), businessKey });
    return { event, businessKey, objects: objectsOf(event), input };
  });
}
