import { signaturesOf } from "../../store/queries/legal-documents.ts";
import { findPartner } from "../../store/queries/partners.ts";
import { findRecognitions } from "../../store/queries/recognitions.ts";
import { accountAddress, checkBlock, found } from "../lookup.ts";
import { at, given } from "../schema.ts";
import { partnerDetailSchema, showPartnerDetail } from "../shapes/partner.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "One partner: what it signed, what it may do, whom it recognises",
  access: "public",
  tag: "identity",
  params: { account: given.account("The partner") },
  query: at,
  answer: partnerDetailSchema,
});

/** GET /partners/:account */
export const partnerRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { account: string }; Querystring: { at?: number } }>(
    "/partners/:account",
    { schema },
    async ({ params, query }) => {
      const block = await checkBlock(db, query.at);
      const address = await accountAddress(db, params.account);
      const partner = found(await findPartner(db, address, block), "partner", params.account);
      const [signatures, recognises, recognisedBy] = await Promise.all([
        signaturesOf(db, address, block),
        findRecognitions(db, "partner", address, block),
        findRecognitions(db, "recognised", address, block),
      ]);
      return showPartnerDetail(partner, { signatures, recognises, recognisedBy });
    },
  );
};
