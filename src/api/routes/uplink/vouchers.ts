import {
  type VoucherAllocationRequest,
  type VoucherTransferRequest,
  voucherAllocationForm,
  voucherTransferForm,
} from "../../../uplink/forms/voucher.ts";
import { bodyOf, given, type Schema } from "../../schema.ts";
import type { AddRoute } from "../route.ts";
import { addFormRoute } from "./hand-over.ts";

/** What one operation's gas carries. */
const MOST_RECEIVERS = 200;

const digits = (most: number, description: string): Schema => ({
  type: "string",
  pattern: `^[0-9]{1,${most}}$`,
  description,
});
const voucher = given.address("The voucher's contract");
const to = given.address("Account that receives");
const amount = digits(38, "Base units, decimal digits");
const lot = digits(77, "Number of a lot, which moves as a whole; instead of an amount");

/** POST /voucher-transfers and /voucher-allocations */
export const handOverVouchersRoute: AddRoute = (server, context) => {
  addFormRoute<VoucherTransferRequest>(server, context, {
    path: "/voucher-transfers",
    summary: "Hand vouchers on to another account",
    properties: { voucher, to, amount, lot },
    required: ["voucher", "to"],
    form: ({ book }, { account }, body) => voucherTransferForm(book, account, body),
  });

  addFormRoute<VoucherAllocationRequest>(server, context, {
    path: "/voucher-allocations",
    summary: "Allocate new vouchers, as their issuer or its agent",
    description: "`allocations` of a divisible voucher, `lots` of one that is not. All of them or none.",
    properties: {
      voucher,
      allocations: {
        type: "array",
        items: bodyOf({ to, amount }, ["to", "amount"]),
        minItems: 1,
        maxItems: MOST_RECEIVERS,
      },
      lots: {
        type: "array",
        items: bodyOf(
          { to, face: digits(38, "Face amount"), metadataDigest: given.hash("Digest of the lot's description") },
          ["to", "face", "metadataDigest"],
        ),
        minItems: 1,
        maxItems: MOST_RECEIVERS,
      },
    },
    required: ["voucher"],
    form: ({ book }, _terms, body) => voucherAllocationForm(book, body),
  });
};
