import { findAccountName } from "../../store/queries/account-names.ts";
import { findAccount } from "../../store/queries/accounts.ts";
import { findCertifications, levelOf } from "../../store/queries/certifications.ts";
import { findPartner } from "../../store/queries/partners.ts";
import { accountAddress, checkBlock, found } from "../lookup.ts";
import { at, given } from "../schema.ts";
import { accountDetailSchema, showAccountDetail } from "../shapes/account.ts";
import { type AddRoute, routeSchema } from "./route.ts";

/** Certifications.MAX_CERTIFIERS is below this. */
const MOST_CERTIFIERS = 100;

const schema = routeSchema({
  summary: "One account: who certified it, at which level, and what it is",
  access: "public",
  tag: "identity",
  params: { account: given.account("The account") },
  query: at,
  answer: accountDetailSchema,
});

/** GET /accounts/:account */
export const accountRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { account: string }; Querystring: { at?: number } }>(
    "/accounts/:account",
    { schema },
    async ({ params, query }) => {
      const block = await checkBlock(db, query.at);
      const address = await accountAddress(db, params.account);
      const account = found(await findAccount(db, address, block), "account", params.account);
      const [certifications, level, partner, name] = await Promise.all([
        findCertifications(db, { account: address, at: block }, { limit: MOST_CERTIFIERS }),
        levelOf(db, address, block),
        findPartner(db, address, block),
        findAccountName(db, address, block),
      ]);
      return showAccountDetail(account, { level, certifications: certifications.rows, partner, name });
    },
  );
};
