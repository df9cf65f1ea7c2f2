import type { RecordInput } from "../../core/ssz-record.ts";

// What the platform tells of records that are anchored many at a time (docs/batches.md).

/** taken: stored for good. sealed: in a batch, at a place. anchored: its proof is ready. refused: given up. */
export type BatchState = "taken" | "sealed" | "anchored" | "refused";

/** A batch whose root is settled. */
export interface SealedBatch {
  id: string;
  state: BatchState;
  account: string;
  /** Its identifier on the chain. */
  anchor: string;
  root: string;
  recordCount: number;
  sealedAt: string;
  /** The operation that anchors it; null: there is none now. */
  submission: string | null;
  attempts: number;
  /** Why the last attempt failed. */
  reason: { code: string; message?: string; [member: string]: unknown } | null;
  anchoredBlock: number | null;
  anchoredAt: string | null;
  transactionHash: string | null;
}

interface Standing {
  state: BatchState;
  /** Block by which the proof is ready when nothing is in the way; null: it is, or never will be. */
  expectedBlock: number | null;
  takenAt: string;
  /** Null until it is sealed. */
  batch: SealedBatch | null;
}

/** What one request handed over. */
export interface BatchPortion extends Standing {
  id: string;
  account: string;
  recordCount: number;
  /** Place of its first record in the batch. */
  firstIndex: number | null;
}

/** One record of a batch. */
export interface BatchedRecord extends Standing {
  id: string;
  owner: string;
  digest: string;
  algorithm: string;
  kind: number;
  subject: string | null;
  businessKey: string | null;
  refersTo: string | null;
  /** Place in the batch. */
  index: number | null;
  revoked: { reason: string; blockNumber: number } | null;
}

/** Shows that a record is in an anchored batch; `path` and `input` are what `BatchAnchors.verify` takes. */
export interface BatchedProof {
  record: string;
  owner: string;
  anchor: string;
  root: string;
  length: number;
  index: number;
  leaf: string;
  path: string[];
  input: RecordInput;
  anchoredBlock: number;
  anchoredAt: string;
  transactionHash: string;
}

/** A record that was not taken. */
export interface RefusedRecord {
  /** Its place among those that were handed over, from 0. */
  item: number;
  problem: { code: string; detail: string; remedy: string; [member: string]: unknown };
}

/** What became of records that were handed over. */
export interface HandedOver {
  /** One for each request; their state is that of their records. */
  portions: string[];
  /** Identifiers in the order of the records; null for those that were refused. */
  ids: (string | null)[];
  refused: RefusedRecord[];
  /** Block by which the proofs are ready when nothing is in the way; null: nothing was taken. */
  expectedBlock: number | null;
}
