import { bytesToHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import { invalidProof } from "./proof-error.ts";
import { sameBytes } from "./rlp.ts";
import { decodeNode, EMPTY_ROOT, nibblesOf, nodeOf, type Reference, referenceOf, type TrieNode } from "./trie/node.ts";

const PART = "trie proof";
/** Longer than the path to any key of 32 bytes. */
const MOST_NODES = 65;

/**
 * Looks a key up in a Merkle-Patricia trie of which only the root and the nodes on the way to the key are known.
 *
 * @param root root of the trie, from a header or an account that is itself proven
 * @param key as it stands in the trie: for states and storage the hash of address or slot
 * @param nodes in RLP, from the root down: all that stand by themselves on the way, and no others
 * @returns the value; undefined where the proof shows that the trie does not hold the key
 * @throws BropError `proof.invalid` for nodes that are forged, missing, too many or of another key
 */
export function verifyTrieProof(
  root: Uint8Array,
  key: Uint8Array,
  nodes: readonly Uint8Array[],
): Uint8Array | undefined {
  if (nodes.length > MOST_NODES) throw invalidProof(PART, "has too many nodes");
  if (bytesToHex(root) === EMPTY_ROOT) return verifyEmpty(nodes);
  let used = 0;
  const read = (reference: NonNullable<Reference>): TrieNode => {
    if ("node" in reference) return nodeOf(reference.node);
    const bytes = nodes[used++];
    if (bytes === undefined) throw invalidProof(PART, "ends too early");
    if (!sameBytes(keccak256(bytes), reference.hash)) throw invalidProof(PART, `has a forged node at ${used - 1}`);
    if (used > 1 && bytes.length < 32) throw invalidProof(PART, "has a node that belongs into the one before it");
    return decodeNode(bytes);
  };
  const value = walk({ hash: root }, nibblesOf(key), read);
  if (used !== nodes.length) throw invalidProof(PART, "has nodes that lie on no way to the key");
  return value;
}

function walk(
  root: NonNullable<Reference>,
  path: readonly number[],
  read: (reference: NonNullable<Reference>) => TrieNode,
): Uint8Array | undefined {
  let reference: Reference = root;
  let depth = 0;
  while (reference !== undefined) {
    const node = read(reference);
    if (node.kind === "leaf") {
      return node.path.length === path.length - depth && follows(path, depth, node.path) ? node.value : undefined;
    }
    if (node.kind === "extension") {
      if (!follows(path, depth, node.path)) return undefined;
      depth += node.path.length;
      reference = referenceOf(node.child);
      if (reference === undefined) throw invalidProof(PART, "has an extension that leads nowhere");
      continue;
    }
    if (depth === path.length) return node.value.length === 0 ? undefined : node.value;
    reference = referenceOf(node.children[path[depth] as number]);
    depth++;
  }
  return undefined;
}

function follows(path: readonly number[], depth: number, part: readonly number[]): boolean {
  return part.every((nibble, index) => path[depth + index] === nibble);
}

/** Nodes give no proof of an empty trie, or its only node, which is the empty text. */
function verifyEmpty(nodes: readonly Uint8Array[]): undefined {
  const [first, ...others] = nodes;
  if (others.length === 0 && (first === undefined || (first.length === 1 && first[0] === 0x80))) return undefined;
  throw invalidProof(PART, "has nodes of a trie that is empty");
}
