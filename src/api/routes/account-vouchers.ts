import { findHoldings, HOLDING_ORDER } from "../../store/queries/holdings.ts";
import { accountAddress, checkBlock } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { holdingSchema, showHolding } from "../shapes/voucher.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Vouchers that an account holds",
  access: "public",
  tag: "vouchers",
  params: { account: given.account("The holder") },
  query: { ...at, ...paging },
  answer: pageSchema(holdingSchema),
});

interface Question {
  Params: { account: string };
  Querystring: PagingQuery & { at?: number };
}

/** GET /accounts/:account/vouchers */
export const accountVouchersRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/accounts/:account/vouchers", { schema }, async ({ params, query }) => {
    const holder = await accountAddress(db, params.account);
    const block = await checkBlock(db, query.at);
    return pageAnswer(await findHoldings(db, holder, block, pageRequest(query, HOLDING_ORDER)), showHolding);
  });
};
