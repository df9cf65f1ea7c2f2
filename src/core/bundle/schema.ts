import { BUNDLE_FORMAT, BUNDLE_VERSION } from "./bundle.ts";

// The form of a bundle as JSON Schema (draft 2020-12). `readBundle` checks with this very object.

/** What this form uses of JSON Schema. */
export interface BundleSchema {
  $ref?: string;
  type?: "object" | "array" | "string" | "integer" | "boolean";
  const?: string | number | boolean;
  oneOf?: readonly BundleSchema[];
  properties?: Readonly<Record<string, BundleSchema>>;
  required?: readonly string[];
  additionalProperties?: false;
  items?: BundleSchema;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  maxLength?: number;
  contentEncoding?: "base64";
  description?: string;
}

/** Bytes of a whole bundle. */
export const MOST_BUNDLE_BYTES = 16 * 1024 * 1024;
/** Bytes of data that stand in the bundle itself. */
export const MOST_CONTENT_BYTES = 1024 * 1024;
/** Lists and objects in one another; a sound bundle has 7. */
export const MOST_BUNDLE_LEVELS = 12;

const object = (
  properties: Record<string, BundleSchema>,
  optional: readonly string[] = [],
  description?: string,
): BundleSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
  ...(description === undefined ? {} : { description }),
});
const list = (items: BundleSchema, most: number, least = 0): BundleSchema => ({
  type: "array",
  items,
  minItems: least,
  maxItems: most,
});
const whole = (maximum: number): BundleSchema => ({ type: "integer", minimum: 0, maximum });
const hex = (bytes: number): BundleSchema => ({ type: "string", pattern: `^0x[0-9a-f]{${2 * bytes}}$` });
const base64 = (mostBytes: number): BundleSchema => ({
  type: "string",
  contentEncoding: "base64",
  maxLength: 4 * Math.ceil(mostBytes / 3),
});
const ref = (name: string): BundleSchema => ({ $ref: `#/$defs/${name}` });
const only = (value: string | number): BundleSchema => ({ const: value });

const hash = hex(32);
const address = hex(20);
const blockNumber = whole(2 ** 48 - 1);
const nodes = list(base64(8 * 1024 * 1024), 65);

const definitions: Record<string, BundleSchema> = {
  place: object({ block: blockNumber, transaction: whole(99_999), log: whole(999_999) }),
  record: object({
    digest: hash,
    algorithm: whole(0xffff),
    kind: whole(0xffffffff),
    subject: hash,
    businessKey: hash,
    refersTo: hash,
  }),
  recordClaim: object({
    kind: only("record"),
    at: ref("place"),
    owner: address,
    responsible: address,
    record: ref("record"),
  }),
  batchRecordClaim: object({
    kind: only("batch-record"),
    at: ref("place"),
    owner: address,
    responsible: address,
    record: ref("record"),
    index: whole(2 ** 20 - 1),
    count: whole(2 ** 20),
    branch: list(hash, 21, 21),
  }),
  eventClaim: object({
    kind: only("event"),
    at: ref("place"),
    address,
    topics: list(hash, 4),
    data: { type: "string", pattern: "^0x(?:[0-9a-f]{2})*$", maxLength: 131_074 },
  }),
  blockClaim: object({ kind: only("block"), block: blockNumber, hash }),
  block: object({
    header: base64(16 * 1024),
    receipts: list(object({ transaction: whole(99_999), nodes }), 64),
    accounts: list(object({ address, nodes, slots: list(object({ slot: hash, nodes }), 32) }), 8),
  }),
  contract: object({
    name: { type: "string", pattern: "^[A-Za-z0-9]{1,31}$" },
    address,
    listed: { oneOf: [ref("place"), object({ block: blockNumber })] },
  }),
  certification: object({ block: blockNumber, account: address, certifier: address, recognisedBy: address }, [
    "recognisedBy",
  ]),
  timestamp: object({
    stamps: { oneOf: [only("claim"), object({ block: blockNumber })] },
    token: base64(64 * 1024),
    certificates: list(base64(16 * 1024), 10),
  }),
};

/** JSON Schema of a bundle. */
export const BUNDLE_SCHEMA: BundleSchema & { $schema: string; $id: string; title: string; $defs: typeof definitions } =
  {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:brop:proof-bundle:1",
    title: "BROP proof bundle",
    ...object(
      {
        format: only(BUNDLE_FORMAT),
        version: only(BUNDLE_VERSION),
        label: { type: "string", maxLength: 200, description: "For people; proves nothing" },
        network: object({ chainId: { ...whole(2 ** 53 - 1), minimum: 1 }, genesis: hash, sealed: { type: "boolean" } }),
        asOf: blockNumber,
        claim: { oneOf: [ref("recordClaim"), ref("batchRecordClaim"), ref("eventClaim"), ref("blockClaim")] },
        validators: list(ref("place"), 1_024),
        contracts: list(ref("contract"), 8),
        blocks: list(ref("block"), 1_100, 1),
        status: object({ block: blockNumber }),
        certification: ref("certification"),
        timestamps: list(ref("timestamp"), 16),
        content: base64(MOST_CONTENT_BYTES),
      },
      ["label", "status", "certification", "timestamps", "content"],
    ),
    $defs: definitions,
  };
