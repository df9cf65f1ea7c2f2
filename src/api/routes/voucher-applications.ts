import { APPLICATION_ORDER, findApplications } from "../../store/queries/voucher-applications.ts";
import { checkBlock, optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, oneOf, pageSchema } from "../schema.ts";
import { APPLICATION_STATUSES, applicationSchema, showApplication } from "../shapes/voucher.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Applications for vouchers, newest first",
  access: "public",
  tag: "vouchers",
  query: {
    issuer: given.account("Only those of this partner"),
    status: oneOf(APPLICATION_STATUSES.slice(1)),
    ...at,
    ...paging,
  },
  answer: pageSchema(applicationSchema),
});

interface Question {
  Querystring: PagingQuery & { issuer?: string; status?: (typeof APPLICATION_STATUSES)[number]; at?: number };
}

/** GET /voucher-applications */
export const voucherApplicationsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/voucher-applications", { schema }, async ({ query }) => {
    const filter = {
      issuer: await optionalAccount(db, query.issuer),
      status: query.status === undefined ? undefined : APPLICATION_STATUSES.indexOf(query.status),
      at: await checkBlock(db, query.at),
    };
    return pageAnswer(await findApplications(db, filter, pageRequest(query, APPLICATION_ORDER)), showApplication);
  });
};
