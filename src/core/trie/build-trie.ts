import { BropError } from "../errors.ts";
import { hexToBytes } from "../hex.ts";
import { keccak256 } from "../keccak.ts";
import { encodeRlp, type RlpItem } from "../rlp.ts";
import { EMPTY_ROOT, encodePath, nibblesOf } from "./node.ts";

/** A trie that was built whole. */
export interface BuiltTrie {
  root: Uint8Array;
  /** The nodes on the way to a key, from the root down, as `verifyTrieProof` takes them; also for a key that is not there. */
  prove(key: Uint8Array): Uint8Array[];
}

interface Entry {
  path: readonly number[];
  value: Uint8Array;
}

interface Built {
  encoded: Uint8Array;
  /** As it stands in the node above. */
  reference: RlpItem;
  /** Where a path leads from here; empty for what ends here. */
  children: ReadonlyMap<number, Built>;
  /** What is passed over before that. */
  path: readonly number[];
}

const HASH_LENGTH = 32;

/**
 * Builds a Merkle-Patricia trie from all of its entries.
 * @param entries keys as they stand in the trie, each once, with values that are not empty
 * @throws BropError `service.internal` for a key that comes twice or a value that is empty
 */
export function buildTrie(entries: readonly (readonly [key: Uint8Array, value: Uint8Array])[]): BuiltTrie {
  if (entries.length === 0) return { root: hexToBytes(EMPTY_ROOT), prove: () => [] };
  const top = build(
    entries.map(([key, value]) => ({ path: nibblesOf(key), value })),
    0,
  );
  return { root: keccak256(top.encoded), prove: (key) => nodesTo(top, nibblesOf(key)) };
}

function build(entries: readonly Entry[], depth: number): Built {
  const [first] = entries as [Entry, ...Entry[]];
  if (entries.length === 1) {
    if (first.value.length === 0) throw new BropError("service.internal", { reason: "a trie holds no empty values" });
    const path = first.path.slice(depth);
    return built([encodePath(path, true), first.value], path, new Map());
  }
  const shared = sharedLength(entries, depth);
  if (shared > 0) {
    const path = first.path.slice(depth, depth + shared);
    const child = build(entries, depth + shared);
    const [next] = path;
    return built([encodePath(path, false), child.reference], path, new Map([[next as number, child]]));
  }
  return buildBranch(entries, depth);
}

function buildBranch(entries: readonly Entry[], depth: number): Built {
  const ends = entries.filter(({ path }) => path.length === depth);
  if (ends.length > 1) throw new BropError("service.internal", { reason: "a trie holds no key twice" });
  const groups = new Map<number, Entry[]>();
  for (const entry of entries) {
    const nibble = entry.path[depth];
    if (nibble === undefined) continue;
    const group = groups.get(nibble);
    if (group === undefined) groups.set(nibble, [entry]);
    else group.push(entry);
  }
  const children = new Map([...groups].map(([nibble, group]) => [nibble, build(group, depth + 1)]));
  const members: RlpItem[] = [];
  for (let nibble = 0; nibble < 16; nibble++) members.push(children.get(nibble)?.reference ?? new Uint8Array(0));
  return built([...members, ends[0]?.value ?? new Uint8Array(0)], [], children);
}

function built(item: RlpItem[], path: readonly number[], children: Built["children"]): Built {
  const encoded = encodeRlp(item);
  const reference = encoded.length < HASH_LENGTH ? item : keccak256(encoded);
  return { encoded, reference, children, path };
}

function sharedLength(entries: readonly Entry[], depth: number): number {
  const [first, ...others] = entries as [Entry, ...Entry[]];
  let shared = first.path.length - depth;
  for (const { path } of others) {
    let length = 0;
    while (length < shared && path[depth + length] === first.path[depth + length]) length++;
    shared = length;
  }
  return shared;
}

function nodesTo(top: Built, path: readonly number[]): Uint8Array[] {
  const nodes = [top.encoded];
  let node = top;
  let depth = 0;
  for (;;) {
    const isBranch = node.path.length === 0 && node.children.size > 0;
    const part = node.path;
    if (!isBranch && !part.every((nibble, index) => path[depth + index] === nibble)) return nodes;
    const next = isBranch ? node.children.get(path[depth] as number) : node.children.get(part[0] as number);
    if (next === undefined) return nodes;
    depth += isBranch ? 1 : part.length;
    node = next;
    if (!Array.isArray(node.reference)) nodes.push(node.encoded);
  }
}
