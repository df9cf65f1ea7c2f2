import { BropError } from "../errors.ts";
import { bytesToHex, hexToBytes, isHexBytes } from "../hex.ts";
import { hashPairs } from "../sha256-pairs.ts";
import { CHUNK } from "../ssz-record.ts";
import { BRANCH_LENGTH, DEPTH, lengthNode, MAX_BATCH } from "./tree.ts";

/** The way from a record's root to the root of its batch. Nodes are `0x` and 64 digits, in any letter case. */
export interface BatchPath {
  /** `hash_tree_root` of the record. */
  leaf: string;
  /** Its place in the list, from 0. */
  index: number;
  /** Records of the list. */
  length: number;
  /** SSZ single-leaf proof of the generalised index 2^21 + index: 21 nodes from the bottom up, the length at the end. */
  path: readonly string[];
  /** The root that was anchored. */
  root: string;
}

/** What can be wrong with a path, by a name for programs. */
export const BATCH_FAULTS = {
  malformed: "something is not of 32 bytes",
  "length-out-of-range": "no list has this length",
  "index-out-of-range": "the list has no such place",
  "inner-node": "the leaf is an inner node of the tree",
  "wrong-depth": "the path does not have 21 nodes",
  "other-length": "the path ends with another length",
  "other-root": "the path leads to another root",
} as const;
export type BatchFault = keyof typeof BATCH_FAULTS;

/** What is wrong with a path, if anything is. Whether the record was revoked, only the chain knows. */
export function batchPathFault({ leaf, index, length, path, root }: BatchPath): BatchFault | undefined {
  const nodes = [leaf, root, ...(Array.isArray(path) ? path : [undefined])];
  if (!nodes.every((node) => isHexBytes(node, CHUNK))) return "malformed";
  if (!Number.isInteger(length) || length < 1 || length > MAX_BATCH) return "length-out-of-range";
  if (!Number.isInteger(index) || index < 0 || index >= length) return "index-out-of-range";
  const expected = root.toLowerCase();
  if (path.length !== BRANCH_LENGTH) {
    return isInnerNode(leaf, index, path, expected) ? "inner-node" : "wrong-depth";
  }
  if (path[DEPTH]?.toLowerCase() !== bytesToHex(lengthNode(length))) return "other-length";
  // After twenty levels nothing is left of the index: the length stands on the right.
  return bytesToHex(climb(leaf, index, path)) === expected ? undefined : "other-root";
}

/**
 * Checks that a record's root is in a batch, at the place that the path names.
 * @throws BropError `proof.invalid` with the exact `fault` (`BATCH_FAULTS`)
 */
export function verifyBatchPath(path: BatchPath): void {
  const fault = batchPathFault(path);
  if (fault !== undefined) throw batchFault(fault);
}

/** The error for a fault of a path. */
export function batchFault(fault: BatchFault): BropError {
  const part = "batch path";
  const reason = BATCH_FAULTS[fault];
  return new BropError("proof.invalid", { part, fault, reason }, `The proof does not hold: ${part}: ${reason}`);
}

/** Root of the tree that has the leaf at the index beside the path's nodes. */
function climb(leaf: string, index: number, path: readonly string[]): Uint8Array {
  const pair = new Uint8Array(2 * CHUNK);
  const node = hexToBytes(leaf);
  for (let height = 0, at = index; height < path.length; height++, at >>>= 1) {
    const side = (at & 1) * CHUNK;
    pair.set(node, side);
    pair.set(hexToBytes(path[height] as string), CHUNK - side);
    hashPairs(pair, node);
  }
  return node;
}

/** Whether a shorter path leads to the root from a node above the leaves; the index may be the leaf's or the node's. */
function isInnerNode(leaf: string, index: number, path: readonly string[], root: string): boolean {
  const height = BRANCH_LENGTH - path.length;
  if (height < 1) return false;
  return [index, index >>> height].some((place) => bytesToHex(climb(leaf, place, path)) === root);
}
