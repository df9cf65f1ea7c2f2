import { findOperations, OPERATION_ORDER } from "../../store/queries/operations.ts";
import { optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { given, pageSchema } from "../schema.ts";
import { operationSchema, showOperation } from "../shapes/operation.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "User operations that were included, newest first",
  access: "public",
  tag: "chain",
  query: { account: given.account("Only this account's"), ...paging },
  answer: pageSchema(operationSchema),
});

/** GET /operations */
export const operationsRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: PagingQuery & { account?: string } }>("/operations", { schema }, async ({ query }) => {
    const filter = { account: await optionalAccount(db, query.account) };
    return pageAnswer(await findOperations(db, filter, pageRequest(query, OPERATION_ORDER)), showOperation);
  });
};
