import { walletOf } from "../../support/actors.ts";
import { relayAddress } from "../../support/platform.ts";
import { CLOSED, COUNCIL_ONLY, GROUND, ORDER_ONLY, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  return {
    initialise: { args: [nobody, [], [], [1, 1, 1], 1], ...CLOSED },
    admit: { args: [nobody, 3, 1], ...COUNCIL_ONLY },
    remove: { args: [relayAddress, GROUND], ...COUNCIL_ONLY },
    setPeriod: { args: [5], ...COUNCIL_ONLY },
    registerRelay: { args: [nobody], may: PARTNERS, refusal: ["AdmissionNotPartner"] },
    withdrawRelay: { args: [p.relay], may: ["partner"], refusal: ["AdmissionNotRelayOwner"] },
    blockRelay: { args: [p.relay], ...ORDER_ONLY },
    // Whose relay it is decides, not who calls.
    retireRelay: { args: [p.relay], may: "everybody", refusal: [] },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
