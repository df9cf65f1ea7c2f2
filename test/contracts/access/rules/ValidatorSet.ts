import { walletOf } from "../../support/actors.ts";
import { SEATS } from "../../support/platform.ts";
import { COUNCIL_ONLY, type Rules } from "../rule.ts";

export const rules: Rules = () => {
  const node = walletOf("node").address;
  return {
    add: { args: [SEATS[0], node, "0x"], ...COUNCIL_ONLY },
    remove: { args: [SEATS[0]], ...COUNCIL_ONLY },
    rotate: { args: [SEATS[0], node, "0x"], ...COUNCIL_ONLY },
  };
};
