import type { EpcisEvent } from "../../src/core/epcis.ts";

// One valid event of each kind, of a story about tea.

export const TEA_LOT = "urn:epc:class:lgtin:6901234.056789.L2026-04";
export const TEA_BOX = "urn:epc:id:sgtin:6901234.056789.1001";
export const PALLET = "urn:epc:id:sscc:6901234.0000000017";
const PLACE = "urn:epc:id:sgln:6901234.00001.0";

const common = { eventTime: "2026-04-05T08:30:00.000+08:00", eventTimeZoneOffset: "+08:00" };

export const EVENTS = {
  ObjectEvent: {
    type: "ObjectEvent",
    ...common,
    eventID: "urn:uuid:5a6d1f0e-5f0b-4b6c-9f5e-1f3c0a7d2b11",
    action: "ADD",
    bizStep: "commissioning",
    disposition: "active",
    epcList: [TEA_BOX],
    quantityList: [{ epcClass: TEA_LOT, quantity: 12.5, uom: "KGM" }],
    readPoint: { id: PLACE, "tea:gate": 3 },
    bizLocation: { id: PLACE },
    bizTransactionList: [{ type: "po", bizTransaction: "urn:epcglobal:cbv:bt:6901234000016:77" }],
    sourceList: [{ type: "owning_party", source: PLACE }],
    destinationList: [{ type: "location", destination: PLACE }],
    persistentDisposition: { set: ["completeness_verified"], unset: ["completeness_inferred"] },
    sensorElementList: [
      {
        sensorMetadata: { time: "2026-04-05T08:00:00Z", deviceID: "urn:epc:id:giai:6901234.111" },
        sensorReport: [{ type: "Temperature", value: 4.5, uom: "CEL", "tea:probe": "A" }],
      },
    ],
    ilmd: { "tea:bestBefore": "2028-04-01" },
    "tea:picker": "Lin",
  },
  AggregationEvent: {
    type: "AggregationEvent",
    ...common,
    action: "ADD",
    parentID: PALLET,
    childEPCs: [TEA_BOX],
    childQuantityList: [{ epcClass: TEA_LOT }],
    bizStep: "packing",
  },
  AssociationEvent: {
    type: "AssociationEvent",
    ...common,
    action: "ADD",
    parentID: "https://id.gs1.org/8003/6901234000016",
    childEPCs: ["https://id.gs1.org/8004/6901234111"],
  },
  TransactionEvent: {
    type: "TransactionEvent",
    ...common,
    action: "OBSERVE",
    bizTransactionList: [{ bizTransaction: "https://tea.example/invoice/9" }],
    epcList: [TEA_BOX],
    bizStep: "retail_selling",
  },
  TransformationEvent: {
    type: "TransformationEvent",
    ...common,
    inputQuantityList: [{ epcClass: "urn:epc:class:lgtin:6901234.011111.leaf", quantity: 60, uom: "KGM" }],
    outputEPCList: [TEA_BOX],
    outputQuantityList: [{ epcClass: TEA_LOT, quantity: 12, uom: "KGM" }],
    bizStep: "https://tea.example/step/rolling",
    ilmd: { "tea:bestBefore": "2028-04-01" },
  },
} satisfies Record<string, EpcisEvent>;

/** A capture document with these events. */
export function documentOf(...eventList: unknown[]) {
  return {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", { tea: "https://tea.example/" }],
    id: "_:document1",
    type: "EPCISDocument" as const,
    schemaVersion: "2.0",
    creationDate: "2026-04-06T00:00:00Z",
    epcisBody: { eventList: eventList as EpcisEvent[] },
  };
}
