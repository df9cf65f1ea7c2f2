import { findPartners, PARTNER_ORDER } from "../../store/queries/partners.ts";
import { checkBlock } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, pageSchema } from "../schema.ts";
import { partnerSchema, showPartner } from "../shapes/partner.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Partners, in the order of their admission",
  access: "public",
  tag: "identity",
  query: { ...at, ...paging },
  answer: pageSchema(partnerSchema),
});

/** GET /partners */
export const partnersRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: PagingQuery & { at?: number } }>("/partners", { schema }, async ({ query }) => {
    const block = await checkBlock(db, query.at);
    return pageAnswer(await findPartners(db, block, pageRequest(query, PARTNER_ORDER)), showPartner);
  });
};
