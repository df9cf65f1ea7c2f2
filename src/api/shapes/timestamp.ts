import { STAMPED_KINDS, type StampedKind, type TimestampRow } from "../../store/queries/timestamps/timestamps.ts";
import { toHex } from "../format.ts";
import { blockNumber, described, hash, nullable, objectOf, oneOf, type Schema, text } from "../schema.ts";

const moment: Schema = { type: "string", description: "ISO 8601 (UTC)" };
export const STAMPED = Object.keys(STAMPED_KINDS) as StampedKind[];

export const timestampSchema = objectOf({
  id: described(hash, "SHA-256 of the token, as it stands on chain"),
  kind: described(oneOf(STAMPED), "What is stamped"),
  object: described(hash, "Identifier of the record, or hash of the block"),
  block: nullable(described(blockNumber, "Number of the block")),
  digest: described(hash, "SHA-256 digest that the authority was given"),
  time: described(moment, "The time that the authority states"),
  accuracy: nullable({ type: "number", description: "Milliseconds that the time may be off; null: not stated" }),
  policy: described(text, "Object identifier of the authority's policy"),
  serial: described(text, "The authority's number of the token, decimal digits"),
  certificateDigest: described(hash, "SHA-256 of the certificate that it is signed under (DER)"),
  storedAt: moment,
  token: described(text, "The token of RFC 3161 (DER), base64"),
  certificate: described(text, "The authority's certificate (DER), base64"),
});

export function showTimestamp(row: TimestampRow) {
  return {
    id: toHex(row.token_digest),
    kind: STAMPED.find((kind) => STAMPED_KINDS[kind] === row.kind) as StampedKind,
    object: toHex(row.object),
    block: row.block_number,
    digest: toHex(row.digest),
    time: new Date(row.stated_at).toISOString(),
    accuracy: row.accuracy,
    policy: row.policy,
    serial: row.serial,
    certificateDigest: toHex(row.certificate_digest),
    storedAt: new Date(row.stored_at).toISOString(),
    token: toBase64(row.token),
    certificate: toBase64(row.certificate),
  };
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
