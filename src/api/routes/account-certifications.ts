import { CERTIFICATION_ORDER, findCertifications } from "../../store/queries/certifications.ts";
import { accountAddress, checkBlock } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, described, flag, given, pageSchema } from "../schema.ts";
import { certificationSchema, showCertification } from "../shapes/certification.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "An account's certifications",
  access: "public",
  tag: "identity",
  params: { account: given.account("The account") },
  query: { ...at, history: described(flag, "Also what no longer holds"), ...paging },
  answer: pageSchema(certificationSchema),
});

interface Question {
  Params: { account: string };
  Querystring: PagingQuery & { at?: number; history?: boolean };
}

/** GET /accounts/:account/certifications */
export const accountCertificationsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/accounts/:account/certifications", { schema }, async ({ params, query }) => {
    const filter = {
      account: await accountAddress(db, params.account),
      at: await checkBlock(db, query.at),
      history: query.history,
    };
    return pageAnswer(await findCertifications(db, filter, pageRequest(query, CERTIFICATION_ORDER)), showCertification);
  });
};
