import { digestOf } from "../../support/actors.ts";
import { EVIDENCE, GROUND, OPERATOR_ONLY, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p, expiry) => {
  const token = [1, digestOf("token"), expiry];
  return {
    register: { args: [digestOf("certificate"), 1, expiry, "1.2.3", ""], ...OPERATOR_ONLY },
    retire: { args: [1, GROUND], ...OPERATOR_ONLY },
    attachToRecord: { args: [p.record.digest, p.record.subject, ...token], ...EVIDENCE },
    attachToAnchor: { args: [digestOf("root"), ...token], ...EVIDENCE },
    attachToBlock: { args: [1, ...token], may: ["operator", ...PARTNERS], refusal: ["TokenNotAuthorised"] },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
