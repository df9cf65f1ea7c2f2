import { hexToBytes } from "../../core/hex.ts";
import { findTransfers, TRANSFER_ORDER } from "../../store/queries/transfers.ts";
import { findVoucher } from "../../store/queries/vouchers.ts";
import { checkBlock, found, optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { showTransfer, transferSchema } from "../shapes/voucher.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "A voucher's movements, newest first",
  access: "public",
  tag: "vouchers",
  params: { address: given.address("The voucher's contract") },
  query: { account: given.account("Only those from or to this account"), ...at, ...paging },
  answer: pageSchema(transferSchema),
});

interface Question {
  Params: { address: string };
  Querystring: PagingQuery & { account?: string; at?: number };
}

/** GET /vouchers/:address/transfers */
export const voucherTransfersRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/vouchers/:address/transfers", { schema }, async ({ params, query }) => {
    const block = await checkBlock(db, query.at);
    const voucher = hexToBytes(params.address);
    found(await findVoucher(db, voucher, block), "voucher", params.address);
    const filter = { voucher, account: await optionalAccount(db, query.account), at: block };
    return pageAnswer(await findTransfers(db, filter, pageRequest(query, TRANSFER_ORDER)), showTransfer);
  });
};
