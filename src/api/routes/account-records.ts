import { findRecords, RECORD_ORDER } from "../../store/queries/records.ts";
import { accountAddress, checkBlock } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { recordSchema, showRecord } from "../shapes/record.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "An account's evidence records, newest first",
  access: "public",
  tag: "evidence",
  params: { account: given.account("The account") },
  query: { ...at, ...paging },
  answer: pageSchema(recordSchema),
});

interface Question {
  Params: { account: string };
  Querystring: PagingQuery & { at?: number };
}

/** GET /accounts/:account/records */
export const accountRecordsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/accounts/:account/records", { schema }, async ({ params, query }) => {
    const filter = { owner: await accountAddress(db, params.account), at: await checkBlock(db, query.at) };
    return pageAnswer(await findRecords(db, filter, pageRequest(query, RECORD_ORDER)), showRecord);
  });
};
