import type { ActLog } from "../act-kind.ts";
import { eventArgument, oneCall, operatorCall } from "./make.ts";

/** Creates the voucher that a partner has applied for (VO-1). */
export const approveVoucher = oneCall<{ application: number }>(
  "voucher.approve",
  ({ application }, at) =>
    operatorCall(at, `The voucher of application ${application} is created`, "VoucherFactory", "create", [application]),
  async (_, __, logs: readonly ActLog[]) => ({
    voucher: eventArgument(logs, "VoucherFactory", "VoucherCreated", "voucher"),
    issuer: eventArgument(logs, "VoucherFactory", "VoucherCreated", "issuer"),
  }),
);

/** Refuses an application, for a ground that is kept on chain. */
export const refuseVoucher = oneCall<{ application: number; ground: string }>(
  "voucher.refuse",
  ({ application, ground }, at) =>
    operatorCall(at, `Application ${application} is refused`, "VoucherFactory", "refuse", [application, ground]),
);
