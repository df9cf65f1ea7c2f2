import { invalidProof } from "../proof-error.ts";
import { bytesOf, decodeRlp, encodeRlp, type RlpItem } from "../rlp.ts";

// Nodes of Ethereum's Merkle-Patricia tries (Yellow Paper, appendix D).

/** keccak256 of the empty trie's RLP, 0x80. */
export const EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/** What a node holds of another: its hash, the whole node where it is shorter than 32 bytes, or nothing. */
export type Reference = { hash: Uint8Array } | { node: RlpItem[] } | undefined;

export type TrieNode =
  | { kind: "branch"; children: readonly RlpItem[]; value: Uint8Array }
  | { kind: "extension"; path: readonly number[]; child: RlpItem }
  | { kind: "leaf"; path: readonly number[]; value: Uint8Array };

const PART = "trie node";
const HASH_LENGTH = 32;

/** Half bytes, high half first. */
export function nibblesOf(key: Uint8Array): number[] {
  return Array.from(key).flatMap((byte) => [byte >> 4, byte & 15]);
}

/** Reads a node that came by itself. @throws BropError `proof.invalid` */
export function decodeNode(bytes: Uint8Array): TrieNode {
  return nodeOf(decodeRlp(bytes, PART));
}

/** Reads a node. @throws BropError `proof.invalid` for anything that no trie has */
export function nodeOf(item: RlpItem): TrieNode {
  if (!Array.isArray(item)) throw invalidProof(PART, "is no list");
  if (item.length === 17) return { kind: "branch", children: item.slice(0, 16), value: bytesOf(item[16], PART) };
  if (item.length !== 2) throw invalidProof(PART, "has neither 17 members nor 2");
  const { path, isLeaf } = decodePath(bytesOf(item[0], PART));
  if (!isLeaf) {
    if (path.length === 0) throw invalidProof(PART, "is an extension by nothing");
    return { kind: "extension", path, child: item[1] as RlpItem };
  }
  const value = bytesOf(item[1], PART);
  if (value.length === 0) throw invalidProof(PART, "is a leaf without a value");
  return { kind: "leaf", path, value };
}

/** Reads what a node holds of another. @throws BropError `proof.invalid` */
export function referenceOf(item: RlpItem | undefined): Reference {
  if (Array.isArray(item)) {
    if (encodeRlp(item).length >= HASH_LENGTH)
      throw invalidProof(PART, "holds one that is too long to stand in another");
    return { node: item };
  }
  if (item === undefined || item.length === 0) return undefined;
  return { hash: bytesOf(item, PART, HASH_LENGTH) };
}

/** Hex-prefix encoding: a flag for a leaf, a flag for an odd number of half bytes. */
export function encodePath(path: readonly number[], isLeaf: boolean): Uint8Array {
  const isOdd = path.length % 2 === 1;
  const flag = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0);
  const nibbles = isOdd ? [flag, ...path] : [flag, 0, ...path];
  return Uint8Array.from(
    { length: nibbles.length / 2 },
    (_, at) => ((nibbles[2 * at] as number) << 4) | (nibbles[2 * at + 1] as number),
  );
}

function decodePath(bytes: Uint8Array): { path: number[]; isLeaf: boolean } {
  const [flag, padding, ...rest] = nibblesOf(bytes);
  if (flag === undefined || flag > 3) throw invalidProof(PART, "has a path of no known kind");
  const isLeaf = flag >= 2;
  if (flag % 2 === 1) return { path: [padding as number, ...rest], isLeaf };
  if (padding !== 0) throw invalidProof(PART, "has a path in another than its one form");
  return { path: rest, isLeaf };
}
