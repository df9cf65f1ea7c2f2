import { encodeBytes32String } from "ethers";
import { AGREEMENT } from "../../support/platform.ts";
import { ADMISSION, GROUND, PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const name = encodeBytes32String("x");
  return {
    publish: { args: [name, GROUND, "/text"], ...ADMISSION },
    sign: {
      args: [AGREEMENT, 9, GROUND, "/copy", "0x"],
      may: ["user", ...PARTNERS],
      refusal: ["LegalDocumentNotPermitted"],
    },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
