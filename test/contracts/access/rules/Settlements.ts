import { ZeroAddress } from "ethers";
import { PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

const LAST_BLOCK = 2n ** 48n - 1n;

export const rules: Rules = (p) => ({
  offer: {
    args: [...p.legs, ZeroAddress, LAST_BLOCK],
    may: ["user", ...PARTNERS],
    refusal: ["SettlementNotAccount"],
  },
  accept: { args: [1], may: ["partner"], refusal: ["SettlementNotCounterparty", "SettlementWithOneself"] },
  cancel: { args: [1], may: ["user"], refusal: ["SettlementNotMaker"] },
  upgradeToAndCall: upgradeToAndCall(p),
});
