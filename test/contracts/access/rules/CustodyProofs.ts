import { ZeroHash } from "ethers";
import { digestOf } from "../../support/actors.ts";
import { PARTNERS, type Rules, upgradeToAndCall } from "../rule.ts";

const ID = digestOf("a proof");
const TREE = [digestOf("root"), 1, 1];
const LEAF = [0, digestOf("key"), 1, []];
const EVERYBODY = { may: "everybody", refusal: [] } as const;

export const rules: Rules = (p) => ({
  publish: {
    args: [p.voucher.target, 1, TREE],
    may: PARTNERS,
    refusal: ["PartnerNotAdmitted", "PartnerPermissionMissing"],
  },
  publishDeclared: { args: [p.record.digest, ZeroHash, TREE], may: ["user"], refusal: ["CustodyRecordNotValid"] },
  disputeAmount: { args: [ID, 1, "0x", LEAF], ...EVERYBODY },
  disputeAbsence: { args: [ID, ZeroHash, 1, "0x", [LEAF]], ...EVERYBODY },
  disputeOrder: { args: [ID, LEAF, LEAF], ...EVERYBODY },
  challenge: { args: [ID, ZeroHash, 1, "0x"], ...EVERYBODY },
  answer: { args: [ID, LEAF], ...EVERYBODY },
  disputeSilence: { args: [ID, ZeroHash], ...EVERYBODY },
  upgradeToAndCall: upgradeToAndCall(p),
});
