import { ZeroHash } from "ethers";
import { walletOf } from "../../support/actors.ts";
import { PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  return {
    create: {
      args: [nobody, ZeroHash],
      may: ["operator", "admission party", ...PARTNERS],
      refusal: ["AccountFactoryNotAuthorised"],
    },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
