import { encodeBytes32String } from "ethers";
import { walletOf } from "../../support/actors.ts";
import { CLOSED, COUNCIL_ONLY, GROUND, OPERATOR_ONLY, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  const name = encodeBytes32String("x");
  return {
    initialise: { args: [[], [], []], ...CLOSED },
    create: { args: ["0x00", GROUND], ...OPERATOR_ONLY },
    register: { args: [name, p.addresses.Account, GROUND], ...OPERATOR_ONLY },
    replace: { args: [encodeBytes32String("Records"), p.addresses.Account, GROUND], ...COUNCIL_ONLY },
    // Contracts that are listed by name; of these only VoucherFactory has code that calls it.
    registerInstance: { args: [nobody], may: ["Council", "EntryPoint"], refusal: ["DirectoryNotAFactory"] },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
