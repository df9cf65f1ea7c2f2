import { ACCOUNT_ORDER, findAccounts } from "../../store/queries/accounts.ts";
import { optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { given, pageSchema } from "../schema.ts";
import { accountSchema, showAccount } from "../shapes/account.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Accounts, in the order of their numbers",
  access: "public",
  tag: "identity",
  query: { creator: given.account("Only those that this partner or admission party created"), ...paging },
  answer: pageSchema(accountSchema),
});

/** GET /accounts */
export const accountsRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: PagingQuery & { creator?: string } }>("/accounts", { schema }, async ({ query }) => {
    const creator = await optionalAccount(db, query.creator);
    return pageAnswer(await findAccounts(db, { creator }, pageRequest(query, ACCOUNT_ORDER)), showAccount);
  });
};
