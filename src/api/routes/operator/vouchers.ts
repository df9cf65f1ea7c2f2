import { approveVoucher, refuseVoucher } from "../../../operator/acts/vouchers.ts";
import { actRoute } from "./act-route.ts";
import { fields } from "./fields.ts";

const params = { application: fields.number("Number of the application") };

export const voucherActRoutes = [
  actRoute({
    path: "/operator/voucher-applications/:application/approval",
    kind: approveVoucher,
    summary: "Create the voucher that a partner has applied for",
    params,
  }),
  actRoute({
    path: "/operator/voucher-applications/:application/refusal",
    kind: refuseVoucher,
    summary: "Refuse an application for a voucher",
    params,
    body: { ground: fields.ground },
    required: ["ground"],
  }),
];
