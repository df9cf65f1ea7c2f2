import { application } from "../../support/vouchers.ts";
import { GROUND, OPERATOR_ONLY, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => ({
  applyFor: { args: [application()], may: PARTNERS, refusal: ["PartnerNotAdmitted"] },
  withdraw: { args: [2], may: ["partner"], refusal: ["VoucherApplicationNotIssuer"] },
  create: { args: [2], ...OPERATOR_ONLY },
  refuse: { args: [2, GROUND], ...OPERATOR_ONLY },
  upgradeToAndCall: upgradeToAndCall(p),
});
