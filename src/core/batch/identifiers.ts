import { BropError } from "../errors.ts";

/** A request's records, `portion` of its answer. */
export const PORTION_ID = "^portion_[0-9a-f]{24}$";
/** A record of a batch: its portion, and its place there. */
export const BATCH_RECORD_ID = "^portion_[0-9a-f]{24}\\.(0|[1-9][0-9]{0,6})$";
export const SEALED_BATCH_ID = "^sealed_[0-9a-f]{24}$";

/** Whether a text has the form of a batch record's identifier. */
export const isBatchRecordId = (id: string): boolean => new RegExp(BATCH_RECORD_ID).test(id);

/** A record's identifier: its portion, and its place there. */
export const batchRecordId = (portion: string, position: number) => `${portion}.${position}`;

/** @throws BropError `resource.not-found` for what can be none */
export function parseBatchRecordId(id: string): { portion: string; position: number } {
  if (!isBatchRecordId(id)) throw new BropError("resource.not-found", { record: id });
  const [portion = "", position = ""] = id.split(".");
  return { portion, position: Number(position) };
}
