import type { FastifyReply } from "fastify";
import type { BundleRequest, ClaimRequest } from "../../../chain/bundle/build-bundle.ts";
import { encodeBase64 } from "../../../core/base64.ts";
import { BUNDLE_MEDIA_TYPE, type TimestampPart } from "../../../core/bundle/bundle.ts";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import { sameBytes } from "../../../core/rlp.ts";
import { readSignedToken } from "../../../core/timestamp/signed-data.ts";
import type { Database } from "../../../store/database.ts";
import { type LogRow, listingsAt, validatorChangesUpTo } from "../../../store/queries/bundle-sources.ts";
import { readPosition } from "../../../store/queries/position.ts";
import { type BundleStamp, firstBlockStamp, recordStamps } from "../../../store/queries/timestamps/bundle-stamps.ts";
import type { ApiContext } from "../../context.ts";
import { optionalAccount } from "../../lookup.ts";
import { described, flag, given, type Schema } from "../../schema.ts";

// What the bundles of all kinds of records have in common.

const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
/** Tokens over one record's digest: each is 1 to 6 kB. */
const MOST_RECORD_STAMPS = 4;

export interface BundleQuery {
  state?: boolean;
  certifier?: string;
  recognisedBy?: string;
  timestamps?: boolean;
}

/** What may be asked of any bundle. */
export const bundleQuery = {
  state: described(flag, "Also show, by the newest state, whether the record stands"),
  certifier: given.account("Also show what this certifier said of the owner as of the record's block"),
  recognisedBy: given.account("With certifier: also show whether this partner recognised it then"),
  timestamps: described(
    flag,
    "Whether to add the time-stamp tokens that are kept (the default): those over the record's digest, and that of the " +
      "first stamped block from the record's on",
  ),
};

/** Its form is checked by whoever reads it, against the schema at /v1/schemas/proof-bundle. */
export const bundleSchema: Schema = {
  type: "object",
  additionalProperties: true,
  description: "A proof bundle (docs/proof-bundles.md); its JSON Schema: /v1/schemas/proof-bundle",
};

/** The record that a bundle is about. */
export interface Bundled {
  claim: Extract<ClaimRequest, { kind: "record" | "batch-record" }>;
  /** Identifier of a record of its own, over whose digest tokens may be kept. */
  record?: Uint8Array;
  /** Of the file, without what comes behind the last dot. */
  name: string;
}

/**
 * Builds a bundle and sends it as a file.
 * @throws BropError `request.invalid` for half a question; `proof.unavailable` where this process has no access to the
 * chain, or the chain's node has forgotten the state
 */
export async function answerBundle(
  { db, bundle }: ApiContext,
  reply: FastifyReply,
  query: BundleQuery,
  { claim, record, name }: Bundled,
): Promise<FastifyReply> {
  if (query.recognisedBy !== undefined && query.certifier === undefined) {
    throw new BropError("request.invalid", { field: "recognisedBy", reason: "goes with certifier" });
  }
  if (bundle === undefined) {
    throw new BropError("proof.unavailable", { reason: "this process has no access to the chain" });
  }
  const timestamps = query.timestamps === false ? [] : await stampsOf(db, record, claim.at.block);
  const request = await requestFor(db, claim, query);
  const built = await bundle({ ...request, ...(timestamps.length === 0 ? {} : { timestamps }) });
  reply.header("content-disposition", `attachment; filename="${name}.bundle.json"`);
  return reply.type(`${BUNDLE_MEDIA_TYPE}; charset=utf-8`).serializer(JSON.stringify).send(built);
}

/** What the index knows of a claim, as building its bundle takes it. */
async function requestFor(db: Database, claim: Bundled["claim"], query: BundleQuery): Promise<BundleRequest> {
  const newest = (await readPosition(db))?.block_number ?? claim.at.block;
  const certifier = await optionalAccount(db, query.certifier);
  const recognisedBy = await optionalAccount(db, query.recognisedBy);
  const isStateAsked = query.state === true || certifier !== undefined;
  const changes = await validatorChangesUpTo(db, newest);
  const listings = await listingsAt(db, claim.at.block);
  return {
    claim,
    changes: changes.map(positionOf),
    contracts: new Map(
      listings.map((one) => [one.name, { address: bytesToHex(one.address), listed: positionOf(one) }]),
    ),
    ...(isStateAsked ? { state: newest } : {}),
    ...(certifier === undefined
      ? {}
      : {
          certification: {
            account: claim.owner,
            certifier: bytesToHex(certifier),
            ...(recognisedBy === undefined ? {} : { recognisedBy: bytesToHex(recognisedBy) }),
          },
        }),
  };
}

/** The earliest that outside authorities say of a record: of its digest, and of a block which has it below it. */
async function stampsOf(db: Database, record: Uint8Array | undefined, block: number): Promise<TimestampPart[]> {
  const own = record === undefined ? [] : await recordStamps(db, record, MOST_RECORD_STAMPS);
  const first = await firstBlockStamp(db, block);
  return [...own, ...(first === undefined ? [] : [first])].map(timestampPart);
}

function timestampPart({ token, certificate, block_number }: BundleStamp): TimestampPart {
  // The platform asks for tokens that bring their certificates along.
  const isHeld = readSignedToken(token).certificates.some(({ bytes }) => sameBytes(bytes, certificate));
  return {
    stamps: block_number === null ? "claim" : { block: block_number },
    token: encodeBase64(token),
    certificates: isHeld ? [] : [encodeBase64(certificate)],
  };
}

export function positionOf({ block_number, log_index }: LogRow) {
  return { block: block_number, logIndex: log_index };
}

/** The partner that answers for an anonymous owner, as a claim names it. */
export function responsibleOf(partner: Uint8Array | null): string {
  return partner === null ? ZERO_ADDRESS : bytesToHex(partner);
}
