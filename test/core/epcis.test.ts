import { createHash } from "node:crypto";
import { expect } from "chai";
import { canonicalize } from "../../src/core/canonical-json.ts";
import { businessKeyOf, type EpcisEvent, eventDigest, eventsOf, objectsOf } from "../../src/core/epcis.ts";
import { documentOf, EVENTS, PALLET, TEA_BOX, TEA_LOT } from "./epcis-fixtures.ts";

describe("eventsOf", () => {
  const list = Object.values(EVENTS) as EpcisEvent[];

  it("gives the events of a capture document, a query's result and a single event", () => {
    const context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
    expect(eventsOf(documentOf(...list))).to.deep.equal(list);
    const queryResults = { queryName: "q", resultsBody: { eventList: list } };
    expect(eventsOf({ type: "EPCISQueryDocument", epcisBody: { queryResults } })).to.deep.equal(list);
    const single = { "@context": context, ...EVENTS.AggregationEvent };
    expect(eventsOf(single)).to.deep.equal([single]);
  });
});

describe("eventDigest", () => {
  it("is SHA-256 of the canonical form", () => {
    const event = EVENTS.ObjectEvent;
    const expected = createHash("sha256").update(canonicalize(event)).digest();
    expect(Buffer.from(eventDigest(event)).equals(expected)).to.equal(true);
  });

  it("does not depend on layout and order, and changes with every member", () => {
    const event = EVENTS.ObjectEvent;
    const reordered = Object.fromEntries(Object.entries(event).reverse()) as unknown as EpcisEvent;
    expect(eventDigest(reordered)).to.deep.equal(eventDigest(event));
    for (const member of Object.keys(event)) {
      expect(eventDigest({ ...event, [member]: "forged" }), member).not.to.deep.equal(eventDigest(event));
    }
  });
});

describe("businessKeyOf", () => {
  it("is the eventID where there is one", () => {
    expect(businessKeyOf(EVENTS.ObjectEvent)).to.equal(EVENTS.ObjectEvent.eventID);
  });

  it("is otherwise made from the content, and stays when the event is captured again or declared wrong", () => {
    const event: EpcisEvent = EVENTS.AggregationEvent;
    const key = businessKeyOf(event);
    expect(key).to.match(/^urn:brop:epcis-event:sha-256:[0-9a-f]{64}$/);
    const errorDeclaration = { declarationTime: "2026-05-01T00:00:00Z" };
    expect(businessKeyOf({ ...event, recordTime: "2026-04-06T00:00:00Z", errorDeclaration })).to.equal(key);
    expect(businessKeyOf({ ...event, eventTime: "2026-04-06T08:30:00+08:00" })).not.to.equal(key);
  });
});

describe("objectsOf", () => {
  it("names instances and classes with their role", () => {
    expect(objectsOf(EVENTS.ObjectEvent)).to.deep.equal([
      { id: TEA_BOX, kind: "instance", role: "object" },
      { id: TEA_LOT, kind: "class", role: "object" },
    ]);
    expect(objectsOf(EVENTS.AggregationEvent)).to.deep.equal([
      { id: PALLET, kind: "instance", role: "parent" },
      { id: TEA_BOX, kind: "instance", role: "child" },
      { id: TEA_LOT, kind: "class", role: "child" },
    ]);
    expect(objectsOf(EVENTS.TransformationEvent)).to.deep.equal([
      { id: "urn:epc:class:lgtin:6901234.011111.leaf", kind: "class", role: "input" },
      { id: TEA_BOX, kind: "instance", role: "output" },
      { id: TEA_LOT, kind: "class", role: "output" },
    ]);
  });

  it("names each object once for each role", () => {
    const quantityList = [
      { epcClass: TEA_LOT, quantity: 1 },
      { epcClass: TEA_LOT, quantity: 2 },
    ];
    expect(objectsOf({ ...EVENTS.ObjectEvent, epcList: [], quantityList })).to.have.length(1);
    const { inputQuantityList } = EVENTS.TransformationEvent;
    const event = { ...EVENTS.TransformationEvent, outputEPCList: [], outputQuantityList: inputQuantityList };
    expect(objectsOf(event).map(({ role }) => role)).to.deep.equal(["input", "output"]);
  });

  it("is empty for a sensor's event about nothing but a place", () => {
    const { epcList: _epcList, quantityList: _quantityList, ...event } = EVENTS.ObjectEvent;
    expect(objectsOf(event)).to.deep.equal([]);
  });
});
