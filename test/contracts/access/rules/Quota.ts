import { SYSTEM_ADDRESSES } from "../../../../src/chain/system-addresses.ts";
import { CLOSED, COUNCIL_ONLY, OPERATOR_ONLY, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => ({
  initialise: { args: [[], [], 1], ...CLOSED },
  charge: { args: ["0x"], may: ["user", ...PARTNERS], refusal: ["QuotaUncertified"] },
  setStanding: { args: [p.alice.address, 6, 1], may: [], refusal: ["QuotaNotCertifications"] },
  publishPrices: {
    args: [SYSTEM_ADDRESSES.Quota, [], []],
    may: ["operator", "Council"],
    refusal: ["Unauthorised"],
  },
  setBarred: { args: [p.bank.address, true], may: [], refusal: ["QuotaNotPartners"] },
  pause: { args: [5], ...COUNCIL_ONLY },
  publishBytePrice: { args: [5], ...COUNCIL_ONLY },
  setClass: { args: [20, { ceiling: 1, grant: 1, initial: 1, periodBlocks: 1 }], ...COUNCIL_ONLY },
  assignClass: { args: [p.alice.address, 0], ...OPERATOR_ONLY },
  sponsor: {
    args: [p.carol.address, 1_000_000],
    may: ["other partner"],
    refusal: ["PartnerNotAdmitted", "QuotaNotSponsor"],
  },
  endSponsorship: { args: [p.alice.address], may: ["user", "partner"], refusal: ["QuotaNotSponsor"] },
  upgradeToAndCall: upgradeToAndCall(p),
});
