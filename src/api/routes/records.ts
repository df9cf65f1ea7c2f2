import { findRecords, RECORD_ORDER, type RecordFilter } from "../../store/queries/records.ts";
import { checkBlock, optionalAccount, optionalBytes } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { parseTime } from "../parse-time.ts";
import { at, given, pageSchema, type Schema } from "../schema.ts";
import { recordSchema, showRecord } from "../shapes/record.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const time = (description: string): Schema => ({ type: "string", minLength: 10, maxLength: 40, description });

const schema = routeSchema({
  summary: "Evidence records, newest first",
  description: "Filters are joined by *and*. To verify a file ask for its digest: every record of it answers.",
  access: "public",
  tag: "evidence",
  query: {
    digest: given.hash("Digest of the data"),
    owner: given.account("Account that recorded it"),
    object: given.hash("Object whose link it is"),
    subject: given.hash("What it is about"),
    businessKey: given.hash("Digest of the business system's own key"),
    refersTo: given.hash("Identifier or digest that it refers to"),
    kind: given.number("Type by the partner's own list"),
    from: time("Recorded at this time or later, ISO 8601"),
    to: time("Recorded at this time or earlier, ISO 8601"),
    ...at,
    ...paging,
  },
  answer: pageSchema(recordSchema),
});

interface Question {
  Querystring: PagingQuery & {
    digest?: string;
    owner?: string;
    object?: string;
    subject?: string;
    businessKey?: string;
    refersTo?: string;
    kind?: number;
    from?: string;
    to?: string;
    at?: number;
  };
}

/** GET /records */
export const recordsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/records", { schema }, async ({ query }) => {
    const filter: RecordFilter = {
      digest: optionalBytes(query.digest),
      owner: await optionalAccount(db, query.owner),
      object: optionalBytes(query.object),
      subject: optionalBytes(query.subject),
      businessKey: optionalBytes(query.businessKey),
      refersTo: optionalBytes(query.refersTo),
      kind: query.kind,
      from: secondsOf("from", query.from, Math.ceil),
      to: secondsOf("to", query.to, Math.floor),
      at: await checkBlock(db, query.at),
    };
    return pageAnswer(await findRecords(db, filter, pageRequest(query, RECORD_ORDER)), showRecord);
  });
};

/** Blocks have whole seconds: a time between two of them is rounded into the range that was asked for. */
function secondsOf(field: string, text: string | undefined, round: (value: number) => number): number | undefined {
  return text === undefined ? undefined : round(parseTime(field, text) / 1_000);
}
