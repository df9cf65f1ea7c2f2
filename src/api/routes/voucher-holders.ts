import { hexToBytes } from "../../core/hex.ts";
import { findHolders, HOLDER_ORDER } from "../../store/queries/holdings.ts";
import { findVoucher } from "../../store/queries/vouchers.ts";
import { checkBlock, found } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { holderSchema, showHolder } from "../shapes/voucher.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Who holds a voucher, the largest holding first",
  access: "public",
  tag: "vouchers",
  params: { address: given.address("The voucher's contract") },
  query: { ...at, ...paging },
  answer: pageSchema(holderSchema),
});

interface Question {
  Params: { address: string };
  Querystring: PagingQuery & { at?: number };
}

/** GET /vouchers/:address/holders */
export const voucherHoldersRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/vouchers/:address/holders", { schema }, async ({ params, query }) => {
    const block = await checkBlock(db, query.at);
    const voucher = hexToBytes(params.address);
    found(await findVoucher(db, voucher, block), "voucher", params.address);
    return pageAnswer(await findHolders(db, voucher, block, pageRequest(query, HOLDER_ORDER)), showHolder);
  });
};
