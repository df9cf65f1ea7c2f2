// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerkleSum} from "../../../contracts/voucher/MerkleSum.sol";
import {vm} from "../support/Vm.sol";

/// @title Merkle-sum proofs against trees that are built node by node, honest ones and others
contract MerkleSumTest {
    uint256 private constant MOST = 40;

    struct Item {
        bytes32 key;
        uint120 amount;
    }

    function isIncluded(MerkleSum.Commitment memory tree, MerkleSum.Leaf calldata leaf) external pure returns (bool) {
        return MerkleSum.isIncluded(tree, leaf);
    }

    function isAbsent(
        MerkleSum.Commitment memory tree,
        bytes32 key,
        MerkleSum.Leaf[] calldata leaves
    ) external pure returns (bool) {
        return MerkleSum.isAbsent(tree, key, leaves);
    }

    function isDisordered(
        MerkleSum.Commitment memory tree,
        MerkleSum.Leaf calldata earlier,
        MerkleSum.Leaf calldata later
    ) external pure returns (bool) {
        return MerkleSum.isDisordered(tree, earlier, later);
    }

    function testFuzz_everyLeafIsIncludedAndNoOtherAmount(
        Item[] memory items,
        uint256 pick,
        uint128 other
    ) public view {
        items = _some(items);
        (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory leaf) = _build(items, pick % items.length);
        assert(this.isIncluded(tree, leaf));
        if (other == leaf.amount) return;
        leaf.amount = other;
        assert(!this.isIncluded(tree, leaf));
    }

    function testFuzz_aLeafHasOnePlace(Item[] memory items, uint256 pick, uint32 place) public view {
        items = _some(items);
        (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory leaf) = _build(items, pick % items.length);
        // Near places are the likelier mistake.
        if (place % 2 == 0) place %= uint32(MOST);
        if (place == leaf.index) return;
        leaf.index = place;
        assert(!this.isIncluded(tree, leaf));
    }

    function testFuzz_changedSiblingsLeadNowhere(
        Item[] memory items,
        uint256 pick,
        uint256 at,
        bytes32 hash,
        uint128 sum
    ) public view {
        items = _some(items);
        (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory leaf) = _build(items, pick % items.length);
        if (leaf.siblings.length == 0) return;
        at %= leaf.siblings.length;
        (bytes32 hash_, uint128 sum_) = (leaf.siblings[at].hash, leaf.siblings[at].sum);
        leaf.siblings[at].sum = sum;
        assert(this.isIncluded(tree, leaf) == (sum == sum_));
        leaf.siblings[at].sum = sum_;
        leaf.siblings[at].hash = hash;
        assert(this.isIncluded(tree, leaf) == (hash == hash_));
    }

    /// @dev Whatever stands beside it, also where the sums would wrap around.
    function testFuzz_noLeafIsMoreThanTheTotal(MerkleSum.Leaf memory leaf, uint32 count, uint128 total) public view {
        leaf.siblings = _cut(leaf.siblings);
        uint256 depth = leaf.siblings.length;
        count = uint32(depth == 0 ? 1 : (uint256(1) << (depth - 1)) + 1 + (count % (uint256(1) << (depth - 1))));
        leaf.index %= count;
        (bytes32 root, uint256 sum) = _climb(leaf);
        MerkleSum.Commitment memory tree = MerkleSum.Commitment(root, total, count);
        assert(this.isIncluded(tree, leaf) == (sum == total));
        if (sum > type(uint128).max) return;
        tree.total = uint128(sum);
        assert(this.isIncluded(tree, leaf));
    }

    function testFuzz_sumsThatWrapAroundAreNone(bytes32 a, bytes32 b, uint128 owed, uint128 total) public view {
        if (owed <= total) return;
        uint128 negative;
        unchecked {
            negative = total - owed;
        }
        MerkleSum.Leaf memory leaf = MerkleSum.Leaf(0, a, owed, new MerkleSum.Sibling[](1));
        leaf.siblings[0] = MerkleSum.Sibling(b, negative);
        (bytes32 root, ) = _climb(leaf);
        assert(!this.isIncluded(MerkleSum.Commitment(root, total, 2), leaf));
    }

    /// @dev Dummies: what fills an odd level up is nobody's, whatever is said to stand there.
    function testFuzz_whatFillsTheTreeUpIsNoLeaf(
        Item[] memory items,
        uint32 beyond,
        bytes32 key,
        uint128 amount
    ) public view {
        items = _some(items);
        (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory leaf) = _build(items, items.length - 1);
        leaf.index = uint32(items.length) + (beyond % uint32(MOST));
        assert(!this.isIncluded(tree, leaf));
        if (leaf.siblings.length > 0 && items.length % 2 == 1) {
            // In the filling's own place, with the last leaf beside it.
            leaf.siblings[0] = MerkleSum.Sibling(
                keccak256(abi.encodePacked(uint8(0), leaf.key, leaf.amount)),
                leaf.amount
            );
            (leaf.index, leaf.key, leaf.amount) = (uint32(items.length), key, amount);
            assert(!this.isIncluded(tree, leaf));
            // Nor with a number of leaves that makes room for it: no leaf hashes to nothing.
            ++tree.count;
            assert(!this.isIncluded(tree, leaf));
        }
    }

    function testFuzz_anInnerNodeIsNoLeaf(Item[] memory items, uint256 pick) public view {
        items = _some(items);
        (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory leaf) = _build(items, pick % items.length);
        uint256 depth = leaf.siblings.length;
        if (depth == 0) return;
        // The node above the leaf, shown as a leaf of a tree that is one level lower.
        MerkleSum.Leaf memory inner = MerkleSum.Leaf(leaf.index / 2, 0, 0, new MerkleSum.Sibling[](depth - 1));
        MerkleSum.Sibling memory beside = leaf.siblings[0];
        (inner.key, inner.amount) = (_parent(leaf, beside), leaf.amount + beside.sum);
        for (uint256 i; i + 1 < depth; ++i) {
            inner.siblings[i] = leaf.siblings[i + 1];
        }
        assert(!this.isIncluded(tree, inner));
        tree.count = (tree.count + 1) / 2;
        assert(!this.isIncluded(tree, inner));
    }

    function testFuzz_absenceIsShownOfTheAbsentOnly(Item[] memory items, bytes32 key, uint256 pick) public view {
        items = _sorted(_some(items));
        uint256 count = items.length;
        if (pick % 2 == 0) key = items[pick % count].key;
        bool present;
        uint256 above = count;
        for (uint256 i = count; i > 0; --i) {
            if (items[i - 1].key == key) present = true;
            if (items[i - 1].key >= key) above = i - 1;
        }
        bool isEnd = above == 0 || above == count;
        MerkleSum.Leaf[] memory leaves = new MerkleSum.Leaf[](isEnd ? 1 : 2);
        MerkleSum.Commitment memory tree;
        (tree, leaves[0]) = _build(items, above == 0 ? 0 : above - 1);
        if (!isEnd) (, leaves[1]) = _build(items, above);
        assert(this.isAbsent(tree, key, leaves) == !present);
        if (isEnd) return;
        (leaves[0], leaves[1]) = (leaves[1], leaves[0]);
        assert(!this.isAbsent(tree, key, leaves));
    }

    function testFuzz_noTwoLeavesShowAPresentKeyAbsent(
        Item[] memory items,
        uint256 pick,
        uint256 a,
        uint256 b
    ) public view {
        items = _sorted(_some(items));
        bytes32 key = items[pick % items.length].key;
        MerkleSum.Leaf[] memory two = new MerkleSum.Leaf[](2);
        MerkleSum.Leaf[] memory one = new MerkleSum.Leaf[](1);
        MerkleSum.Commitment memory tree;
        (tree, two[0]) = _build(items, a % items.length);
        (, two[1]) = _build(items, b % items.length);
        one[0] = two[0];
        assert(!this.isAbsent(tree, key, two));
        assert(!this.isAbsent(tree, key, one));
    }

    function testFuzz_disorderIsShownOfTheDisorderedOnly(Item[] memory items, uint256 a, uint256 b) public view {
        items = _some(items);
        (a, b) = (a % items.length, b % items.length);
        (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory first) = _build(items, a);
        (, MerkleSum.Leaf memory second) = _build(items, b);
        assert(this.isDisordered(tree, first, second) == (a < b && items[a].key >= items[b].key));
        items = _sorted(items);
        (tree, first) = _build(items, a);
        (, second) = _build(items, b);
        assert(!this.isDisordered(tree, first, second));
    }

    /// @dev At least one item, and not too many.
    function _some(Item[] memory items) private pure returns (Item[] memory some) {
        uint256 length =
            items.length == 0
                ? 1
                : items.length > MOST
                    ? MOST
                    : items.length;
        some = new Item[](length);
        for (uint256 i; i < length && i < items.length; ++i) {
            some[i] = items[i];
        }
    }

    function _cut(MerkleSum.Sibling[] memory siblings) private pure returns (MerkleSum.Sibling[] memory cut) {
        cut = new MerkleSum.Sibling[](siblings.length % 20);
        for (uint256 i; i < cut.length; ++i) {
            cut[i] = siblings[i];
        }
    }

    /// @dev In ascending order, each key once: a key that comes again is raised above the one before.
    function _sorted(Item[] memory items) private pure returns (Item[] memory) {
        for (uint256 i = 1; i < items.length; ++i) {
            for (uint256 j = i; j > 0 && items[j - 1].key > items[j].key; --j) {
                (items[j - 1], items[j]) = (items[j], items[j - 1]);
            }
        }
        for (uint256 i = 1; i < items.length; ++i) {
            if (items[i].key > items[i - 1].key) continue;
            vm.assume(items[i - 1].key != bytes32(type(uint256).max));
            items[i].key = bytes32(uint256(items[i - 1].key) + 1);
        }
        return items;
    }

    function _build(
        Item[] memory items,
        uint256 index
    ) private pure returns (MerkleSum.Commitment memory tree, MerkleSum.Leaf memory leaf) {
        uint256 depth;
        while (uint256(1) << depth < items.length) ++depth;
        MerkleSum.Sibling[] memory level = new MerkleSum.Sibling[](uint256(1) << depth);
        for (uint256 i; i < items.length; ++i) {
            level[i] = MerkleSum.Sibling(_leaf(items[i].key, items[i].amount), items[i].amount);
        }
        leaf = MerkleSum.Leaf(uint32(index), items[index].key, items[index].amount, new MerkleSum.Sibling[](depth));
        for (uint256 height; height < depth; ++height) {
            leaf.siblings[height] = level[(index >> height) ^ 1];
            MerkleSum.Sibling[] memory next = new MerkleSum.Sibling[](level.length / 2);
            for (uint256 i; i < next.length; ++i) {
                next[i] = _join(level[2 * i], level[2 * i + 1]);
            }
            level = next;
        }
        tree = MerkleSum.Commitment(level[0].hash, level[0].sum, uint32(items.length));
    }

    /// @dev What is missing to a full tree is nothing, at any height.
    function _join(
        MerkleSum.Sibling memory left,
        MerkleSum.Sibling memory right
    ) private pure returns (MerkleSum.Sibling memory) {
        if (left.hash == 0 && right.hash == 0) return MerkleSum.Sibling(0, 0);
        return MerkleSum.Sibling(_node(left.hash, left.sum, right.hash, right.sum), left.sum + right.sum);
    }

    /// @dev The way up as it would be without a look at the sums: they wrap around in the hashes.
    function _climb(MerkleSum.Leaf memory leaf) private pure returns (bytes32 hash, uint256 sum) {
        (hash, sum) = (_leaf(leaf.key, leaf.amount), leaf.amount);
        for (uint256 i; i < leaf.siblings.length; ++i) {
            MerkleSum.Sibling memory sibling = leaf.siblings[i];
            bool isLeft = (leaf.index >> i) & 1 == 0;
            uint128 wrapped = uint128(sum);
            hash =
                isLeft
                    ? _node(hash, wrapped, sibling.hash, sibling.sum)
                    : _node(sibling.hash, sibling.sum, hash, wrapped);
            sum += sibling.sum;
        }
    }

    function _parent(MerkleSum.Leaf memory leaf, MerkleSum.Sibling memory beside) private pure returns (bytes32) {
        bytes32 hash = _leaf(leaf.key, leaf.amount);
        return
            leaf.index % 2 == 0
                ? _node(hash, leaf.amount, beside.hash, beside.sum)
                : _node(beside.hash, beside.sum, hash, leaf.amount);
    }

    function _leaf(bytes32 key, uint128 amount) private pure returns (bytes32) {
        return keccak256(bytes.concat(hex"00", key, bytes16(amount)));
    }

    function _node(bytes32 left, uint128 leftSum, bytes32 right, uint128 rightSum) private pure returns (bytes32) {
        return keccak256(bytes.concat(hex"01", left, bytes16(leftSum), right, bytes16(rightSum)));
    }
}
