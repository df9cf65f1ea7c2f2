import { LEVEL } from "../../support/participants.ts";
import { CLOSED, COUNCIL_ONLY, GROUND, ORDER_ONLY, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p, expiry) => ({
  initialise: { args: [], ...CLOSED },
  certify: {
    args: [p.alice.address, LEVEL.realName, false, expiry, GROUND],
    may: PARTNERS,
    refusal: ["CertificationNotAuthorised"],
  },
  suspend: { args: [p.alice.address, GROUND], may: ["partner"], refusal: ["CertificationWrongStatus"] },
  resume: {
    args: [p.bob.address, GROUND],
    may: ["partner"],
    refusal: ["CertificationNotAuthorised", "CertificationWrongStatus"],
    // Nothing of its own is suspended.
    blocked: ["partner"],
  },
  revoke: { args: [p.alice.address, GROUND], may: ["partner"], refusal: ["CertificationWrongStatus"] },
  suspendOnOrder: { args: [p.alice.address, p.bank.address], ...ORDER_ONLY },
  revokeOnOrder: { args: [p.alice.address, p.bank.address], ...ORDER_ONLY },
  liftOnOrder: { args: [p.alice.address, p.bank.address], ...ORDER_ONLY },
  refresh: { args: [p.alice.address], may: "everybody", refusal: [] },
  noteTermination: { args: [p.bank.address], may: [], refusal: ["CertificationNotPartners"] },
  setLevel: { args: [LEVEL.phone, 1, 1], ...COUNCIL_ONLY },
  upgradeToAndCall: upgradeToAndCall(p),
});
