// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerkleSum} from "../../contracts/voucher/MerkleSum.sol";
import {vm} from "../contracts/support/Vm.sol";

/// @title What verifies under a root of four leaves, whatever root, leaves and siblings somebody makes up
contract MerkleSumProofs {
    uint32 private constant COUNT = 4;

    /// @dev A leaf with its two siblings.
    struct Path {
        bytes32 key;
        uint128 amount;
        bytes32 hash;
        uint128 sum;
        bytes32 upperHash;
        uint128 upperSum;
    }

    function isIncluded(MerkleSum.Commitment memory tree, MerkleSum.Leaf calldata leaf) external pure returns (bool) {
        return MerkleSum.isIncluded(tree, leaf);
    }

    function check_noLeafIsMoreThanTheTotal(bytes32 root, uint128 total, uint32 index, Path memory path) public view {
        if (_isIncluded(root, total, index, path)) assert(path.amount <= total);
    }

    function check_leavesTogetherAreNotMoreThanTheTotal(
        bytes32 root,
        uint128 total,
        uint32 index,
        uint32 other,
        Path memory one,
        Path memory two
    ) public view {
        vm.assume(index != other);
        if (!_isIncluded(root, total, index, one) || !_isIncluded(root, total, other, two)) return;
        assert(uint256(one.amount) + two.amount <= total);
    }

    function check_aPlaceHasOneLeaf(
        bytes32 root,
        uint128 total,
        uint32 index,
        Path memory one,
        Path memory two
    ) public view {
        if (!_isIncluded(root, total, index, one) || !_isIncluded(root, total, index, two)) return;
        assert(one.key == two.key && one.amount == two.amount);
    }

    /// @dev Who is there and is shown to be absent shows that the tree is not ordered.
    function check_presentAndAbsentIsDisorder(
        bytes32 root,
        uint128 total,
        uint32 index,
        uint32 at,
        Path memory present,
        Path memory below,
        Path memory above
    ) public view {
        vm.assume(at < COUNT - 1 && below.key < present.key && present.key < above.key);
        if (!_isIncluded(root, total, index, present)) return;
        if (!_isIncluded(root, total, at, below) || !_isIncluded(root, total, at + 1, above)) return;
        // The leaf stands on the wrong side of one of the two.
        assert(index < at || index > at + 1);
    }

    function _isIncluded(bytes32 root, uint128 total, uint32 index, Path memory path) private view returns (bool) {
        MerkleSum.Sibling[] memory siblings = new MerkleSum.Sibling[](2);
        siblings[0] = MerkleSum.Sibling(path.hash, path.sum);
        siblings[1] = MerkleSum.Sibling(path.upperHash, path.upperSum);
        MerkleSum.Commitment memory tree = MerkleSum.Commitment(root, total, COUNT);
        return this.isIncluded(tree, MerkleSum.Leaf(index, path.key, path.amount, siblings));
    }
}
