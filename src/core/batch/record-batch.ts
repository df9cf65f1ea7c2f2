import { BropError } from "../errors.ts";
import { bytesToHex } from "../hex.ts";
import { objectId } from "../record-id.ts";
import { type RecordInput, recordRoot, recordRoots } from "../ssz-record.ts";
import { joinPaths } from "./multi-path.ts";
import { batchPathFault } from "./path.ts";
import { DEPTH, lengthNode, MAX_BATCH, treeLevels, treePath, withLength } from "./tree.ts";

export { BRANCH_LENGTH, MAX_BATCH } from "./tree.ts";

/** What the chain keeps of a batch. */
export interface BatchCommitment {
  /** `hash_tree_root` of `List[Record, 2^20]`, `0x` and 64 digits. */
  root: string;
  count: number;
}

/** Shows that a record is in a batch, for the contract (`BatchAnchors.verify`) and off the chain. */
export interface BatchProof {
  /** Place of the record in the list, from 0. */
  index: number;
  /** SSZ single-leaf proof of the generalised index 2^21 + index: 21 nodes from the bottom up. */
  branch: string[];
}

/**
 * Many records as the SSZ list `List[Record, 2^20]` (EV-6): one root to anchor, and a proof for each record. Takes 128
 * bytes a record.
 *
 * @example
 * const batch = new RecordBatch(records);
 * await batchAnchors.connect(account).anchor(batch.root, batch.count);
 * const { index, branch } = batch.proof(7);
 */
export class RecordBatch implements BatchCommitment {
  readonly root: string;
  readonly count: number;
  readonly #levels: Uint8Array[];

  /** @throws BropError `request.invalid` for no records, more than 2^20, or one that `Records` would not take */
  constructor(records: readonly RecordInput[]) {
    if (records.length === 0 || records.length > MAX_BATCH) {
      throw new BropError("request.invalid", { field: "records", value: records.length, most: MAX_BATCH });
    }
    this.count = records.length;
    this.#levels = treeLevels(recordRoots(records), 0, DEPTH);
    this.root = bytesToHex(withLength(this.#levels[DEPTH] as Uint8Array, this.count));
  }

  /** @throws BropError `request.invalid` for a place that the list does not have */
  proof(index: number): BatchProof {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new BropError("request.invalid", { field: "index", value: index, count: this.count });
    }
    return { index, branch: [...treePath(this.#levels, 0, index), lengthNode(this.count)].map(bytesToHex) };
  }

  /** Nodes of one proof for several records (`BatchMultiPath`). @param indices in rising order. Throws as `proof` */
  multiProof(indices: readonly number[]): string[] {
    return joinPaths(indices.map((index) => ({ index, path: this.proof(index).branch })));
  }
}

/**
 * Whether a batch has the record at the place that the proof names. Whatever else is wrong with the proof or the
 * commitment, the answer is no. Whether the record was revoked, only the chain knows.
 * @throws BropError `request.invalid` for a record that could be in no batch
 */
export function verifyBatchProof({ root, count }: BatchCommitment, record: RecordInput, proof: BatchProof): boolean {
  const leaf = bytesToHex(recordRoot(record));
  return batchPathFault({ leaf, index: proof.index, length: count, path: proof.branch, root }) === undefined;
}

/** Identifier of an anchor: keccak256(owner, root), as `BatchAnchors.anchorId`. */
export const anchorId = (owner: string, root: string): string => objectId(owner, root);
