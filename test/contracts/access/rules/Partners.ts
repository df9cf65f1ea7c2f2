import { AGREEMENT } from "../../support/platform.ts";
import { ADMISSION, GROUND, OPERATOR_ONLY, ORDER_ONLY, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => ({
  admit: { args: [p.alice.address, 1, AGREEMENT, "x"], ...ADMISSION },
  setPermissions: { args: [p.bank.address, 1], ...ADMISSION },
  suspend: { args: [p.bank.address, GROUND], ...OPERATOR_ONLY },
  reinstate: { args: [p.bank.address, GROUND], ...OPERATOR_ONLY },
  terminate: { args: [p.bank.address, GROUND], ...OPERATOR_ONLY },
  suspendOnOrder: { args: [p.bank.address], ...ORDER_ONLY },
  reinstateOnOrder: { args: [p.bank.address], ...ORDER_ONLY },
  terminateOnOrder: { args: [p.bank.address], ...ORDER_ONLY },
  recognise: { args: [p.school.address, 5], may: PARTNERS, refusal: ["PartnerNotAdmitted"] },
  upgradeToAndCall: upgradeToAndCall(p),
});
