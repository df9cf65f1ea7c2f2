import { digestAlgorithmOf } from "../../core/digest.ts";
import type { RecordRow } from "../../store/queries/records.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import { address, blockNumber, described, hash, nullable, objectOf, oneOf, text, time, whole } from "../schema.ts";

/** As Records.Status counts; a record without a status of its own is valid. */
const STATUSES = ["none", "valid", "revoked", "superseded"] as const;
const VALID = 1;

const recordMembers = {
  id: hash,
  owner: address,
  digest: hash,
  algorithm: described(text, "Name of the digest's algorithm, or its multicodec code"),
  kind: described(whole, "Type by the partner's own list, 0: unspecified"),
  subject: nullable(described(hash, "What the record is about; the object, for a link")),
  responsible: nullable(described(address, "Partner that answers for an anonymous owner")),
  businessKey: nullable(described(hash, "Digest of the business system's own key")),
  refersTo: nullable(hash),
  recordedAt: time,
  blockNumber,
  logIndex: described(whole, "Place of its event in the block"),
  transactionHash: hash,
  status: oneOf(STATUSES.slice(1)),
  supersededBy: nullable(described(hash, "Record that took its place")),
  reason: nullable(described(hash, "Digest of the reason for the status")),
  statusBlock: nullable(described(blockNumber, "Block from which it is no longer valid")),
};

export const recordSchema = objectOf(recordMembers);
export const recordDetailSchema = objectOf({
  ...recordMembers,
  operation: nullable(described(hash, "User operation that made it; null: a direct transaction did")),
});

export function showRecord(row: RecordRow) {
  return {
    id: toHex(row.id),
    owner: toAddress(row.owner),
    digest: toHex(row.digest),
    algorithm: digestAlgorithmOf(row.algorithm) ?? `0x${row.algorithm.toString(16)}`,
    kind: row.kind,
    subject: orNull(row.subject, toHex),
    responsible: orNull(row.responsible, toAddress),
    businessKey: orNull(row.business_key, toHex),
    refersTo: orNull(row.refers_to, toHex),
    recordedAt: toTime(row.recorded_at),
    blockNumber: row.block_number,
    logIndex: row.log_index,
    transactionHash: toHex(row.transaction_hash),
    status: STATUSES[row.status ?? VALID] as string,
    supersededBy: orNull(row.superseded_by, toHex),
    reason: orNull(row.reason, toHex),
    statusBlock: row.status_block,
  };
}
