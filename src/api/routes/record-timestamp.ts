import { digestAlgorithmOf } from "../../core/digest.ts";
import { BropError } from "../../core/errors.ts";
import { hexToBytes } from "../../core/hex.ts";
import { stampedDigest } from "../../core/timestamp/stamped-digest.ts";
import { findRecord } from "../../store/queries/records.ts";
import { authorityOfCertificate } from "../../store/queries/timestamps/authority-of-certificate.ts";
import type { TimestampRow } from "../../store/queries/timestamps/timestamps.ts";
import { keepStamp } from "../../timestamp/keep-stamp.ts";
import { SUBMITTERS } from "../access/submitters.ts";
import { toHex } from "../format.ts";
import { found } from "../lookup.ts";
import { described, given, nullable, objectOf, text } from "../schema.ts";
import { showTimestamp, timestampSchema } from "../shapes/timestamp.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const CONTRACT = "TimestampAuthorities";
const FUNCTION = "attachToRecord";

const schema = routeSchema({
  summary: "Have a record's digest stamped by a time-stamping authority",
  description:
    "A token of RFC 3161 for the record's digest is asked for, checked and kept (EV-2). `attachment` is the call that puts " +
    "the token's digest on chain: the record's owner hands it over as an operation (POST /operations). Without it the " +
    "token holds as well; it is only not found on chain. Asked again, another token is made.",
  access: SUBMITTERS,
  tag: "evidence",
  params: { id: given.hash("Identifier of the record") },
  status: 201,
  answer: objectOf({
    timestamp: timestampSchema,
    attachment: nullable({
      ...objectOf({
        contract: text,
        function: text,
        arguments: { type: "array", items: { type: ["string", "integer"] } },
      }),
      description: "Null while the authority's certificate is not registered on chain",
    }),
    verify: described(text, "How anybody verifies it without this platform"),
  }),
});

/** POST /records/:id/timestamp */
export const recordTimestampRoute: AddRoute = (server, { db, timestamps }) => {
  server.post<{ Params: { id: string } }>("/records/:id/timestamp", { schema }, async ({ params: { id } }, reply) => {
    const record = found(await findRecord(db, hexToBytes(id)), "record", id);
    if (timestamps === undefined) throw new BropError("timestamp.none");
    const digest = await stampedDigest(record.digest, digestAlgorithmOf(record.algorithm));
    const stamp = await timestamps.client.stamp(digest);
    const row = await keepStamp(db, { kind: "record", object: record.id, digest }, stamp, timestamps.now());
    const authority = await authorityOfCertificate(db, row.certificate_digest);
    const attachment = authority === undefined ? null : callOf(record, authority, row);
    const verify = `openssl ts -verify -digest ${toHex(digest).slice(2)} -in REPLY -CAfile TRUSTED`;
    reply.code(201).header("location", `/v1/timestamps/${toHex(row.token_digest)}`);
    return { timestamp: showTimestamp(row), attachment, verify };
  });
};

function callOf(
  { digest, subject }: { digest: Uint8Array; subject: Uint8Array | null },
  authority: number,
  { token_digest, stated_at }: TimestampRow,
) {
  const about = toHex(subject ?? new Uint8Array(32));
  const values = [toHex(digest), about, authority, toHex(token_digest), Math.floor(stated_at / 1_000)];
  return { contract: CONTRACT, function: FUNCTION, arguments: values };
}
