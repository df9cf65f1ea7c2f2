import { walletOf } from "../../support/actors.ts";
import { application } from "../../support/vouchers.ts";
import type { Rules } from "../rule.ts";

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  return {
    initialise: { args: [nobody, application()], may: [], refusal: ["InvalidInitialization"] },
    allocate: { args: [p.alice.address, 1], may: ["partner"], refusal: ["VoucherNotIssuer"] },
    allocateMany: { args: [[p.alice.address], [1]], may: ["partner"], refusal: ["VoucherNotIssuer"] },
    safeTransferFrom: {
      args: [p.alice.address, p.bob.address, 0, 1, "0x"],
      may: ["user"],
      refusal: ["ERC1155MissingApprovalForAll"],
    },
    safeBatchTransferFrom: {
      args: [p.alice.address, p.bob.address, [0], [1], "0x"],
      may: ["user"],
      refusal: ["ERC1155MissingApprovalForAll"],
    },
    setApprovalForAll: { args: [nobody, true], may: "everybody", refusal: [] },
  };
};
