import { digestOf } from "../../support/actors.ts";
import { EVIDENCE, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const proposal = { ...p.proposal, digest: digestOf("another document") };
  return {
    propose: { args: [proposal], ...EVIDENCE, refusal: ["AgreementNotPermitted"] },
    confirm: { args: [p.agreement], may: ["user"], refusal: ["AgreementNotParty"] },
    withdraw: { args: [p.agreement], may: ["user"], refusal: ["AgreementNotParty"] },
    cancel: { args: [p.agreement], may: ["partner"], refusal: ["AgreementNotProposer"] },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
