import { expect } from "chai";
import { id, solidityPackedKeccak256, toBeHex, ZeroHash } from "ethers";
import fc from "fast-check";
import { MerkleSumTree, type SumLeaf } from "../../src/core/merkle-sum.ts";
import {
  depthOf,
  MAX_AMOUNT,
  type SumLeafProof,
  verifySumAbsence,
  verifySumDisorder,
  verifySumInclusion,
} from "../../src/core/merkle-sum-proof.ts";
import { errorOf } from "./code-of.ts";
import { forgeTree } from "./forged-sum-tree.ts";

const key = (value: bigint | number) => toBeHex(value, 32);
const someLeaves = (count: number): SumLeaf[] =>
  Array.from({ length: count }, (_, at) => ({ key: id(`user ${at}`), amount: BigInt(at) * 1_000n + 1n }));

describe("Merkle-sum trees (VO-7)", () => {
  it("hash leaves and nodes apart, both sums in a node's hash, and count what is missing as nothing", () => {
    const tree = new MerkleSumTree([
      { key: key(3), amount: 30n },
      { key: key(1), amount: 10n },
      { key: key(2), amount: 20n },
    ]);
    const leaf = (name: number, amount: number) =>
      solidityPackedKeccak256(["uint8", "bytes32", "uint128"], [0, key(name), amount]);
    const node = (...values: unknown[]) =>
      solidityPackedKeccak256(["uint8", "bytes32", "uint128", "bytes32", "uint128"], [1, ...values]);
    const left = node(leaf(1, 10), 10, leaf(2, 20), 20);
    const right = node(leaf(3, 30), 30, ZeroHash, 0);
    expect(tree.root).to.equal(node(left, 30, right, 30));
    expect([tree.total, tree.count]).to.deep.equal([60n, 3]);
    expect(new MerkleSumTree([{ key: key(1), amount: 10n }]).root).to.equal(leaf(1, 10));
  });

  it("show who is in them and who is not, whatever they hold", () => {
    const leaves = fc.uniqueArray(
      fc.record({ key: fc.bigInt(0n, 400n).map(key), amount: fc.bigInt(0n, MAX_AMOUNT / 64n) }),
      { minLength: 1, maxLength: 60, selector: (leaf) => leaf.key },
    );
    fc.assert(
      fc.property(leaves, (all) => {
        const tree = new MerkleSumTree(all);
        expect(tree.total).to.equal(all.reduce((sum, { amount }) => sum + amount, 0n));
        for (let at = 0n; at <= 400n; at += 7n) {
          const leaf = all.find((one) => one.key === key(at));
          const inclusion = tree.inclusion(key(at));
          const absence = tree.absence(key(at));
          if (leaf) {
            expect(inclusion?.amount).to.equal(leaf.amount);
            expect(verifySumInclusion(tree, inclusion as SumLeafProof)).to.equal(true);
            expect(absence).to.equal(undefined);
          } else {
            expect(inclusion).to.equal(undefined);
            expect(verifySumAbsence(tree, key(at), absence as SumLeafProof[])).to.equal(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("order keys by their whole value, also where they begin alike", () => {
    const same = `0x${"ab".repeat(30)}`;
    const leaves = [9, 3, 77, 1, 40].map((end) => ({ key: `${same}${toBeHex(end, 2).slice(2)}`, amount: 1n }));
    const tree = new MerkleSumTree([...leaves, { key: key(5), amount: 1n }, { key: id("x"), amount: 1n }]);
    const keys = Array.from({ length: 7 }, (_, at) => tree.proof(at).key);
    expect(keys).to.deep.equal([...keys].sort());
  });

  it("refuse keys that are there twice, in any letter case, and amounts that are none", () => {
    const refused = (...leaves: SumLeaf[]) => errorOf(() => new MerkleSumTree(leaves))?.details.field;
    const leaf = { key: id("user"), amount: 1n };
    expect(refused()).to.equal("leaves");
    expect(errorOf(() => new MerkleSumTree(new Array(2 ** 20 + 1)))?.details.field).to.equal("leaves");
    expect(refused(leaf, leaf)).to.equal("key");
    expect(refused(leaf, { ...leaf, key: `0x${leaf.key.slice(2).toUpperCase()}` })).to.equal("key");
    expect(refused({ ...leaf, key: "0x12" })).to.equal("key");
    for (const amount of [-1n, MAX_AMOUNT + 1n, 5 as unknown as bigint]) {
      expect(refused({ ...leaf, amount })).to.equal("amount");
    }
    expect(refused({ key: key(1), amount: MAX_AMOUNT }, { key: key(2), amount: 1n })).to.equal("amount");
    expect(refused({ key: key(1), amount: MAX_AMOUNT }, { key: key(2), amount: 0n })).to.equal(undefined);
  });

  it("have no proofs of places and keys that can not be", () => {
    const tree = new MerkleSumTree(someLeaves(3));
    for (const index of [-1, 3, 0.5]) expect(errorOf(() => tree.proof(index))?.details.field).to.equal("index");
    expect(errorOf(() => tree.inclusion("0x"))?.details.field).to.equal("key");
    expect(errorOf(() => tree.absence("key"))?.details.field).to.equal("key");
  });

  it("have the depth that their number of leaves needs", () => {
    for (const [count, depth] of [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 3],
      [1_024, 10],
      [1_025, 11],
      [2 ** 20, 20],
      [2 ** 32 - 1, 32],
    ] as const) {
      expect(depthOf(count), `${count}`).to.equal(depth);
    }
  });

  describe("under attack", () => {
    const tree = new MerkleSumTree(someLeaves(6));
    const proof = tree.proof(2);
    const no = (leaf: unknown, commitment: object = {}) => {
      const { root, total, count } = tree;
      expect(verifySumInclusion({ root, total, count, ...commitment }, leaf as SumLeafProof)).to.equal(false);
    };

    it("take no other amount, key, place, total, number of leaves or root", () => {
      no({ ...proof, amount: proof.amount + 1n });
      no({ ...proof, key: id("x") });
      for (const index of [0, 1, 3, 6, 8 + 2, -1, 0.5]) no({ ...proof, index });
      for (const commitment of [
        { total: tree.total + 1n },
        { count: 2 },
        { count: 9 },
        { root: id("x") },
        { root: "" },
      ]) {
        no(proof, commitment);
      }
    });

    it("take no siblings that were changed, swapped, left out or added", () => {
      const { siblings } = proof;
      const [first, second] = siblings as [SumLeafProof["siblings"][0], SumLeafProof["siblings"][0]];
      no({ ...proof, siblings: siblings.with(0, second).with(1, first) });
      no({ ...proof, siblings: siblings.slice(1) });
      no({ ...proof, siblings: [...siblings, { hash: ZeroHash, sum: 0n }] });
      no({ ...proof, siblings: undefined });
      for (const [at, sibling] of siblings.entries()) {
        no({ ...proof, siblings: siblings.with(at, { ...sibling, sum: sibling.sum + 1n }) });
        no({ ...proof, siblings: siblings.with(at, { ...sibling, hash: id("x") }) });
        no({ ...proof, siblings: siblings.with(at, { ...sibling, hash: "0x" }) });
      }
    });

    it("take no negative sum and none that overflows, even where the hashes fit", () => {
      // Node hashes of an exchange that counts in 128 bits without a check: 70 owed, 10 in the total.
      const owed = [40n, 30n];
      const forged = forgeTree(owed.map((amount, at) => ({ key: key(at + 1), amount })));
      no(forged.proof(0), { root: forged.root, count: 2, total: 10n });
      const hidden = forgeTree([
        { key: key(1), amount: 40n },
        { key: key(2), amount: MAX_AMOUNT - 29n },
      ]);
      no(hidden.proof(0), { root: hidden.root, count: 2, total: 10n });
      no(
        { ...hidden.proof(0), siblings: [{ hash: hidden.proof(0).siblings[0]?.hash, sum: -30n }] },
        { ...hidden, total: 10n },
      );
    });

    it("take no inner node for a leaf", () => {
      const four = new MerkleSumTree(someLeaves(4));
      const { siblings } = four.proof(0);
      const inner = siblings[1] as SumLeafProof["siblings"][0];
      no(
        { index: 1, key: inner.hash, amount: inner.sum, siblings: four.proof(2).siblings.slice(1) },
        {
          root: four.root,
          total: four.total,
          count: 2,
        },
      );
    });

    it("prove nobody absent who is there, and nobody by leaves that are not neighbours", () => {
      const verify = (name: string, ...leaves: SumLeafProof[]) => verifySumAbsence(tree, name, leaves);
      const [a, b, c] = [tree.proof(1), tree.proof(2), tree.proof(3)];
      const between = key(BigInt(a.key) + 1n);
      expect(verify(between, a, b)).to.equal(true);
      expect(verify(b.key, a, b)).to.equal(false);
      expect(verify(a.key, a, b)).to.equal(false);
      expect(verify(b.key, a, c)).to.equal(false);
      expect(verify(between, b, a)).to.equal(false);
      expect(verify(between, a)).to.equal(false);
      expect(verify(between)).to.equal(false);
      expect(verify(between, a, b, c)).to.equal(false);
      expect(verify("0x", a, b)).to.equal(false);
      const [first, last] = [tree.proof(0), tree.proof(5)];
      expect(verify(key(0), first)).to.equal(true);
      expect(verify(first.key, first)).to.equal(false);
      expect(verify(key(2n ** 256n - 1n), last)).to.equal(true);
      expect(verify(last.key, last)).to.equal(false);
      expect(verify(key(0), last)).to.equal(false);
      expect(verify(key(2n ** 256n - 1n), first)).to.equal(false);
      expect(verify(between, a, { ...b, amount: b.amount + 1n })).to.equal(false);
    });

    it("show disorder by any two leaves that stand in the wrong order, and only then", () => {
      const forged = forgeTree([5, 2, 9, 9].map((name) => ({ key: key(name), amount: 1n })));
      expect(verifySumDisorder(forged, forged.proof(0), forged.proof(1))).to.equal(true);
      expect(verifySumDisorder(forged, forged.proof(2), forged.proof(3))).to.equal(true);
      expect(verifySumDisorder(forged, forged.proof(1), forged.proof(0))).to.equal(false);
      expect(verifySumDisorder(forged, forged.proof(0), forged.proof(2))).to.equal(false);
      expect(verifySumDisorder(forged, forged.proof(0), { ...forged.proof(1), amount: 2n })).to.equal(false);
      for (let at = 1; at < 6; at++) {
        expect(verifySumDisorder(tree, tree.proof(at - 1), tree.proof(at))).to.equal(false);
        expect(verifySumDisorder(tree, tree.proof(at), tree.proof(at - 1))).to.equal(false);
        expect(verifySumDisorder(tree, tree.proof(at), tree.proof(at))).to.equal(false);
      }
    });
  });
});
