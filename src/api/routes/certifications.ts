import { CERTIFICATION_ORDER, findCertifications } from "../../store/queries/certifications.ts";
import { checkBlock, optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, described, flag, given, pageSchema } from "../schema.ts";
import { certificationSchema, showCertification } from "../shapes/certification.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Certifications, newest first",
  access: "public",
  tag: "identity",
  query: {
    account: given.account("Only this account's"),
    certifier: given.account("Only those that this partner or admission party issued"),
    history: described(flag, "Also what no longer holds"),
    ...at,
    ...paging,
  },
  answer: pageSchema(certificationSchema),
});

interface Question {
  Querystring: PagingQuery & { account?: string; certifier?: string; history?: boolean; at?: number };
}

/** GET /certifications */
export const certificationsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/certifications", { schema }, async ({ query }) => {
    const filter = {
      account: await optionalAccount(db, query.account),
      certifier: await optionalAccount(db, query.certifier),
      history: query.history,
      at: await checkBlock(db, query.at),
    };
    return pageAnswer(await findCertifications(db, filter, pageRequest(query, CERTIFICATION_ORDER)), showCertification);
  });
};
