import { hexToBytes } from "../../core/hex.ts";
import { grantedResponse } from "../../core/timestamp/response.ts";
import {
  findTimestamp,
  findTimestamps,
  STAMPED_KINDS,
  type StampedKind,
  TIMESTAMP_ORDER,
} from "../../store/queries/timestamps/timestamps.ts";
import { found, optionalBytes } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { bytes, given, oneOf, pageSchema } from "../schema.ts";
import { STAMPED, showTimestamp, timestampSchema } from "../shapes/timestamp.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const REPLY_TYPE = "application/timestamp-reply";

const listSchema = routeSchema({
  summary: "Time stamps that are kept, newest first",
  description:
    "Tokens of outside authorities (RFC 3161) for blocks and records, each checked before it was kept. Verify them with " +
    "any program, by the certificate of an authority that you trust yourself.",
  access: "public",
  tag: "evidence",
  query: {
    kind: { ...oneOf(STAMPED), description: "Only those of this kind" },
    object: given.hash("Only those of this record or block"),
    block: given.number("Only those of the block with this number"),
    ...paging,
  },
  answer: pageSchema(timestampSchema),
});

const params = { id: given.hash("SHA-256 of the token") };
const oneSchema = routeSchema({
  ...{ summary: "One time stamp", access: "public", tag: "evidence", params, answer: timestampSchema },
});
const replySchema = routeSchema({
  summary: "A time stamp as its authority answered",
  description: "For programs that verify time stamps: `openssl ts -verify -in FILE -digest HEX -CAfile TRUSTED`.",
  ...{ access: "public", tag: "evidence", params },
  answer: { content: { [REPLY_TYPE]: { schema: { ...bytes, description: "TimeStampResp (DER)" } } } },
});

type Asked = { Querystring: PagingQuery & { kind?: StampedKind; object?: string; block?: number } };

/** GET /timestamps, /timestamps/:id and /timestamps/:id/reply */
export const timestampsRoute: AddRoute = (server, { db }) => {
  server.get<Asked>("/timestamps", { schema: listSchema }, async ({ query }) => {
    const { kind, object, block } = query;
    const filter = { kind: kind && STAMPED_KINDS[kind], object: optionalBytes(object), block };
    return pageAnswer(await findTimestamps(db, filter, pageRequest(query, TIMESTAMP_ORDER)), showTimestamp);
  });

  const one = async (id: string) => found(await findTimestamp(db, hexToBytes(id)), "timestamp", id);

  server.get<{ Params: { id: string } }>("/timestamps/:id", { schema: oneSchema }, async ({ params: { id } }) =>
    showTimestamp(await one(id)),
  );

  server.get<{ Params: { id: string } }>(
    "/timestamps/:id/reply",
    { schema: replySchema },
    async ({ params: { id } }, reply) => {
      const { token } = await one(id);
      return reply.type(REPLY_TYPE).send(Buffer.from(grantedResponse(token)));
    },
  );
};
