import { BropError } from "./errors.ts";
import { bytesToHex, hexToBytes, isHexBytes, writeHex } from "./hex.ts";
import { objectId } from "./record-id.ts";
import { hashPairs } from "./sha256-pairs.ts";
import { CHUNK, type RecordInput, recordRoot, recordRoots, writeNumber } from "./ssz-record.ts";

const DEPTH = 20;
/** Most records of a batch. */
export const MAX_BATCH = 2 ** DEPTH;
/** Nodes of a branch: a sibling for each level, then the list's length. */
export const BRANCH_LENGTH = DEPTH + 1;

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

/** Roots of trees of zeros, by their height. */
const ZERO_NODES: readonly Uint8Array[] = zeroNodes();

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
  /** Nodes of each level from the leaves up, one after another; zeros on the right are left out. */
  readonly #levels: Uint8Array[];

  /** @throws BropError `request.invalid` for no records, more than 2^20, or one that `Records` would not take */
  constructor(records: readonly RecordInput[]) {
    if (records.length === 0 || records.length > MAX_BATCH) {
      throw new BropError("request.invalid", { field: "records", value: records.length, most: MAX_BATCH });
    }
    this.count = records.length;
    this.#levels = [recordRoots(records)];
    for (let height = 0; height < DEPTH; height++) {
      this.#levels.push(nextLevel(this.#levels[height] as Uint8Array, height));
    }
    const pair = new Uint8Array(2 * CHUNK);
    pair.set(this.#levels[DEPTH] as Uint8Array);
    writeNumber(pair, CHUNK, this.count);
    const root = new Uint8Array(CHUNK);
    hashPairs(pair, root);
    this.root = bytesToHex(root);
  }

  /** @throws BropError `request.invalid` for a place that the list does not have */
  proof(index: number): BatchProof {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new BropError("request.invalid", { field: "index", value: index, count: this.count });
    }
    const branch: string[] = [];
    for (let height = 0, at = index; height < DEPTH; height++, at >>>= 1) {
      const start = (at ^ 1) * CHUNK;
      const level = this.#levels[height] as Uint8Array;
      const sibling = start < level.length ? level.subarray(start, start + CHUNK) : ZERO_NODES[height];
      branch.push(bytesToHex(sibling as Uint8Array));
    }
    const length = new Uint8Array(CHUNK);
    writeNumber(length, 0, this.count);
    branch.push(bytesToHex(length));
    return { index, branch };
  }
}

/**
 * Whether a batch has the record at the place that the proof names. Whatever else is wrong with the proof or the
 * commitment, the answer is no. Whether the record was revoked, only the chain knows.
 * @throws BropError `request.invalid` for a record that could be in no batch
 */
export function verifyBatchProof({ root, count }: BatchCommitment, record: RecordInput, proof: BatchProof): boolean {
  const { index, branch } = proof;
  let node = recordRoot(record);
  if (!Number.isInteger(count) || count > MAX_BATCH) return false;
  if (!Number.isInteger(index) || index < 0 || index >= count) return false;
  if (!Array.isArray(branch) || branch.length !== BRANCH_LENGTH) return false;
  if (!isHexBytes(root, CHUNK) || !branch.every((one) => isHexBytes(one, CHUNK))) return false;
  const length = new Uint8Array(CHUNK);
  writeNumber(length, 0, count);
  if (branch[DEPTH]?.toLowerCase() !== bytesToHex(length)) return false;

  const pair = new Uint8Array(2 * CHUNK);
  // After twenty levels nothing is left of the index: the length stands on the right.
  for (let height = 0, at = index; height < BRANCH_LENGTH; height++, at >>>= 1) {
    const side = (at & 1) * CHUNK;
    pair.set(node, side);
    writeHex(pair, CHUNK - side, branch[height] as string);
    node = new Uint8Array(CHUNK);
    hashPairs(pair, node);
  }
  return bytesToHex(node) === root.toLowerCase();
}

/** Identifier of an anchor: keccak256(owner, root), as `BatchAnchors.anchorId`. */
export const anchorId = (owner: string, root: string): string => objectId(owner, root);

function nextLevel(level: Uint8Array, height: number): Uint8Array {
  const isOdd = level.length % (2 * CHUNK) !== 0;
  const next = new Uint8Array(Math.ceil(level.length / (2 * CHUNK)) * CHUNK);
  const full = level.length - (isOdd ? CHUNK : 0);
  hashPairs(level.subarray(0, full), next.subarray(0, full / 2));
  if (isOdd) {
    const pair = new Uint8Array(2 * CHUNK);
    pair.set(level.subarray(full));
    pair.set(ZERO_NODES[height] as Uint8Array, CHUNK);
    hashPairs(pair, next.subarray(full / 2));
  }
  return next;
}

function zeroNodes(): Uint8Array[] {
  const nodes = [new Uint8Array(CHUNK)];
  for (let height = 1; height < DEPTH; height++) {
    const below = bytesToHex(nodes[height - 1] as Uint8Array);
    const node = new Uint8Array(CHUNK);
    hashPairs(hexToBytes(below + below.slice(2)), node);
    nodes.push(node);
  }
  return nodes;
}
