import { digestOf, walletOf } from "../../support/actors.ts";
import { application, policy } from "../../support/vouchers.ts";
import { ORDER_ONLY, PARTNERS, type Rules } from "../rule.ts";

const DIGEST = digestOf("metadata");
/** Only Redemptions: it is none of the callers. */
const REDEMPTIONS_ONLY = { may: [], refusal: ["VoucherNotRedemptions"] };

export const rules: Rules = (p) => {
  const nobody = walletOf("nobody").address;
  return {
    initialise: { args: [application()], may: [], refusal: ["InvalidInitialization"] },
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
    approve: { args: [nobody, 0, 1, 2 ** 40], may: "everybody", refusal: [] },
    // The voucher of the stage is splittable: its issuer is refused as such, others before.
    allocateLot: { args: [p.alice.address, 1, DIGEST], may: [], refusal: ["VoucherNotIssuer", "VoucherWrongType"] },
    allocateLots: {
      args: [[p.alice.address], [1], [DIGEST]],
      may: [],
      refusal: ["VoucherNotIssuer", "VoucherWrongType"],
    },
    setAgent: { args: [nobody, 1], may: ["partner"], refusal: ["VoucherNotIssuer"] },
    lowerCap: { args: [500], may: ["partner"], refusal: ["VoucherNotIssuer"] },
    setUri: { args: ["https://example.org/other"], may: ["partner"], refusal: ["VoucherNotIssuer"] },
    openCustody: { args: [], may: PARTNERS, refusal: ["PartnerNotAdmitted", "PartnerPermissionMissing"] },
    escrow: { args: [p.alice.address, 0, 1], ...REDEMPTIONS_ONLY },
    giveBack: { args: [p.alice.address, 0, 1], ...REDEMPTIONS_ONLY },
    redeem: { args: [0, 1], ...REDEMPTIONS_ONLY },
    setCap: { args: [500, false], ...ORDER_ONLY },
    setPolicy: { args: [policy()], ...ORDER_ONLY },
    freeze: { args: [], ...ORDER_ONLY },
    unfreeze: { args: [], ...ORDER_ONLY },
    assess: { args: [500], ...ORDER_ONLY },
    setFrozenTokens: { args: [p.alice.address, 0, 1], ...ORDER_ONLY },
    forcedTransfer: { args: [p.alice.address, p.bob.address, 0, 1], ...ORDER_ONLY },
  };
};
