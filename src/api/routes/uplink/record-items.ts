import { Ajv } from "ajv";
import { DIGEST_ALGORITHMS } from "../../../core/digest.ts";
import { BropError } from "../../../core/errors.ts";
import type { RecordRequest } from "../../../uplink/forms/record.ts";
import { bodyOf, given, oneOf, type Schema } from "../../schema.ts";

const LARGEST_KIND = 0xffffffff;
export const LONGEST_TEXT = 1_000;

/** The digest of a document, or what it is made of. */
export const digestProperties = {
  data: {
    description: "JSON; its digest is that of its canonical form (RFC 8785). It is not kept, only its digest is",
  },
  bytes: { type: "string", description: "Bytes in base64, of which the digest is made" },
  digest: given.hash("The digest itself, for data that stays where it is"),
  algorithm: { ...oneOf(Object.keys(DIGEST_ALGORITHMS)), description: "SHA-256 by default" },
} as const satisfies Record<string, Schema>;

export const linkProperties = {
  ...digestProperties,
  kind: { type: "integer", minimum: 0, maximum: LARGEST_KIND, description: "Type by the partner's own list" },
  businessKey: {
    type: "string",
    minLength: 1,
    maxLength: LONGEST_TEXT,
    description: "The business system's own key; its SHA-256 goes on chain",
  },
  refersTo: given.hash("Identifier or digest that it refers to"),
  schema: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description: "Schema by which the data is kept beside its digest",
  },
} as const satisfies Record<string, Schema>;

export const recordProperties = {
  ...linkProperties,
  subject: {
    type: "string",
    minLength: 1,
    maxLength: 66,
    description: "What it is about: an account's address, 32 bytes, or a text of up to 31 bytes",
  },
} as const satisfies Record<string, Schema>;

const checkItem = new Ajv({ strict: false }).compile<RecordRequest>(bodyOf(recordProperties));

/** @throws BropError `request.invalid` naming the field */
export function parseItem(item: unknown): RecordRequest {
  if (checkItem(item)) return item;
  const [fault] = checkItem.errors ?? [];
  const { additionalProperty } = (fault?.params ?? {}) as { additionalProperty?: string };
  const field = additionalProperty ?? fault?.instancePath.slice(1);
  throw new BropError("request.invalid", { ...(field ? { field } : {}), reason: fault?.message });
}
