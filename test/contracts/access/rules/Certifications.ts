import { LEVEL } from "../../support/participants.ts";
import { CLOSED, COUNCIL_ONLY, GROUND, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p, expiry) => ({
  initialise: { args: [], ...CLOSED },
  certify: {
    args: [p.alice.address, LEVEL.realName, false, expiry, GROUND],
    may: ["operator", "admission party", ...PARTNERS],
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
  setLevel: { args: [LEVEL.phone, 1, 1], ...COUNCIL_ONLY },
  upgradeToAndCall: upgradeToAndCall(p),
});
