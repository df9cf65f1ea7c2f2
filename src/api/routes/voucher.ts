import { hexToBytes } from "../../core/hex.ts";
import { findVoucher } from "../../store/queries/vouchers.ts";
import { checkBlock, found } from "../lookup.ts";
import { at, given } from "../schema.ts";
import { showVoucher, voucherSchema } from "../shapes/voucher.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "One voucher: terms, cap and what circulates",
  access: "public",
  tag: "vouchers",
  params: { address: given.address("The voucher's contract") },
  query: at,
  answer: voucherSchema,
});

/** GET /vouchers/:address */
export const voucherRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { address: string }; Querystring: { at?: number } }>(
    "/vouchers/:address",
    { schema },
    async ({ params, query }) => {
      const block = await checkBlock(db, query.at);
      return showVoucher(found(await findVoucher(db, hexToBytes(params.address), block), "voucher", params.address));
    },
  );
};
