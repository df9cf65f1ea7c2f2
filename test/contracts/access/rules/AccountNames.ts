import { nameOf } from "../../support/names.ts";
import { GROUND, ORDER_ONLY, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p, expiry) => {
  const certifier = { may: ["partner"], refusal: ["AccountNameNotCertifier"] } as const;
  return {
    setName: { args: [p.alice.address, nameOf("another"), expiry, "0x"], ...certifier },
    release: { args: [], may: ["user"], refusal: ["AccountNameMissing"] },
    revoke: { args: [p.alice.address, GROUND], ...certifier },
    revokeOnOrder: { args: [p.alice.address], ...ORDER_ONLY },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
