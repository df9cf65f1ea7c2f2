import { hashPairs } from "../sha256-pairs.ts";
import { CHUNK, writeNumber } from "../ssz-record.ts";

/** Levels of hashing between the leaves of `List[Record, 2^20]` and the root of its tree, which is mixed with the length. */
export const DEPTH = 20;
/** Most records of a batch. */
export const MAX_BATCH = 2 ** DEPTH;
/** Nodes of a path: a sibling for each level, then the list's length. */
export const BRANCH_LENGTH = DEPTH + 1;

/** Roots of trees of zeros, by their height. */
const ZERO_NODES: readonly Uint8Array[] = zeroNodes();

/**
 * Levels of a tree, one array each with its nodes one after another; zeros on the right are left out.
 * @param nodes of the lowest level, at least one
 * @param base height of that level in the list's tree, which decides about the padding
 * @param height levels to build above it
 * @returns `height + 1` levels from the bottom up
 */
export function treeLevels(nodes: Uint8Array, base: number, height: number): Uint8Array[] {
  const levels = [nodes];
  for (let at = 0; at < height; at++) levels.push(nextLevel(levels[at] as Uint8Array, base + at));
  return levels;
}

/** Siblings of a node of the lowest level, from the bottom up. */
export function treePath(levels: readonly Uint8Array[], base: number, index: number): Uint8Array[] {
  return levels.slice(0, -1).map((level, height) => {
    const start = ((index >>> height) ^ 1) * CHUNK;
    return start < level.length ? level.subarray(start, start + CHUNK) : zeroNode(base + height);
  });
}

/** Root of a batch whose records have these roots, one after another (`recordRoots`); at least one and at most 2^20. */
export function batchRoot(leaves: Uint8Array): Uint8Array {
  let level = leaves;
  for (let height = 0; height < DEPTH; height++) level = nextLevel(level, height);
  return withLength(level, leaves.length / CHUNK);
}

/** Mixes a tree's root with the list's length. */
export function withLength(root: Uint8Array, length: number): Uint8Array {
  const pair = new Uint8Array(2 * CHUNK);
  pair.set(root);
  writeNumber(pair, CHUNK, length);
  const mixed = new Uint8Array(CHUNK);
  hashPairs(pair, mixed);
  return mixed;
}

/** The list's length as a node: the last one of every path. */
export function lengthNode(length: number): Uint8Array {
  const node = new Uint8Array(CHUNK);
  writeNumber(node, 0, length);
  return node;
}

/** Root of a tree of zeros. */
export const zeroNode = (height: number) => ZERO_NODES[height] as Uint8Array;

function nextLevel(level: Uint8Array, height: number): Uint8Array {
  const isOdd = level.length % (2 * CHUNK) !== 0;
  const next = new Uint8Array(Math.ceil(level.length / (2 * CHUNK)) * CHUNK);
  const full = level.length - (isOdd ? CHUNK : 0);
  hashPairs(level.subarray(0, full), next.subarray(0, full / 2));
  if (isOdd) {
    const pair = new Uint8Array(2 * CHUNK);
    pair.set(level.subarray(full));
    pair.set(zeroNode(height), CHUNK);
    hashPairs(pair, next.subarray(full / 2));
  }
  return next;
}

function zeroNodes(): Uint8Array[] {
  const nodes = [new Uint8Array(CHUNK)];
  for (let height = 1; height < DEPTH; height++) {
    const pair = new Uint8Array(2 * CHUNK);
    pair.set(nodes[height - 1] as Uint8Array);
    pair.set(nodes[height - 1] as Uint8Array, CHUNK);
    const node = new Uint8Array(CHUNK);
    hashPairs(pair, node);
    nodes.push(node);
  }
  return nodes;
}
