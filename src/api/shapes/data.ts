import { getAddress } from "ethers";
import { bytesToHex } from "../../core/hex.ts";
import type { DataRow } from "../../retrieval/data-row.ts";
import { statusOf } from "../../retrieval/export.ts";
import { FIELD_TYPES } from "../../retrieval/field.ts";
import { LIMITS } from "../../retrieval/limits.ts";
import type { Anchor, DescribedSchema, DescribedVersion } from "../../retrieval/retrieval.ts";
import { SCHEMA_RECORD_KIND } from "../../retrieval/schemas.ts";
import { toHex } from "../format.ts";
import {
  address,
  blockNumber,
  described,
  flag,
  hash,
  listOf,
  nullable,
  objectOf,
  oneOf,
  type Schema,
  text,
  time,
  whole,
} from "../schema.ts";

const anyObject: Schema = { type: "object", additionalProperties: true };
const moment = described(text, "ISO 8601 (UTC)");

export const schemaName: Schema = {
  type: "string",
  minLength: 1,
  maxLength: LIMITS.fieldNameBytes,
  description: "Name of the schema: small letters of any script, digits and _",
};

export const givenFields: Schema = {
  type: "object",
  maxProperties: LIMITS.fields,
  description: "Fields that can be asked for, by name",
  additionalProperties: {
    type: "object",
    additionalProperties: false,
    properties: {
      path: { type: "string", maxLength: 500, description: "JSON Pointer into the document; by default the name" },
      type: { ...oneOf(FIELD_TYPES), description: "What it holds; by default as the schema says" },
      search: { type: "boolean", description: "Whether parts of the text are found" },
    },
  },
};

const fieldSchema = objectOf({ name: text, path: text, type: oneOf(FIELD_TYPES), search: flag });

const anchorMembers = {
  state: described(oneOf(["declared", "anchored"]), "anchored: its digest is recorded on chain by the account"),
  record: nullable(described(hash, "Record that anchors it")),
  blockNumber: nullable(blockNumber),
  transactionHash: nullable(hash),
};

export const dataSchemaSchema = objectOf({
  name: text,
  digest: described(hash, "SHA-256 of the schema's canonical JSON (RFC 8785)"),
  kind: described(whole, "Kind that a record needs to anchor it"),
  ...anchorMembers,
  schema: described(anyObject, "JSON Schema (2020-12)"),
  fields: listOf(fieldSchema, "Fields that questions are answered by"),
  index: objectOf(
    {
      state: oneOf(["current", "building"]),
      done: described(whole, "Rows that are looked through"),
      total: described(whole, "Rows that were there when it began"),
      misfits: described(whole, "Values that do not have their field's type; their rows are found without them"),
      next: nullable(listOf(fieldSchema, "Fields that will take the place of those above")),
    },
    "How far the fields that were asked for last are",
  ),
  registeredAt: moment,
});

export const versionSchema = objectOf({ digest: hash, ...anchorMembers, schema: anyObject, registeredAt: moment });

const recordSchema = objectOf({
  id: hash,
  blockNumber,
  logIndex: whole,
  transactionHash: hash,
  recordedAt: time,
  status: oneOf(["valid", "revoked", "superseded"]),
  supersededBy: nullable(hash),
});

const rowMembers = {
  digest: described(hash, "SHA-256 of the document's canonical JSON (RFC 8785): what is recorded on chain"),
  owner: address,
  version: described(hash, "Digest of the schema that it was checked by"),
  storedAt: moment,
  state: oneOf(["unrecorded", "recorded"]),
  record: { ...recordSchema, type: ["object", "null"], description: "The owner's record of this digest on chain" },
  document: anyObject,
};

export const dataRowSchema: Schema = {
  ...objectOf(rowMembers),
  properties: {
    ...rowMembers,
    proof: { type: ["object", "null"], additionalProperties: true, description: "Inclusion proof of the record" },
    proofUnavailable: described(text, "Why there is no proof"),
  },
};

export function showSchema({ row, anchor, current, building }: DescribedSchema) {
  const index = building ?? current;
  return {
    ...{ name: row.name, digest: toHex(row.digest), kind: SCHEMA_RECORD_KIND, ...showAnchor(anchor) },
    ...{ schema: JSON.parse(row.document), fields: current.fields },
    index: {
      ...{ state: index.state, done: index.done, total: index.total, misfits: index.misfits },
      next: building?.fields ?? null,
    },
    registeredAt: new Date(row.registeredAt).toISOString(),
  };
}

export function showVersion({ digest, document, registeredAt, anchor }: DescribedVersion) {
  return {
    ...{ digest: toHex(digest), ...showAnchor(anchor), schema: JSON.parse(document) },
    registeredAt: new Date(registeredAt).toISOString(),
  };
}

function showAnchor(anchor: Anchor | undefined) {
  if (anchor === undefined) return { state: "declared", record: null, blockNumber: null, transactionHash: null };
  const { record, block, transaction } = anchor;
  return {
    state: "anchored",
    record: bytesToHex(record),
    blockNumber: block,
    transactionHash: bytesToHex(transaction),
  };
}

/** An inclusion proof, or why there is none. */
export type RowProof = { proof: object } | { proof: null; proofUnavailable: string };

/** The row as JSON; its document is put in as it was digested, which no parsing and writing again has to keep. */
export function rowText(row: DataRow, proof?: RowProof): string {
  const record = row.record === null ? "null" : recordText(row);
  const members = [
    `"digest":"0x${row.digest}","owner":"${checksummed(row.owner)}","version":"0x${row.version}"`,
    `"storedAt":"${new Date(row.created_at).toISOString()}"`,
    `"state":"${row.record === null ? "unrecorded" : "recorded"}","record":${record},"document":${row.document}`,
  ];
  if (proof !== undefined) members.push(JSON.stringify(proof).slice(1, -1));
  return `{${members.join(",")}}`;
}

function recordText(row: DataRow): string {
  const recordedAt = new Date((row.recorded_at as number) * 1_000).toISOString();
  const supersededBy = row.superseded_by === null ? "null" : `"0x${row.superseded_by}"`;
  return (
    `{"id":"0x${row.record}","blockNumber":${row.block_number},"logIndex":${row.log_index},` +
    `"transactionHash":"0x${row.transaction_hash}","recordedAt":"${recordedAt}","status":"${statusOf(row)}",` +
    `"supersededBy":${supersededBy}}`
  );
}

// A page's rows have few owners, and a checksum is a hash.
const CHECKSUMS = new Map<string, string>();
const KEPT_CHECKSUMS = 10_000;

function checksummed(digits: string): string {
  const known = CHECKSUMS.get(digits);
  if (known !== undefined) return known;
  if (CHECKSUMS.size >= KEPT_CHECKSUMS) CHECKSUMS.clear();
  const shown = getAddress(`0x${digits}`);
  CHECKSUMS.set(digits, shown);
  return shown;
}
