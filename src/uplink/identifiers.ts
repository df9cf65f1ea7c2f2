import { randomBytes } from "node:crypto";

const BYTES = 12;

export const SUBMISSION_ID = "^submission_[0-9a-f]{24}$";
export const BATCH_ID = "^batch_[0-9a-f]{24}$";

export const newSubmissionId = () => `submission_${randomBytes(BYTES).toString("hex")}`;
export const newBatchId = () => `batch_${randomBytes(BYTES).toString("hex")}`;
