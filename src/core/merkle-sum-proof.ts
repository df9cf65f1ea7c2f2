import { bytesToHex, hexToBytes, isHexBytes, writeHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";

/** Most that an amount or a sum can be. */
export const MAX_AMOUNT = 2n ** 128n - 1n;
export const HASH = 32;
export const AMOUNT = 16;
/** A node: its hash and its sum. */
export const NODE = HASH + AMOUNT;

/** What is published of a tree. */
export interface SumCommitment {
  /** Hash of the topmost node, `0x` and 64 digits. */
  root: string;
  /** Sum of all leaves. */
  total: bigint;
  /** Number of leaves. */
  count: number;
}

/** A leaf with its way to the root, as the contracts' library `MerkleSum` takes it. */
export interface SumLeafProof {
  /** Place among the leaves, from 0. */
  index: number;
  key: string;
  amount: bigint;
  /** From the bottom up. */
  siblings: { hash: string; sum: bigint }[];
}

/** Whether the tree has this leaf. Whatever is wrong with the proof, the answer is no. */
export function verifySumInclusion(tree: SumCommitment, leaf: SumLeafProof): boolean {
  const { index, key, amount, siblings } = leaf;
  if (!Number.isInteger(index) || index < 0 || index >= tree.count) return false;
  if (!isHexBytes(tree.root, HASH) || !isHexBytes(key, HASH) || !isAmount(amount)) return false;
  if (!Array.isArray(siblings) || siblings.length !== depthOf(tree.count)) return false;
  let hash = leafHash(hexToBytes(key), amount);
  let sum = amount;
  for (let height = 0, path = index; height < siblings.length; height++, path = Math.floor(path / 2)) {
    const sibling = siblings[height];
    if (!isHexBytes(sibling?.hash, HASH) || !isAmount(sibling?.sum)) return false;
    const pair = new Uint8Array(2 * NODE);
    const side = path % 2 === 0 ? 0 : NODE;
    pair.set(hash, side);
    writeAmount(pair, side + HASH, sum);
    writeHex(pair, NODE - side, sibling.hash);
    writeAmount(pair, NODE - side + HASH, sibling.sum);
    sum += sibling.sum;
    if (!isAmount(sum)) return false;
    hash = nodeHash(pair);
  }
  return bytesToHex(hash) === tree.root.toLowerCase() && sum === tree.total;
}

/**
 * Whether leaves show that an ordered tree has no leaf of this key: two neighbours with the key between them, or the
 * first or last leaf with the key beyond it.
 */
export function verifySumAbsence(tree: SumCommitment, key: string, leaves: readonly SumLeafProof[]): boolean {
  if (!isHexBytes(key, HASH) || leaves.length > 2 || !leaves.every((leaf) => verifySumInclusion(tree, leaf)))
    return false;
  const [first, second] = leaves;
  if (first === undefined) return false;
  const order = compareKeys(key, first.key);
  if (second === undefined) return order < 0 ? first.index === 0 : order > 0 && first.index === tree.count - 1;
  return second.index === first.index + 1 && order > 0 && compareKeys(key, second.key) < 0;
}

/** Whether two leaves show that the tree is not ordered, or has a key twice. */
export function verifySumDisorder(tree: SumCommitment, earlier: SumLeafProof, later: SumLeafProof): boolean {
  if (!verifySumInclusion(tree, earlier) || !verifySumInclusion(tree, later)) return false;
  return earlier.index < later.index && compareKeys(earlier.key, later.key) >= 0;
}

/** Levels above the leaves. */
export function depthOf(count: number): number {
  return count <= 1 ? 0 : 1 + Math.floor(Math.log2(count - 1));
}

const leafPreimage = new Uint8Array(1 + NODE);
const nodePreimage = Uint8Array.of(1, ...new Uint8Array(2 * NODE));

/** keccak256(0x00 | key | amount). */
export function leafHash(key: Uint8Array, amount: bigint): Uint8Array {
  leafPreimage.set(key, 1);
  writeAmount(leafPreimage, 1 + HASH, amount);
  return keccak256(leafPreimage);
}

/** keccak256(0x01 | left hash | left sum | right hash | right sum). */
export function nodeHash(pair: Uint8Array): Uint8Array {
  nodePreimage.set(pair, 1);
  return keccak256(nodePreimage);
}

/** Writes an amount as 16 bytes, the highest first. */
export function writeAmount(target: Uint8Array, offset: number, amount: bigint): void {
  const view = new DataView(target.buffer, target.byteOffset + offset, AMOUNT);
  view.setBigUint64(0, amount >> 64n);
  view.setBigUint64(8, amount & 0xffffffffffffffffn);
}

/** Reads an amount of 16 bytes. */
export function readAmount(source: Uint8Array, offset: number): bigint {
  const view = new DataView(source.buffer, source.byteOffset + offset, AMOUNT);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

export function isAmount(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value <= MAX_AMOUNT;
}

/** Order of keys as numbers. */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
