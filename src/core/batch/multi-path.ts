import { bytesToHex, hexToBytes, isHexBytes } from "../hex.ts";
import { hashPairs } from "../sha256-pairs.ts";
import { CHUNK } from "../ssz-record.ts";
import { type BatchFault, batchFault } from "./path.ts";
import { BRANCH_LENGTH, DEPTH, lengthNode, MAX_BATCH } from "./tree.ts";

/** Several records of one batch under one proof, for use off the chain. */
export interface BatchMultiPath {
  /** Roots of the records with their places in the list, in rising order of the places. */
  leaves: readonly { leaf: string; index: number }[];
  /** Records of the list. */
  length: number;
  /**
   * What is missing to compute the root: SSZ multiproof nodes in falling order of their generalised indices (consensus
   * specifications, `ssz/merkle-proofs.md`), so from the bottom up and each level from right to left.
   */
  nodes: readonly string[];
  root: string;
}

/**
 * Joins the paths of single records, which are in rising order of their places, into the nodes of one proof.
 * @param paths each with its 21 nodes
 */
export function joinPaths(paths: readonly { index: number; path: readonly string[] }[]): string[] {
  const nodes: string[] = [];
  let level = paths.map(({ index, path }) => ({ at: index, path }));
  for (let height = 0; height < DEPTH; height++) {
    const places = new Set(level.map(({ at }) => at));
    for (const { at, path } of level.toReversed()) if (!places.has(at ^ 1)) nodes.push(path[height] as string);
    const above = new Map(level.map(({ at, path }) => [at >>> 1, path]));
    level = [...above].map(([at, path]) => ({ at, path }));
  }
  const [first] = paths;
  if (first !== undefined) nodes.push(first.path[DEPTH] as string);
  return nodes;
}

/** What is wrong with a proof of several records, if anything is. */
export function batchMultiPathFault({ leaves, length, nodes, root }: BatchMultiPath): BatchFault | undefined {
  if (!Array.isArray(leaves) || leaves.length === 0 || !Array.isArray(nodes)) return "malformed";
  if (![root, ...nodes, ...leaves.map(({ leaf }) => leaf)].every((node) => isHexBytes(node, CHUNK))) return "malformed";
  if (!Number.isInteger(length) || length < 1 || length > MAX_BATCH) return "length-out-of-range";
  let before = -1;
  for (const { index } of leaves) {
    if (!Number.isInteger(index) || index <= before || index >= length) return "index-out-of-range";
    before = index;
  }
  if (nodes.length > leaves.length * DEPTH + 1) return "wrong-depth";
  const top = topOf(leaves, nodes);
  if (top === undefined || top.used + 1 !== nodes.length) return "wrong-depth";
  const last = nodes[top.used]?.toLowerCase();
  if (last !== bytesToHex(lengthNode(length))) return "other-length";
  return bytesToHex(hashed(top.node, hexToBytes(last))) === root.toLowerCase() ? undefined : "other-root";
}

/** @throws BropError `proof.invalid` with the exact `fault` (`BATCH_FAULTS`) */
export function verifyBatchMultiPath(proof: BatchMultiPath): void {
  const fault = batchMultiPathFault(proof);
  if (fault !== undefined) throw batchFault(fault);
}

/** The topmost node, and how many of the nodes led there; undefined when there are too few. */
function topOf(leaves: BatchMultiPath["leaves"], nodes: readonly string[]) {
  let level = leaves.map(({ leaf, index }) => ({ at: index, node: hexToBytes(leaf) }));
  let used = 0;
  for (let height = 0; height < BRANCH_LENGTH - 1; height++) {
    const above: typeof level = [];
    // From right to left, as the nodes come.
    for (let position = level.length - 1; position >= 0; position--) {
      const { at, node } = level[position] as (typeof level)[number];
      const left = level[position - 1];
      if (left?.at === (at ^ 1) && at % 2 === 1) {
        above.push({ at: at >>> 1, node: hashed(left.node, node) });
        position--;
        continue;
      }
      const given = nodes[used++];
      if (given === undefined) return undefined;
      const sibling = hexToBytes(given);
      above.push({ at: at >>> 1, node: at % 2 === 0 ? hashed(node, sibling) : hashed(sibling, node) });
    }
    level = above.reverse();
  }
  return { node: (level[0] as (typeof level)[number]).node, used };
}

function hashed(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const pair = new Uint8Array(2 * CHUNK);
  pair.set(left);
  pair.set(right, CHUNK);
  const node = new Uint8Array(CHUNK);
  hashPairs(pair, node);
  return node;
}
