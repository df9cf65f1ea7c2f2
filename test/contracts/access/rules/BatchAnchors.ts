import { digestOf } from "../../support/actors.ts";
import { EVIDENCE, GROUND, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => ({
  anchor: { args: [digestOf("new root"), 1], ...EVIDENCE },
  revokeLeaf: { args: [p.anchor, 0, GROUND], may: ["user"], refusal: ["AnchorNotOwner"] },
  upgradeToAndCall: upgradeToAndCall(p),
});
