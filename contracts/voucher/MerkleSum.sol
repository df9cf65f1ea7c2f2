// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Merkle-sum trees with ordered leaves
/// @notice Leaf: keccak256(0x00 | key | amount). Node: keccak256(0x01 | left hash | left sum | right hash | right sum).
/// Hashes are 32 bytes, amounts and sums 16. Leaves stand in ascending order of their keys, each key once. The depth
/// follows from the number of leaves; what is missing to a full tree is a node with hash and sum 0.
/// @dev Both sums of a node's children are in its hash, and no sum is negative or overflows. So the amounts of leaves
/// that verify under one root never exceed its total, whatever the rest of the tree is made of.
library MerkleSum {
    /// @param root Hash of the topmost node.
    /// @param total Sum of all leaves.
    /// @param count Number of leaves.
    struct Commitment {
        bytes32 root;
        uint128 total;
        uint32 count;
    }

    struct Sibling {
        bytes32 hash;
        uint128 sum;
    }

    /// @param index Place among the leaves, from 0.
    /// @param siblings From the bottom up.
    struct Leaf {
        uint32 index;
        bytes32 key;
        uint128 amount;
        Sibling[] siblings;
    }

    /// @notice Whether the tree has this leaf.
    function isIncluded(Commitment memory tree, Leaf calldata leaf) internal pure returns (bool) {
        if (leaf.index >= tree.count || leaf.siblings.length != depthOf(tree.count)) return false;
        bytes32 hash = keccak256(abi.encodePacked(uint8(0), leaf.key, leaf.amount));
        uint256 sum = leaf.amount;
        uint256 path = leaf.index;
        for (uint256 i; i < leaf.siblings.length; ++i) {
            Sibling calldata sibling = leaf.siblings[i];
            uint128 own = uint128(sum);
            sum += sibling.sum;
            if (sum > type(uint128).max) return false;
            hash =
                path & 1 == 0
                    ? keccak256(abi.encodePacked(uint8(1), hash, own, sibling.hash, sibling.sum))
                    : keccak256(abi.encodePacked(uint8(1), sibling.hash, sibling.sum, hash, own));
            path >>= 1;
        }
        return hash == tree.root && sum == tree.total;
    }

    /// @notice Whether leaves show that an ordered tree has no leaf of this key: two neighbours with the key between
    /// them, or the first or last leaf with the key beyond it.
    function isAbsent(Commitment memory tree, bytes32 key, Leaf[] calldata leaves) internal pure returns (bool) {
        if (leaves.length == 0 || leaves.length > 2 || !isIncluded(tree, leaves[0])) return false;
        Leaf calldata first = leaves[0];
        if (leaves.length == 1) {
            return (first.index == 0 && key < first.key) || (first.index == tree.count - 1 && key > first.key);
        }
        Leaf calldata second = leaves[1];
        return
            uint256(second.index) == uint256(first.index) + 1 &&
            first.key < key &&
            key < second.key &&
            isIncluded(tree, second);
    }

    /// @notice Whether two leaves show that the tree is not ordered, or has a key twice.
    function isDisordered(
        Commitment memory tree,
        Leaf calldata earlier,
        Leaf calldata later
    ) internal pure returns (bool) {
        return
            earlier.index < later.index &&
            earlier.key >= later.key &&
            isIncluded(tree, earlier) &&
            isIncluded(tree, later);
    }

    /// @notice Levels above the leaves.
    function depthOf(uint32 count) internal pure returns (uint256) {
        return Math.log2(count, Math.Rounding.Ceil);
    }
}
