import { solidityPackedKeccak256, ZeroHash } from "ethers";
import type { SumLeaf } from "../../src/core/merkle-sum.ts";
import type { SumCommitment, SumLeafProof } from "../../src/core/merkle-sum-proof.ts";

type Node = SumLeafProof["siblings"][number];

const EMPTY: Node = { hash: ZeroHash, sum: 0n };
const leafOf = ({ key, amount }: SumLeaf): Node => ({
  hash: solidityPackedKeccak256(["uint8", "bytes32", "uint128"], [0, key, amount]),
  sum: amount,
});
const parentOf = (left: Node, right: Node): Node => ({
  hash: solidityPackedKeccak256(
    ["uint8", "bytes32", "uint128", "bytes32", "uint128"],
    [1, left.hash, left.sum, right.hash, right.sum],
  ),
  sum: BigInt.asUintN(128, left.sum + right.sum),
});

/** The tree of a dishonest exchange: leaves in any order, keys twice, sums that wrap around. */
export function forgeTree(leaves: readonly SumLeaf[]): SumCommitment & { proof(index: number): SumLeafProof } {
  const levels: Node[][] = [leaves.map(leafOf)];
  for (let level = levels[0] as Node[]; level.length > 1; ) {
    const at = (index: number) => level[index] ?? EMPTY;
    const next = Array.from({ length: Math.ceil(level.length / 2) }, (_, pair) =>
      parentOf(at(2 * pair), at(2 * pair + 1)),
    );
    levels.push(next);
    level = next;
  }
  const top = (levels.at(-1) as Node[])[0] as Node;
  return {
    root: top.hash,
    total: top.sum,
    count: leaves.length,
    proof: (index) => ({
      index,
      ...(leaves[index] as SumLeaf),
      siblings: levels.slice(0, -1).map((level, height) => level[(index >> height) ^ 1] ?? EMPTY),
    }),
  };
}
