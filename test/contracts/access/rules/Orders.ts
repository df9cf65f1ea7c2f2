import { GROUND, type Rules, upgradeToAndCall } from "../rule.ts";

// The stage's only order is the operator's to act on, and has no call.
export const rules: Rules = (p) => ({
  file: { args: [p.order, ""], may: ["regulator"], refusal: ["Unauthorised"] },
  execute: { args: [1, "0x"], may: ["operator"], refusal: ["OrderNotExecutor"] },
  report: { args: [1, GROUND], may: ["operator"], refusal: ["OrderNotExecutor"] },
  withdraw: { args: [1, GROUND], may: ["regulator"], refusal: ["OrderNotAuthority"] },
  upgradeToAndCall: upgradeToAndCall(p),
});
