import { BropError } from "./errors.ts";
import { bytesToHex, isHexBytes, writeHex } from "./hex.ts";
import {
  AMOUNT,
  compareKeys,
  HASH,
  isAmount,
  leafHash,
  NODE,
  nodeHash,
  readAmount,
  type SumCommitment,
  type SumLeafProof,
  writeAmount,
} from "./merkle-sum-proof.ts";

/** An amount under a key of 32 bytes, `0x` and 64 digits. */
export interface SumLeaf {
  key: string;
  amount: bigint;
}

/** Most leaves of a tree. */
const MAX_LEAVES = 2 ** 20;

/**
 * A Merkle-sum tree with ordered leaves (VO-7), as the contracts' library `MerkleSum` verifies it: what somebody holds
 * for each of many, under one root and one total. Who is in it can be shown, and who is not.
 *
 * @example
 * const tree = new MerkleSumTree(users.map(({ account, salt, amount }) => ({ key: leafKey(account, salt), amount })));
 * const proof = tree.inclusion(leafKey(account, salt));
 */
export class MerkleSumTree implements SumCommitment {
  readonly root: string;
  readonly total: bigint;
  readonly count: number;
  /** The leaves' keys, one after another in their order. */
  readonly #keys: Uint8Array;
  /** Nodes of each level from the leaves up, one after another; an odd level ends with a node of zeros. */
  readonly #levels: Uint8Array[];

  /**
   * @param leaves in any order
   * @throws BropError `request.invalid` for no leaves, more than 2^20, a key twice, an amount that is negative, or a
   * total of 2^128 and more
   */
  constructor(leaves: readonly SumLeaf[]) {
    if (leaves.length === 0 || leaves.length > MAX_LEAVES) throw invalid("leaves", leaves.length, "1 to 2^20");
    this.count = leaves.length;
    const keys = new Uint8Array(this.count * HASH);
    const nodes = new Uint8Array(this.count * NODE);
    leaves.forEach((leaf, at) => {
      writeLeaf(leaf, keys.subarray(at * HASH, (at + 1) * HASH), nodes.subarray(at * NODE, (at + 1) * NODE));
    });
    const order = orderOf(keys);
    this.#keys = arranged(keys, new Uint8Array(keys.length), HASH, order);
    this.#levels = [arranged(nodes, emptyLevel(this.count), NODE, order)];
    for (let nodes = this.count; nodes > 1; nodes = Math.ceil(nodes / 2)) {
      this.#levels.push(nextLevel(this.#levels[this.#levels.length - 1] as Uint8Array));
    }
    const top = this.#levels[this.#levels.length - 1] as Uint8Array;
    this.root = bytesToHex(top.subarray(0, HASH));
    this.total = readAmount(top, HASH);
  }

  /** The leaf of a key with its way to the root; undefined where there is none. */
  inclusion(key: string): SumLeafProof | undefined {
    const at = this.#placeOf(key);
    return this.#has(at, key) ? this.proof(at) : undefined;
  }

  /** The leaves that show that there is none of this key; undefined where there is one. */
  absence(key: string): SumLeafProof[] | undefined {
    const at = this.#placeOf(key);
    if (this.#has(at, key)) return undefined;
    return [at - 1, at].filter((index) => index >= 0 && index < this.count).map((index) => this.proof(index));
  }

  /** @throws BropError `request.invalid` for a place that the tree does not have */
  proof(index: number): SumLeafProof {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw invalid("index", index, `0 to ${this.count - 1}`);
    }
    const siblings = this.#levels.slice(0, -1).map((level, height) => {
      const start = ((index >>> height) ^ 1) * NODE;
      return { hash: bytesToHex(level.subarray(start, start + HASH)), sum: readAmount(level, start + HASH) };
    });
    const amount = readAmount(this.#levels[0] as Uint8Array, index * NODE + HASH);
    return { index, key: this.#keyAt(index), amount, siblings };
  }

  /** Where a key stands, or would stand. */
  #placeOf(key: string): number {
    if (!isHexBytes(key, HASH)) throw invalid("key", key, "must be 32 bytes");
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#keyAt(middle), key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #has(index: number, key: string): boolean {
    return index < this.count && compareKeys(this.#keyAt(index), key) === 0;
  }

  #keyAt(index: number): string {
    return bytesToHex(this.#keys.subarray(index * HASH, (index + 1) * HASH));
  }
}

function writeLeaf({ key, amount }: SumLeaf, keyTarget: Uint8Array, nodeTarget: Uint8Array): void {
  if (!isHexBytes(key, HASH)) throw invalid("key", key, "must be 32 bytes");
  if (!isAmount(amount)) throw invalid("amount", amount, "0 to 2^128 - 1");
  writeHex(keyTarget, 0, key);
  nodeTarget.set(leafHash(keyTarget, amount));
  writeAmount(nodeTarget, HASH, amount);
}

/**
 * Places of keys in their order. Plain numbers sort many times as fast as anything that is compared in JavaScript: the
 * key's first 32 bits, with the place below them. Keys that begin alike are put in order afterwards.
 * @throws BropError `request.invalid` for a key that is there twice
 */
function orderOf(keys: Uint8Array): Uint32Array {
  const view = new DataView(keys.buffer);
  const numbers = new Float64Array(keys.length / HASH);
  for (let at = 0; at < numbers.length; at++) numbers[at] = view.getUint32(at * HASH) * MAX_LEAVES + at;
  numbers.sort();
  const order = Uint32Array.from(numbers, (number) => number % MAX_LEAVES);
  const compare = (a: number, b: number) => {
    if (a === b) return 0;
    for (let offset = 4; offset < HASH; offset += 4) {
      const difference = view.getUint32(a * HASH + offset) - view.getUint32(b * HASH + offset);
      if (difference !== 0) return difference;
    }
    throw invalid("key", bytesToHex(keys.subarray(a * HASH, (a + 1) * HASH)), "is there twice");
  };
  const beginning = (index: number) => Math.floor((numbers[index] as number) / MAX_LEAVES);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && beginning(end) === beginning(start)) end++;
    if (end > start + 1) order.subarray(start, end).sort(compare);
    start = end;
  }
  return order;
}

/** Puts pieces of equal length into another order. */
function arranged(pieces: Uint8Array, target: Uint8Array, length: number, order: Uint32Array): Uint8Array {
  const [from, to] = [new Uint32Array(pieces.buffer), new Uint32Array(target.buffer)];
  const words = length / 4;
  order.forEach((piece, index) => {
    for (let at = 0; at < words; at++) to[index * words + at] = from[piece * words + at] as number;
  });
  return target;
}

function nextLevel(level: Uint8Array): Uint8Array {
  const pairs = level.length / (2 * NODE);
  const next = emptyLevel(pairs);
  for (let index = 0; index < pairs; index++) {
    const pair = level.subarray(2 * index * NODE, 2 * (index + 1) * NODE);
    next.set(nodeHash(pair), index * NODE);
    addAmounts(next.subarray(index * NODE + HASH, (index + 1) * NODE), pair);
  }
  return next;
}

/** Room for nodes, in pairs. */
function emptyLevel(nodes: number): Uint8Array {
  return new Uint8Array((nodes === 1 ? 1 : nodes + (nodes % 2)) * NODE);
}

/** Writes the sum of both nodes of a pair. Byte by byte: bigint would take most of a tree's time. */
function addAmounts(target: Uint8Array, pair: Uint8Array): void {
  let carry = 0;
  for (let at = AMOUNT - 1; at >= 0; at--) {
    carry += (pair[HASH + at] as number) + (pair[NODE + HASH + at] as number);
    target[at] = carry & 0xff;
    carry >>= 8;
  }
  if (carry !== 0) throw invalid("amount", undefined, "the total must be below 2^128");
}

function invalid(field: string, value: unknown, reason: string): BropError {
  return new BropError("request.invalid", { field, value, reason });
}
