import { pino } from "pino";
import { systemClock } from "../../../src/core/clock.ts";
import type { FieldRequest } from "../../../src/retrieval/field.ts";
import { Retrieval } from "../../../src/retrieval/retrieval.ts";
import type { Database } from "../../../src/store/database.ts";

/** A partner's batches of tea: the schema of most tests. */
export const TEA_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["batch"],
  additionalProperties: false,
  properties: {
    batch: { type: "string", maxLength: 200 },
    name: { type: ["string", "null"] },
    origin: { $ref: "#/$defs/place" },
    weight: { type: ["number", "null"] },
    bags: { type: ["integer", "null"] },
    price: { type: ["string", "null"], pattern: "^-?[0-9]+(\\.[0-9]+)?$" },
    organic: { type: ["boolean", "null"] },
    picked: { type: ["string", "null"], format: "date" },
    dried: { type: ["string", "null"], format: "date-time" },
    salt: { type: "string" },
  },
  $defs: { place: { type: "object", properties: { province: { type: "string" }, farm: { type: "string" } } } },
};

export const TEA_FIELDS = {
  batch: {},
  name: { search: true },
  province: { path: "/origin/province" },
  weight: {},
  bags: {},
  price: { type: "decimal" },
  organic: {},
  picked: {},
  dried: {},
} as const satisfies Record<string, FieldRequest>;

export const TENANT = `0x${"11".repeat(20)}`;
export const OTHER = `0x${"22".repeat(20)}`;

export function retrievalOn(db: Database): Retrieval {
  return new Retrieval({ db, reader: db, clock: systemClock, logger: pino({ level: "silent" }) });
}
