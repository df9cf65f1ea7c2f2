import {
  AGREEMENT_STEPS,
  type AgreementRequest,
  type AgreementStep,
  agreementForm,
  agreementStepForm,
} from "../../../uplink/forms/agreement.ts";
import { given } from "../../schema.ts";
import type { AddRoute } from "../route.ts";
import { addFormRoute } from "./hand-over.ts";
import { digestProperties } from "./record-items.ts";

/** As the contract has it. */
const MOST_PARTIES = 64;
/** Blocks have 48 bits there. */
const LAST_BLOCK = 2 ** 48 - 1;

const SUMMARIES: Readonly<Record<AgreementStep, string>> = {
  confirmations: "Confirm an agreement, as one of its parties",
  withdrawals: "Take a confirmation back, before all have confirmed",
  cancellations: "End a proposal that is not in effect, as its proposer",
};

/** POST /agreements, and its /confirmations, /withdrawals and /cancellations */
export const handOverAgreementsRoute: AddRoute = (server, context) => {
  addFormRoute<AgreementRequest>(server, context, {
    path: "/agreements",
    summary: "Propose a document to its parties",
    description: "It takes effect when all of them have confirmed.",
    properties: {
      ...digestProperties,
      parties: {
        type: "array",
        items: given.address("Account of a party"),
        minItems: 1,
        maxItems: MOST_PARTIES,
        description: "In any order",
      },
      lastBlock: { type: "integer", minimum: 1, maximum: LAST_BLOCK, description: "Last block to confirm in" },
      salt: given.hash("Tells apart proposals that are otherwise the same; random by default"),
    },
    required: ["parties", "lastBlock"],
    form: ({ book }, { account }, body) => agreementForm(book, account, body),
  });

  for (const step of Object.keys(AGREEMENT_STEPS) as AgreementStep[]) {
    addFormRoute(server, context, {
      path: `/agreements/:id/${step}`,
      summary: SUMMARIES[step],
      properties: {},
      params: { id: given.hash("Identifier of the agreement") },
      form: ({ book }, _terms, _body, { id = "" }) => agreementStepForm(book, step, id),
    });
  }
};
