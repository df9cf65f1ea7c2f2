import { BropError } from "../../../core/errors.ts";
import { given } from "../../schema.ts";
import { indexOf } from "../../shapes/batch.ts";
import type { AddRoute } from "../route.ts";
import { addFormRoute } from "../uplink/hand-over.ts";
import { recordParams, standing, storedRecord } from "./batch-records.ts";

/** POST /batch-records/:id/revocations */
export const revokeLeafRoute: AddRoute = (server, context) => {
  addFormRoute<{ reason: string }>(server, context, {
    path: "/batch-records/:id/revocations",
    summary: "Revoke one record of an anchored batch, as its owner",
    description: "The batch stays; the record's proof verifies as revoked from then on.",
    params: recordParams,
    properties: { reason: given.hash("Digest of the reason") },
    required: ["reason"],
    async form({ book }, _terms, { reason }, { id = "" }) {
      const stored = await storedRecord(context, id);
      const { state, batch, expectedBlock } = await standing(context, stored);
      const index = indexOf(stored);
      if (state !== "anchored" || batch === undefined || index === null) {
        throw new BropError("batch.not-anchored", { record: id, state, expectedBlock });
      }
      const { address, interface: abi } = await book.find("BatchAnchors");
      const data = abi.encodeFunctionData("revokeLeaf", [batch.anchor, index, reason]);
      const content = { record: id, anchor: batch.anchor, index };
      return { kind: "leaf-revocation", calls: [{ target: address, data }], content };
    },
  });
};
