import { ZeroHash } from "ethers";
import { GROUND, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const issuer = { may: ["partner"], refusal: ["RedemptionNotIssuer"] } as const;
  return {
    present: {
      args: [p.voucher.target, 0, 1, ZeroHash],
      may: ["user"],
      // Who holds nothing has nothing to present.
      refusal: ["VoucherHolderNotEligible", "ERC1155InsufficientBalance"],
    },
    confirm: { args: [1, GROUND], ...issuer },
    refuse: { args: [1, GROUND], ...issuer },
    giveBackOverdue: { args: [1], may: "everybody", refusal: [] },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
