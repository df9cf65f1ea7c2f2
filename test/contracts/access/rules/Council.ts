import { walletOf } from "../../support/actors.ts";
import { SEATS } from "../../support/platform.ts";
import { GROUND, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  return {
    initialise: { args: [[nobody], 1, 1], may: [], refusal: ["CouncilOnly"] },
    propose: { args: [[], GROUND], may: ["seat"], refusal: ["CouncilNotASeat"] },
    vote: { args: [1], may: ["seat"], refusal: ["CouncilNotASeat"] },
    execute: { args: [1, []], may: ["seat"], refusal: ["CouncilNotASeat"] },
    cancel: { args: [1], may: ["seat"], refusal: ["CouncilNotProposer"] },
    addSeat: { args: [nobody], may: ["Council"], refusal: ["CouncilOnly"] },
    removeSeat: { args: [SEATS[1]], may: ["Council"], refusal: ["CouncilOnly"] },
    setTerms: { args: [1, 1], may: ["Council"], refusal: ["CouncilOnly"] },
    pause: { args: [GROUND], may: ["seat"], refusal: ["CouncilNotASeat"] },
    endPause: { args: [], may: ["Council"], refusal: ["CouncilOnly"] },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
