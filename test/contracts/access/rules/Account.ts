import { ZeroHash } from "ethers";
import { BATCH_MODE, encodeBatch } from "../../../../src/core/execution.ts";
import { walletOf } from "../../support/actors.ts";
import type { Rules } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  const executionData = `0x${encodeBatch([{ target: p.alice.address, data: "0x" }]).slice(202)}`;
  const operation = [p.alice.address, 0, "0x", "0x", ZeroHash, 0, ZeroHash, "0x", "0x"];
  return {
    initialise: { args: [nobody], may: [], refusal: ["AccountInitialised"] },
    setSigner: { args: [nobody], may: ["user", "EntryPoint"], refusal: ["AccountUnauthorized"] },
    // KeyResets alone, which is none of the callers here.
    resetSigner: { args: [nobody], may: [], refusal: ["AccountNotKeyResets"] },
    hold: { args: [1], may: [], refusal: ["AccountNotKeyResets"] },
    release: { args: [], may: [], refusal: ["AccountNotKeyResets"] },
    execute: { args: [BATCH_MODE, executionData], may: ["user", "EntryPoint"], refusal: ["AccountUnauthorized"] },
    validateUserOp: { args: [operation, ZeroHash, 0], may: ["EntryPoint"], refusal: ["AccountUnauthorized"] },
    onERC1155Received: { args: [nobody, nobody, 0, 1, "0x"], may: "everybody", refusal: [] },
    onERC1155BatchReceived: { args: [nobody, nobody, [0], [1], "0x"], may: "everybody", refusal: [] },
  };
};
