import type { BundleRequest } from "../../chain/bundle/build-bundle.ts";
import { BUNDLE_MEDIA_TYPE } from "../../core/bundle/bundle.ts";
import { BUNDLE_SCHEMA } from "../../core/bundle/schema.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import { type LogRow, listingsAt, validatorChangesUpTo } from "../../store/queries/bundle-sources.ts";
import { readPosition } from "../../store/queries/position.ts";
import { findRecord, type RecordRow } from "../../store/queries/records.ts";
import { found, optionalAccount } from "../lookup.ts";
import { described, flag, given, type Schema } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const ZERO_HASH = `0x${"00".repeat(32)}`;
const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
/** Its form is checked by whoever reads it, against the schema below. */
const bundleSchema: Schema = {
  type: "object",
  additionalProperties: true,
  description: "A proof bundle (docs/proof-bundles.md); its JSON Schema: /v1/schemas/proof-bundle",
};

const schema = routeSchema({
  summary: "A file that proves a record to anybody, without a node",
  description:
    "Event, receipt, sealed header, and every change of the validators since block 0. Whoever has the genesis file " +
    "verifies it offline. Trust it only for what its verifier says.",
  access: "public",
  tag: "evidence",
  params: { id: given.hash("Identifier of the record") },
  query: {
    state: described(flag, "Also show, by the newest state, whether the record stands"),
    certifier: given.account("Also show what this certifier said of the owner as of the record's block"),
    recognisedBy: given.account("With certifier: also show whether this partner recognised it then"),
  },
  answer: bundleSchema,
});

interface Question {
  Params: { id: string };
  Querystring: { state?: boolean; certifier?: string; recognisedBy?: string };
}

/** GET /records/:id/bundle, and the schema of what it gives */
export const recordBundleRoute: AddRoute = (server, { db, bundle }) => {
  server.get<Question>("/records/:id/bundle", { schema }, async ({ params, query }, reply) => {
    const record = found(await findRecord(db, hexToBytes(params.id)), "record", params.id);
    if (query.recognisedBy !== undefined && query.certifier === undefined) {
      throw new BropError("request.invalid", { field: "recognisedBy", reason: "goes with certifier" });
    }
    if (bundle === undefined) {
      throw new BropError("proof.unavailable", { reason: "this process has no access to the chain" });
    }
    const built = await bundle(await requestFor(db, record, query));
    reply.header("content-disposition", `attachment; filename="record-${params.id.slice(2, 14)}.bundle.json"`);
    return reply.type(`${BUNDLE_MEDIA_TYPE}; charset=utf-8`).serializer(JSON.stringify).send(built);
  });

  const answer: Schema = { type: "object", additionalProperties: true };
  const about = { summary: "JSON Schema of proof bundles", access: "public", tag: "evidence", answer } as const;
  server.get("/schemas/proof-bundle", { schema: routeSchema(about) }, async () => BUNDLE_SCHEMA);
};

/** What the index knows of a record, as building its bundle takes it. */
async function requestFor(db: Database, record: RecordRow, query: Question["Querystring"]): Promise<BundleRequest> {
  const newest = (await readPosition(db))?.block_number ?? record.block_number;
  const certifier = await optionalAccount(db, query.certifier);
  const recognisedBy = await optionalAccount(db, query.recognisedBy);
  const isStateAsked = query.state === true || certifier !== undefined;
  const changes = await validatorChangesUpTo(db, newest);
  const listings = await listingsAt(db, record.block_number);
  const hash = (bytes: Uint8Array | null) => (bytes === null ? ZERO_HASH : bytesToHex(bytes));
  return {
    claim: {
      kind: "record",
      at: positionOf(record),
      owner: bytesToHex(record.owner),
      responsible: record.responsible === null ? ZERO_ADDRESS : bytesToHex(record.responsible),
      record: {
        digest: bytesToHex(record.digest),
        algorithm: record.algorithm,
        kind: record.kind,
        subject: hash(record.subject),
        businessKey: hash(record.business_key),
        refersTo: hash(record.refers_to),
      },
    },
    changes: changes.map(positionOf),
    contracts: new Map(
      listings.map((one) => [one.name, { address: bytesToHex(one.address), listed: positionOf(one) }]),
    ),
    ...(isStateAsked ? { state: newest } : {}),
    ...(certifier === undefined
      ? {}
      : {
          certification: {
            account: bytesToHex(record.owner),
            certifier: bytesToHex(certifier),
            ...(recognisedBy === undefined ? {} : { recognisedBy: bytesToHex(recognisedBy) }),
          },
        }),
  };
}

function positionOf({ block_number, log_index }: LogRow) {
  return { block: block_number, logIndex: log_index };
}
