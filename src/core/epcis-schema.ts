// JSON Schema of GS1 EPCIS 2.0's JSON form, written from the standard (EPCIS 2.0, section 10; CBV 2.0, section 7).
// Formats `uri`, `date-time` are defined beside the validator.

type Schema = Record<string, unknown>;

const uri: Schema = { type: "string", format: "uri" };
const time: Schema = { type: "string", format: "date-time" };
const text: Schema = { type: "string" };
const number: Schema = { type: "number" };
const context: Schema = {
  anyOf: [uri, { type: "object" }, { type: "array", minItems: 1, items: { anyOf: [uri, { type: "object" }] } }],
};

/** A word of the Core Business Vocabulary, or a URI of somebody else's; GS1's own are always written as words. */
function vocabulary(words: string, foreign = "^(?!urn:epcglobal:cbv|https?://ns\\.gs1\\.org/cbv/)"): Schema {
  return { anyOf: [{ enum: words.trim().split(/\s+/) }, { ...uri, pattern: foreign }] };
}

function list(items: Schema, minItems = 0): Schema {
  return { type: "array", items, minItems };
}

/** An object that may also carry extension members, whose names are URIs or have a prefix. */
function extensible(properties: Record<string, Schema>, required: string[]): Schema {
  return {
    type: "object",
    properties,
    required,
    propertyNames: { anyOf: [{ enum: Object.keys(properties) }, uri] },
  };
}

function closed(properties: Record<string, Schema>, required: string[]): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}

function when(condition: Schema, consequence: Schema, otherwise: Schema | boolean = true): Schema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: condition, then: consequence, else: otherwise };
}

const GS1_WEB_VOCABULARY = "^(?!https?://(www\\.)?gs1\\.org/voc/)";

const bizStep = vocabulary(`accepting arriving assembling collecting commissioning consigning creating_class_instance
  cycle_counting decommissioning departing destroying disassembling dispensing encoding entering_exiting holding
  inspecting installing killing loading other packing picking receiving removing repackaging repairing replacing
  reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing
  transporting unloading unpacking void_shipping`);

const disposition = vocabulary(`active available completeness_inferred completeness_verified conformant
  container_closed container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive
  mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant
  non_sellable_other partially_dispensed recalled reserved retail_sold returned sellable_accessible
  sellable_not_accessible stolen unavailable unknown`);

const transactionType = vocabulary("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt");
const partyType = vocabulary("owning_party possessing_party location");
const errorReason = vocabulary("did_not_occur incorrect_data");
const alertType = vocabulary("ALARM_CONDITION ERROR_CONDITION", GS1_WEB_VOCABULARY);
const component = vocabulary(`x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle
  easting northing latitude longitude altitude`);

const measurementType = vocabulary(
  `AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
  AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance
  Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge
  ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance
  Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
  MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity
  MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity Radioactivity
  RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature
  Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber`,
  GS1_WEB_VOCABULARY,
);

const place = extensible({ id: uri }, ["id"]);
const epcs: Schema = { ...list(uri), uniqueItems: true };
const quantity = closed({ epcClass: uri, quantity: number, uom: { type: "string", pattern: "^[A-Z0-9]{2,3}$" } }, [
  "epcClass",
]);

const origin = { deviceID: uri, deviceMetadata: uri, rawData: uri, dataProcessingMethod: uri, bizRules: uri };
const sensorReport = extensible(
  {
    ...origin,
    type: measurementType,
    exception: alertType,
    time,
    microorganism: uri,
    chemicalSubstance: uri,
    coordinateReferenceSystem: uri,
    component,
    value: number,
    stringValue: text,
    booleanValue: { type: "boolean" },
    hexBinaryValue: { type: "string", pattern: "^[A-Fa-f0-9]+$" },
    uriValue: uri,
    minValue: number,
    maxValue: number,
    meanValue: number,
    sDev: number,
    percRank: number,
    percValue: number,
    uom: text,
  },
  ["type"],
);
const sensorElement = extensible(
  {
    sensorMetadata: extensible({ ...origin, time, startTime: time, endTime: time }, []),
    sensorReport: list(sensorReport, 1),
  },
  ["sensorReport"],
);

const common: Record<string, Schema> = {
  "@context": context,
  type: text,
  eventTime: time,
  recordTime: time,
  eventTimeZoneOffset: { type: "string", pattern: "^[+-]((0\\d|1[0-3]):[0-5]\\d|14:00)$" },
  eventID: uri,
  certificationInfo: { anyOf: [uri, list(uri)] },
  errorDeclaration: extensible({ declarationTime: time, reason: errorReason, correctiveEventIDs: list(uri) }, [
    "declarationTime",
  ]),
};
const surroundings: Record<string, Schema> = {
  bizStep,
  disposition,
  readPoint: place,
  bizLocation: place,
  bizTransactionList: list(closed({ type: transactionType, bizTransaction: uri }, ["bizTransaction"])),
  sourceList: list(closed({ type: partyType, source: uri }, ["type", "source"])),
  destinationList: list(closed({ type: partyType, destination: uri }, ["type", "destination"])),
  sensorElementList: list(sensorElement),
};
const action: Schema = { enum: ["OBSERVE", "ADD", "DELETE"] };
const persistentDisposition: Schema = {
  ...closed(
    { set: { ...list(disposition, 1), uniqueItems: true }, unset: { ...list(disposition, 1), uniqueItems: true } },
    [],
  ),
  minProperties: 1,
};
const ilmd: Schema = { type: "object", propertyNames: uri };

function event(own: Record<string, Schema>, required: string[], ...rules: Schema[]): Schema {
  const all = extensible({ ...common, ...surroundings, ...own }, [
    "type",
    "eventTime",
    "eventTimeZoneOffset",
    ...required,
  ]);
  return rules.length === 0 ? all : { ...all, allOf: rules };
}

const has = (member: string): Schema => ({ required: [member], properties: { [member]: { minItems: 1 } } });
const hasOneOf = (...members: string[]): Schema => ({ anyOf: members.map(has) });
const actionIs = (...actions: string[]): Schema => ({
  required: ["action"],
  properties: { action: { enum: actions } },
});
const children = { childEPCs: list(uri), childQuantityList: list(quantity) };
const childrenUnlessDelete = when(actionIs("OBSERVE", "ADD"), hasOneOf(...Object.keys(children)));

/** Schema of each of the five kinds of event. */
export const EPCIS_EVENT_SCHEMAS: Record<string, Schema> = {
  ObjectEvent: event(
    { action, epcList: epcs, quantityList: list(quantity), persistentDisposition, ilmd },
    ["action"],
    // An empty epcList is allowed: a reader that saw nothing reports just that.
    {
      anyOf: [
        { required: ["epcList"] },
        has("quantityList"),
        { allOf: [has("sensorElementList"), { required: ["readPoint"] }] },
      ],
    },
    when(actionIs("OBSERVE", "DELETE"), { properties: { ilmd: false } }),
  ),
  AggregationEvent: event(
    { action, parentID: uri, ...children },
    ["action"],
    childrenUnlessDelete,
    when(actionIs("ADD", "DELETE"), { required: ["parentID"] }),
  ),
  AssociationEvent: event({ action, parentID: uri, ...children }, ["action", "parentID"], childrenUnlessDelete),
  TransactionEvent: event(
    { action, parentID: uri, epcList: list(uri), quantityList: list(quantity) },
    ["action", "bizTransactionList"],
    has("bizTransactionList"),
    when(actionIs("OBSERVE", "ADD"), { anyOf: [{ required: ["epcList"] }, has("quantityList")] }),
  ),
  TransformationEvent: event(
    {
      inputEPCList: epcs,
      inputQuantityList: list(quantity),
      outputEPCList: epcs,
      outputQuantityList: list(quantity),
      transformationID: uri,
      persistentDisposition,
      ilmd,
    },
    [],
    // Without an identifier that joins several events, one event has to name both sides.
    when(
      { required: ["transformationID"] },
      hasOneOf("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"),
      { allOf: [hasOneOf("inputEPCList", "inputQuantityList"), hasOneOf("outputEPCList", "outputQuantityList")] },
    ),
  ),
};

/** Schema of an event of somebody else's kind, whose type is a URI or has a prefix. */
export const EPCIS_EXTENSION_EVENT_SCHEMA: Schema = {
  type: "object",
  properties: { ...common, type: uri },
  required: ["type", "eventTime", "eventTimeZoneOffset"],
};

const masterData = list({
  type: "object",
  properties: { type: uri, vocabularyElementList: list({ type: "object", properties: { id: uri }, required: ["id"] }) },
  required: ["type"],
});
// Events are looked at one by one, each by the schema of its type.
const eventList = list({ type: "object", required: ["type"], properties: { type: text } });
const documentHead = {
  "@context": context,
  id: text,
  schemaVersion: { type: "string", pattern: "^2(\\.\\d+)*$" },
  creationDate: time,
};

/** Schema of a document around its events. */
export const EPCIS_DOCUMENT_SCHEMAS: Record<string, Schema> = {
  EPCISDocument: extensible(
    {
      ...documentHead,
      type: text,
      instanceIdentifier: text,
      sender: text,
      receiver: text,
      epcisHeader: extensible({ epcisMasterData: extensible({ vocabularyList: masterData }, []) }, []),
      epcisBody: extensible({ eventList }, ["eventList"]),
    },
    ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
  ),
  EPCISQueryDocument: extensible(
    {
      ...documentHead,
      type: text,
      epcisBody: extensible(
        {
          queryResults: extensible(
            {
              queryName: text,
              subscriptionID: text,
              resultsBody: extensible({ eventList, vocabularyList: masterData }, ["eventList"]),
            },
            ["queryName", "resultsBody"],
          ),
        },
        ["queryResults"],
      ),
    },
    ["@context", "type", "epcisBody"],
  ),
};
