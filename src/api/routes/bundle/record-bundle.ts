import { BUNDLE_SCHEMA } from "../../../core/bundle/schema.ts";
import { bytesToHex, hexToBytes } from "../../../core/hex.ts";
import { findRecord, type RecordRow } from "../../../store/queries/records.ts";
import { found } from "../../lookup.ts";
import { given, type Schema } from "../../schema.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import {
  answerBundle,
  type Bundled,
  type BundleQuery,
  bundleQuery,
  bundleSchema,
  positionOf,
  responsibleOf,
} from "./bundle-answer.ts";

const ZERO_HASH = `0x${"00".repeat(32)}`;

const schema = routeSchema({
  summary: "A file that proves a record to anybody, without a node",
  description:
    "Event, receipt, sealed header, and every change of the validators since block 0. Whoever has the genesis file " +
    "verifies it offline. Trust it only for what its verifier says.",
  access: "public",
  tag: "evidence",
  params: { id: given.hash("Identifier of the record") },
  query: bundleQuery,
  answer: bundleSchema,
});

/** GET /records/:id/bundle, and the schema of what it gives */
export const recordBundleRoute: AddRoute = (server, context) => {
  server.get<{ Params: { id: string }; Querystring: BundleQuery }>(
    "/records/:id/bundle",
    { schema },
    async ({ params: { id }, query }, reply) => {
      const record = found(await findRecord(context.db, hexToBytes(id)), "record", id);
      const name = `record-${id.slice(2, 14)}`;
      return answerBundle(context, reply, query, { claim: claimOf(record), record: record.id, name });
    },
  );

  const answer: Schema = { type: "object", additionalProperties: true };
  const about = { summary: "JSON Schema of proof bundles", access: "public", tag: "evidence", answer } as const;
  server.get("/schemas/proof-bundle", { schema: routeSchema(about) }, async () => BUNDLE_SCHEMA);
};

function claimOf(record: RecordRow): Bundled["claim"] {
  const hash = (bytes: Uint8Array | null) => (bytes === null ? ZERO_HASH : bytesToHex(bytes));
  return {
    kind: "record",
    at: positionOf(record),
    owner: bytesToHex(record.owner),
    responsible: responsibleOf(record.responsible),
    record: {
      digest: bytesToHex(record.digest),
      algorithm: record.algorithm,
      kind: record.kind,
      subject: hash(record.subject),
      businessKey: hash(record.business_key),
      refersTo: hash(record.refers_to),
    },
  };
}
