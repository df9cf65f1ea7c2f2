import { ZeroHash } from "ethers";
import { digestOf, walletOf } from "../../support/actors.ts";
import { recordOf } from "../../support/records.ts";
import { EVIDENCE, GROUND, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  return {
    record: { args: [recordOf("new")], ...EVIDENCE },
    recordMany: { args: [[recordOf("new")]], ...EVIDENCE },
    openObject: { args: [digestOf("new"), []], ...EVIDENCE },
    setWriter: { args: [p.object, nobody, true], may: ["user"], refusal: ["ObjectNotOwner"] },
    append: { args: [p.object, ZeroHash, recordOf("link")], may: ["user"], refusal: ["ObjectNotWriter"] },
    revoke: { args: [p.record.digest, ZeroHash, GROUND], may: ["user"], refusal: ["RecordUnknown"] },
    supersede: {
      args: [p.record.digest, ZeroHash, GROUND, ZeroHash, GROUND],
      may: ["user"],
      refusal: ["RecordUnknown"],
    },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
