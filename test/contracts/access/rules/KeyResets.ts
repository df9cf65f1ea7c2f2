import { digestOf, walletOf } from "../../support/actors.ts";
import { CLOSED, COUNCIL_ONLY, GROUND, type Rules, upgradeToAndCall } from "../rule.ts";

export const rules: Rules = (p) => {
  const newKey = walletOf("a new key").address;
  const opener = { may: ["partner"], refusal: ["KeyResetNotOpener"] } as const;
  return {
    initialise: { args: [], ...CLOSED },
    open: {
      args: [p.alice.address, newKey, digestOf("application"), digestOf("check")],
      may: ["partner"],
      refusal: ["KeyResetNotCertifier"],
    },
    endorse: { args: [p.reset], may: ["other partner"], refusal: ["KeyResetNotCertifier", "KeyResetOwn"] },
    objectTo: { args: [p.reset, GROUND], may: ["other partner"], refusal: ["KeyResetNotConcerned", "KeyResetOwn"] },
    // Whoever brings it, the account's signature decides.
    objectFor: { args: [p.reset, GROUND, "0x"], may: [], refusal: ["KeyResetSignatureInvalid"] },
    cancel: { args: [p.reset, GROUND], ...opener },
    complete: { args: [p.reset], ...opener },
    setWaitingBlocks: { args: [1], ...COUNCIL_ONLY },
    setMinimumAge: { args: [1], ...COUNCIL_ONLY },
    upgradeToAndCall: upgradeToAndCall(p),
  };
};
