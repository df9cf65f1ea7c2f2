import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parseStrict } from "../../src/core/canonical-json.ts";
import { eventsOf } from "../../src/core/epcis.ts";
import { parseEpcis } from "../../src/core/epcis-validation.node.ts";
import { errorOf } from "./code-of.ts";
import { documentOf, EVENTS, PALLET, TEA_BOX, TEA_LOT } from "./epcis-fixtures.ts";

type Kind = keyof typeof EVENTS;
const kinds = Object.keys(EVENTS) as Kind[];

/** Where the first problem of a document with this one event is, without the way to the event; "" if it is the event. */
function problemOf(event: unknown): { at: unknown; reason: unknown } | undefined {
  const error = errorOf(() => parseEpcis(documentOf(event)));
  if (error === undefined) return undefined;
  expect(error.code).to.equal("epcis.invalid");
  const at = String(error.details.at).replace(/^epcisBody\.eventList\[0\]\.?/, "");
  return { at, reason: error.details.reason };
}

function changed(kind: Kind, change: Record<string, unknown>): unknown {
  const event = { ...EVENTS[kind], ...change };
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}

describe("parseEpcis", () => {
  it("accepts each kind of event and gives the document back", () => {
    for (const kind of kinds) expect(problemOf(EVENTS[kind]), kind).to.equal(undefined);
    const document = documentOf(...Object.values(EVENTS));
    expect(parseEpcis(document)).to.equal(document);
    expect(parseEpcis(documentOf())).to.be.an("object");
  });

  it("accepts the result of a query and a single event", () => {
    const { "@context": context } = documentOf();
    const resultsBody = { eventList: [EVENTS.TransactionEvent] };
    const epcisBody = { queryResults: { queryName: "SimpleEventQuery", resultsBody } };
    const result = { "@context": context, type: "EPCISQueryDocument", epcisBody };
    expect(eventsOf(parseEpcis(result))).to.have.length(1);
    const single = { "@context": context, ...EVENTS.ObjectEvent };
    expect(eventsOf(parseEpcis(single))).to.deep.equal([single]);
    expect(errorOf(() => parseEpcis(EVENTS.ObjectEvent))?.details.at).to.equal("@context");
  });

  it("accepts an event of somebody else's kind by its URI, with the members that all events have", () => {
    const own = changed("AssociationEvent", { type: "tea:TastingEvent", "tea:score": 9 });
    expect(problemOf(own)).to.equal(undefined);
    expect(problemOf({ ...(own as object), eventTime: "yesterday" })?.at).to.equal("eventTime");
    expect(problemOf(changed("AssociationEvent", { type: "TastingEvent" }))?.at).to.equal("type");
    expect(problemOf(changed("AssociationEvent", { type: "constructor" }))?.at).to.equal("type");
  });

  it("names what a document lacks", () => {
    for (const member of ["@context", "type", "schemaVersion", "creationDate", "epcisBody"]) {
      const { [member as "type"]: _, ...rest } = documentOf(EVENTS.ObjectEvent);
      expect(errorOf(() => parseEpcis(rest))?.details, member).to.deep.equal({ at: member, reason: "is missing" });
    }
  });

  it("refuses other documents", () => {
    const wrong: [unknown, string][] = [
      [null, "type"],
      [[], "type"],
      ["EPCISDocument", "type"],
      [{ type: 7 }, "type"],
      [{ ...documentOf(), type: "epcisDocument" }, "type"],
      [{ ...documentOf(), schemaVersion: "1.2" }, "schemaVersion"],
      [{ ...documentOf(), creationDate: "2026-04-06" }, "creationDate"],
      [{ ...documentOf(), epcisBody: { events: [] } }, "epcisBody.eventList"],
      [{ ...documentOf(), epcisBody: { eventList: {} } }, "epcisBody.eventList"],
      [{ ...documentOf(), epcisBody: { eventList: ["event"] } }, "epcisBody.eventList[0]"],
      [{ ...documentOf(), epcisBody: { eventList: [{}] } }, "epcisBody.eventList[0].type"],
      [{ ...documentOf(), comment: "x" }, "comment"],
    ];
    for (const [document, at] of wrong) {
      const error = errorOf(() => parseEpcis(document));
      expect(error?.code, at).to.equal("epcis.invalid");
      expect(error?.details.at).to.equal(at);
    }
  });

  it("names the member that an event lacks", () => {
    const required: [Kind, string[]][] = [
      ["ObjectEvent", ["eventTime", "eventTimeZoneOffset", "action"]],
      ["AggregationEvent", ["eventTime", "eventTimeZoneOffset", "action", "parentID"]],
      ["AssociationEvent", ["eventTime", "eventTimeZoneOffset", "action", "parentID"]],
      ["TransactionEvent", ["eventTime", "eventTimeZoneOffset", "action", "bizTransactionList"]],
      ["TransformationEvent", ["eventTime", "eventTimeZoneOffset"]],
    ];
    for (const [kind, members] of required) {
      for (const member of members) {
        const problem = problemOf(changed(kind, { [member]: undefined }));
        expect(problem, `${kind} ${member}`).to.deep.equal({ at: member, reason: "is missing" });
      }
    }
  });

  it("names the member that is wrong", () => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ action: "CHANGE" }, "action"],
      [{ eventTime: "2026-02-30T00:00:00Z" }, "eventTime"],
      [{ eventTime: "2026-04-05T08:30:00" }, "eventTime"],
      [{ eventTime: "2026-04-05 08:30:00Z" }, "eventTime"],
      [{ eventTimeZoneOffset: "+15:00" }, "eventTimeZoneOffset"],
      [{ eventTimeZoneOffset: "8" }, "eventTimeZoneOffset"],
      [{ recordTime: "soon" }, "recordTime"],
      [{ eventID: "no uri" }, "eventID"],
      [{ epcList: TEA_BOX }, "epcList"],
      [{ epcList: [TEA_BOX, "box 2"] }, "epcList[1]"],
      [{ epcList: [TEA_BOX, TEA_BOX] }, "epcList"],
      [{ quantityList: [{ quantity: 1 }] }, "quantityList[0].epcClass"],
      [{ quantityList: [{ epcClass: TEA_LOT, quantity: "1" }] }, "quantityList[0].quantity"],
      [{ quantityList: [{ epcClass: TEA_LOT, quantity: 1, uom: "kg" }] }, "quantityList[0].uom"],
      [{ quantityList: [{ epcClass: TEA_LOT, amount: 1 }] }, "quantityList[0].amount"],
      [{ bizStep: "comissioning" }, "bizStep"],
      [{ bizStep: "urn:epcglobal:cbv:bizstep:commissioning" }, "bizStep"],
      [{ disposition: "fresh" }, "disposition"],
      [{ persistentDisposition: {} }, "persistentDisposition"],
      [{ persistentDisposition: { set: ["fresh"] } }, "persistentDisposition.set[0]"],
      [{ readPoint: "urn:epc:id:sgln:6901234.00001.0" }, "readPoint"],
      [{ readPoint: { name: "gate" } }, "readPoint.id"],
      [{ bizLocation: { id: "gate 1" } }, "bizLocation.id"],
      [{ bizTransactionList: [{ type: "po" }] }, "bizTransactionList[0].bizTransaction"],
      [{ sourceList: [{ type: "owner", source: TEA_BOX }] }, "sourceList[0].type"],
      [{ destinationList: [{ type: "location", source: TEA_BOX }] }, "destinationList[0].destination"],
      [{ sensorElementList: [{ sensorReport: [] }] }, "sensorElementList[0].sensorReport"],
      [{ sensorElementList: [{ sensorReport: [{ type: "Taste" }] }] }, "sensorElementList[0].sensorReport[0].type"],
      [{ ilmd: { bestBefore: "2028" } }, "ilmd.bestBefore"],
      [{ errorDeclaration: { reason: "incorrect_data" } }, "errorDeclaration.declarationTime"],
      [{ certificationInfo: 3 }, "certificationInfo"],
      [{ "@context": 3 }, "@context"],
      [{ bizstep: "shipping" }, "bizstep"],
      [{ parentID: PALLET }, "parentID"],
    ];
    for (const [change, at] of wrong) {
      const problem = problemOf(changed("ObjectEvent", change));
      expect(problem?.at, JSON.stringify(change)).to.equal(at);
      expect(problem?.reason).to.be.a("string");
    }
  });

  it("says what is wrong in words", () => {
    const reasonOf = (change: Record<string, unknown>) => problemOf(changed("ObjectEvent", change))?.reason;
    expect(reasonOf({ action: "CHANGE" })).to.equal("must be one of OBSERVE, ADD, DELETE");
    expect(reasonOf({ bizStep: "tea" })).to.match(/Core Business Vocabulary/);
    expect(reasonOf({ certificationInfo: 3 })).to.equal("has none of the allowed forms");
    expect(reasonOf({ eventTime: "2026" })).to.equal("must be a real date and time with offset");
    expect(reasonOf({ bizstep: "shipping" })).to.equal("is no member of the standard here");
  });

  it("asks for objects as the standard does", () => {
    const none = { epcList: undefined, quantityList: undefined, sensorElementList: undefined };
    expect(problemOf(changed("ObjectEvent", none))?.reason).to.equal(
      "needs epcList or quantityList or sensorElementList",
    );
    expect(problemOf(changed("ObjectEvent", { ...none, epcList: [] }))).to.equal(undefined);
    expect(problemOf(changed("ObjectEvent", { ...none, quantityList: [] }))?.at).to.equal("");
    const { sensorElementList } = EVENTS.ObjectEvent;
    expect(problemOf(changed("ObjectEvent", { ...none, sensorElementList }))).to.equal(undefined);
    const nowhere = { ...none, sensorElementList, readPoint: undefined };
    expect(problemOf(changed("ObjectEvent", nowhere))?.at).to.equal("");

    for (const kind of ["AggregationEvent", "AssociationEvent"] as const) {
      const childless = { childEPCs: undefined, childQuantityList: undefined };
      expect(problemOf(changed(kind, childless))?.reason).to.equal("needs childEPCs or childQuantityList");
      expect(problemOf(changed(kind, { ...childless, action: "DELETE" }))).to.equal(undefined);
    }
    expect(problemOf(changed("AggregationEvent", { action: "OBSERVE", parentID: undefined }))).to.equal(undefined);

    const unnamed = { epcList: undefined };
    expect(problemOf(changed("TransactionEvent", unnamed))?.reason).to.equal("needs epcList or quantityList");
    expect(problemOf(changed("TransactionEvent", { ...unnamed, action: "DELETE" }))).to.equal(undefined);
    expect(problemOf(changed("TransactionEvent", { bizTransactionList: [] }))?.at).to.equal("bizTransactionList");
  });

  it("asks a transformation for both sides, or for the identifier that joins it with the other side", () => {
    const inputsOnly = { outputEPCList: undefined, outputQuantityList: undefined };
    const joined = { transformationID: "urn:epc:id:gdti:6901234.00001.9" };
    expect(problemOf(changed("TransformationEvent", inputsOnly))?.reason).to.equal(
      "needs outputEPCList or outputQuantityList",
    );
    expect(problemOf(changed("TransformationEvent", { ...inputsOnly, ...joined }))).to.equal(undefined);
    const nothing = { ...inputsOnly, ...joined, inputQuantityList: undefined };
    expect(problemOf(changed("TransformationEvent", nothing))?.at).to.equal("");
    expect(problemOf(changed("TransformationEvent", { action: "ADD" }))?.at).to.equal("action");
  });

  it("allows master data of instances and lots only where they come into being", () => {
    const problem = problemOf(changed("ObjectEvent", { action: "OBSERVE" }));
    expect(problem).to.deep.equal({ at: "ilmd", reason: "is not allowed with this action" });
  });

  it("reports several wrong events at once, and not endlessly many", () => {
    const bad = changed("ObjectEvent", { action: "CHANGE" });
    const two = errorOf(() => parseEpcis(documentOf(bad, EVENTS.ObjectEvent, bad)));
    expect(((two?.details.problems ?? []) as { at: string }[]).map(({ at }) => at)).to.deep.equal([
      "epcisBody.eventList[0].action",
      "epcisBody.eventList[2].action",
    ]);
    const many = errorOf(() => parseEpcis(documentOf(...Array(500).fill(bad))));
    expect(many?.details.problems).to.have.length(20);
  });
});

const SAMPLES = new URL("../../../shared/data/epcis/", import.meta.url);

describe("parseEpcis on GS1's own samples", () => {
  before(function () {
    if (!existsSync(SAMPLES)) {
      console.log("    skipped: the folder with GS1's samples is not there");
      this.skip();
    }
  });

  it("accepts them all", () => {
    const names = readdirSync(SAMPLES).filter((name) => name.endsWith(".jsonld"));
    expect(names).not.to.have.length(0);
    for (const name of names) {
      const document = parseEpcis(parseStrict(readFileSync(new URL(name, SAMPLES))));
      expect(eventsOf(document), name).not.to.have.length(0);
    }
  });

  it("agrees with GS1's schema on this test's own events", () => {
    const schema = JSON.parse(readFileSync(new URL("EPCIS-JSON-Schema.json", SAMPLES), "utf8"));
    const uri = (text: string) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) || text.startsWith("_:");
    const formats = { uri, "date-time": (text: string) => !Number.isNaN(Date.parse(text)) };
    const validate = new Ajv({ strict: false, formats }).compile(schema);
    for (const kind of kinds) expect(validate(documentOf(EVENTS[kind])), kind).to.equal(true);
  });
});
