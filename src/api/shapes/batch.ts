import { getAddress } from "ethers";
import { batchRecordId } from "../../core/batch/identifiers.ts";
import { readRecord } from "../../core/batch/serialised-records.ts";
import { digestAlgorithmOf } from "../../core/digest.ts";
import { bytesToHex } from "../../core/hex.ts";
import type { PortionRow } from "../../store/queries/batch/portions.ts";
import type { StoredRecord } from "../../store/queries/batch/records.ts";
import type { SealedBatch } from "../../store/queries/batch/sealed.ts";
import { BATCH_STATES, type Standing, stateOf } from "../../uplink/batch/standing.ts";
import { orNull, toTime } from "../format.ts";
import { problemSchema } from "../problems.ts";
import {
  address,
  blockNumber,
  described,
  hash,
  listOf,
  nullable,
  objectOf,
  oneOf,
  type Schema,
  text,
  time,
  whole,
} from "../schema.ts";

const ZERO = `0x${"00".repeat(32)}`;

const state = described(
  oneOf(BATCH_STATES),
  "taken: stored for good; sealed: it has its place in a batch; anchored: the batch's root is on the chain and its proof " +
    "is ready; refused: the batch could not be anchored for a day of blocks, `reason` says why",
);
const expectedBlock = nullable(
  described(blockNumber, "Block by which the proof is ready when nothing is in the way; null: it is, or never will be"),
);
const moment: Schema = { type: "string", description: "ISO 8601 (UTC), by the platform's clock" };
const reason = nullable({
  type: "object",
  additionalProperties: true,
  description: "Why the last attempt to anchor failed: `code`, `message`, details",
});

export const sealedBatchSchema = objectOf({
  id: text,
  state,
  account: described(address, "Account that anchors it, and owns its records"),
  anchor: described(hash, "Its identifier on the chain: keccak256(account, root)"),
  root: described(hash, "hash_tree_root of the SSZ list of its records"),
  recordCount: whole,
  sealedAt: moment,
  submission: nullable(
    described(
      text,
      "The operation that anchors it, at /submissions: it waits there for its signature, if it needs one",
    ),
  ),
  attempts: described(whole, "How often it was tried"),
  reason,
  anchoredBlock: nullable(blockNumber),
  anchoredAt: nullable(time),
  transactionHash: nullable(hash),
});

export function showSealedBatch(batch: SealedBatch) {
  const { id, account, anchor, root, recordCount, submission, attempts, reason } = batch;
  const { sealedAt, anchoredBlock, anchoredAt, transactionHash } = batch;
  return {
    ...{ id, state: stateOf(batch), account: getAddress(account), anchor, root, recordCount },
    sealedAt: new Date(sealedAt).toISOString(),
    ...{ submission, attempts, reason: anchoredBlock === null ? reason : null, anchoredBlock },
    anchoredAt: orNull(anchoredAt, toTime),
    transactionHash,
  };
}

const standing = {
  state,
  expectedBlock,
  takenAt: moment,
  batch: { ...nullable(sealedBatchSchema), description: "Null until it is sealed" },
};

export const portionSchema = objectOf({
  id: text,
  account: address,
  recordCount: whole,
  ...standing,
  firstIndex: nullable(described(whole, "Place of its first record in the batch")),
});

export function showPortion(portion: PortionRow, { state, batch, expectedBlock }: Standing) {
  const { id, account, recordCount, firstLeaf, createdAt } = portion;
  return {
    ...{ id, account: getAddress(account), recordCount, state, expectedBlock },
    takenAt: new Date(createdAt).toISOString(),
    batch: batch === undefined ? null : showSealedBatch(batch),
    firstIndex: firstLeaf,
  };
}

/** A record's members as a batch has them: the whole leaf. */
const leafMembers = {
  digest: hash,
  algorithm: described(text, "Name of the digest's algorithm"),
  kind: described(whole, "Type by the partner's own list, 0: unspecified"),
  subject: nullable(hash),
  businessKey: nullable(described(hash, "Digest of the business system's own key")),
  refersTo: nullable(hash),
};

export const batchRecordSchema = objectOf({
  id: text,
  owner: address,
  ...leafMembers,
  ...standing,
  index: nullable(described(whole, "Its place in the batch; null until it is sealed")),
  revoked: nullable(
    objectOf({ reason: described(hash, "Digest of the reason"), blockNumber }, "Null: its owner has not revoked it"),
  ),
});

/** A stored record's place in its batch; null until it is sealed. */
export const indexOf = ({ portion, position }: StoredRecord) =>
  portion.firstLeaf === null ? null : portion.firstLeaf + position;

export function showLeaf(record: Uint8Array) {
  const { digest, algorithm, kind, subject, businessKey, refersTo } = readRecord(record, 0);
  const word = (value: string) => (value === ZERO ? null : value);
  return {
    ...{ digest, algorithm: digestAlgorithmOf(algorithm) ?? `0x${algorithm.toString(16)}`, kind },
    ...{ subject: word(subject), businessKey: word(businessKey), refersTo: word(refersTo) },
  };
}

export function showBatchRecord(
  stored: StoredRecord,
  where: Standing,
  revocation: { reason: Uint8Array; block: number } | undefined,
) {
  const { portion, position, record } = stored;
  const { id: _, recordCount: __, firstIndex: ___, account, ...shown } = showPortion(portion, where);
  return {
    id: batchRecordId(portion.id, position),
    owner: account,
    ...showLeaf(record),
    ...shown,
    index: indexOf(stored),
    revoked: revocation === undefined ? null : { reason: bytesToHex(revocation.reason), blockNumber: revocation.block },
  };
}

export const takenSchema = objectOf({
  portion: nullable(described(text, "What was taken, as one; null: nothing was")),
  account: address,
  accepted: whole,
  refused: whole,
  expectedBlock,
  results: listOf(
    objectOf({
      item: described(whole, "Its place in the request, from 0"),
      id: nullable(described(text, "Identifier of the record; null: it was refused")),
      problem: { ...problemSchema, type: ["object", "null"], description: "Why it was refused" },
    }),
    "For each item of the request. For records as bytes only those that were refused: the others are " +
      "`{portion}.0` and so on, in their order",
  ),
});

export const batchProofSchema = objectOf({
  record: text,
  owner: address,
  anchor: described(hash, "Identifier of the batch on the chain: argument `id` of `BatchAnchors.verify`"),
  root: hash,
  length: described(whole, "Records of the batch"),
  index: described(whole, "Place of the record, from 0"),
  leaf: described(hash, "hash_tree_root of the record"),
  path: listOf(
    hash,
    "SSZ proof of generalised index 2^21 + index: 21 nodes from the bottom up; `branch` of the contract",
  ),
  input: objectOf(
    { digest: hash, algorithm: whole, kind: whole, subject: hash, businessKey: hash, refersTo: hash },
    "The record as the contract takes it: argument `record`",
  ),
  anchoredBlock: blockNumber,
  anchoredAt: time,
  transactionHash: hash,
});

export const batchMultiProofSchema = objectOf({
  owner: address,
  anchor: hash,
  root: hash,
  length: whole,
  leaves: listOf(objectOf({ record: text, index: whole, leaf: hash }), "In rising order of their places"),
  nodes: listOf(hash, "SSZ multiproof: nodes in falling order of their generalised indices"),
  anchoredBlock: blockNumber,
  anchoredAt: time,
  transactionHash: hash,
});
