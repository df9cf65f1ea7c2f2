import { randomBytes } from "node:crypto";

const BYTES = 12;

export const newPortionId = () => `portion_${randomBytes(BYTES).toString("hex")}`;
export const newSealedBatchId = () => `sealed_${randomBytes(BYTES).toString("hex")}`;
