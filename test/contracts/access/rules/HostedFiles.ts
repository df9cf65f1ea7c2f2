import { digestOf } from "../../support/actors.ts";
import { EVIDENCE, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p, expiry) => ({
  register: { args: [digestOf("another file"), digestOf("location"), 1, expiry], ...EVIDENCE },
  extend: { args: [p.file, expiry * 2], may: ["user"], refusal: ["HostedFileWrongStatus"] },
  end: { args: [p.file], may: ["user"], refusal: ["HostedFileWrongStatus"] },
  upgradeToAndCall: upgradeToAndCall(p),
});
