import { randomBytes } from "node:crypto";
import { BropError } from "../../core/errors.ts";

const BYTES = 12;

export const PORTION_ID = "^portion_[0-9a-f]{24}$";
export const BATCH_RECORD_ID = "^portion_[0-9a-f]{24}\\.(0|[1-9][0-9]{0,6})$";
export const SEALED_BATCH_ID = "^sealed_[0-9a-f]{24}$";

export const newPortionId = () => `portion_${randomBytes(BYTES).toString("hex")}`;
export const newSealedBatchId = () => `sealed_${randomBytes(BYTES).toString("hex")}`;

/** A record's identifier: its portion, and its place there. */
export const batchRecordId = (portion: string, position: number) => `${portion}.${position}`;

/** @throws BropError `resource.not-found` for what can be none */
export function parseBatchRecordId(id: string): { portion: string; position: number } {
  if (!new RegExp(BATCH_RECORD_ID).test(id)) throw new BropError("resource.not-found", { record: id });
  const [portion = "", position = ""] = id.split(".");
  return { portion, position: Number(position) };
}
