import { findVouchers, VOUCHER_ORDER } from "../../store/queries/vouchers.ts";
import { checkBlock, optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { showVoucher, voucherSchema } from "../shapes/voucher.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Vouchers, newest first",
  description: "The platform endorses no voucher's value: the issuer redeems it.",
  access: "public",
  tag: "vouchers",
  query: { issuer: given.account("Only those of this issuer"), ...at, ...paging },
  answer: pageSchema(voucherSchema),
});

interface Question {
  Querystring: PagingQuery & { issuer?: string; at?: number };
}

/** GET /vouchers */
export const vouchersRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/vouchers", { schema }, async ({ query }) => {
    const filter = { issuer: await optionalAccount(db, query.issuer), at: await checkBlock(db, query.at) };
    return pageAnswer(await findVouchers(db, filter, pageRequest(query, VOUCHER_ORDER)), showVoucher);
  });
};
