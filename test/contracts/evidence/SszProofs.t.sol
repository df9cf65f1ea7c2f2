// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SszProofs} from "../../../contracts/evidence/SszProofs.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";

/// @title SSZ proofs against trees that are built as the specification says, node by node
contract SszProofsTest {
    uint256 private constant DEPTH = 20;

    function recordRoot(IRecords.RecordInput calldata record) external pure returns (bytes32) {
        return SszProofs.recordRoot(record);
    }

    function listRoot(bytes32 leaf, uint256 index, bytes32[21] calldata branch) external view returns (bytes32) {
        return SszProofs.listRoot(leaf, index, branch);
    }

    function testFuzz_aRecordsRootIsThatOfItsEightChunks(IRecords.RecordInput calldata record) public view {
        bytes32[] memory chunks = new bytes32[](8);
        chunks[0] = record.digest;
        chunks[1] = _reversed(record.algorithm);
        chunks[2] = _reversed(record.kind);
        chunks[3] = record.subject;
        chunks[4] = record.businessKey;
        chunks[5] = record.refersTo;
        assert(this.recordRoot(record) == _merkleize(chunks, 3));
    }

    function testFuzz_everyLeafOfAListLeadsToItsRoot(bytes32[] memory leaves, uint256 pick) public view {
        if (leaves.length == 0) return;
        uint256 index = pick % leaves.length;
        bytes32[21] memory branch;
        bytes32 root = _merkleizeWithBranch(leaves, index, branch);
        assert(this.listRoot(leaves[index], index, branch) == root);
    }

    function testFuzz_anotherPlaceLeadsElsewhere(
        bytes32[21] calldata branch,
        bytes32 leaf,
        uint256 a,
        uint256 b
    ) public view {
        a %= 1 << DEPTH;
        b %= 1 << DEPTH;
        if (a == b) return;
        assert(this.listRoot(leaf, a, branch) != this.listRoot(leaf, b, branch));
    }

    function testFuzz_anotherNodeLeadsElsewhere(
        bytes32[21] memory branch,
        bytes32 leaf,
        uint256 index,
        uint256 at,
        bytes32 other
    ) public view {
        at %= 21;
        bytes32 root = this.listRoot(leaf, index, branch);
        if (branch[at] == other) return;
        branch[at] = other;
        assert(this.listRoot(leaf, index, branch) != root);
    }

    function testFuzz_numbersAreLittleEndian(uint256 value) public pure {
        assert(SszProofs.littleEndian(value) == _reversed(value));
    }

    /// @dev With too little gas the precompile fails; that never passes for a root.
    function testFuzz_withTooLittleGasThereIsNoRoot(
        bytes32[21] calldata branch,
        bytes32 leaf,
        uint16 gas_
    ) public view {
        bytes32 root = this.listRoot(leaf, 7, branch);
        try this.listRoot{gas: gas_}(leaf, 7, branch) returns (bytes32 answer) {
            assert(answer == root);
        } catch {
            assert(gas_ < 30_000);
        }
    }

    function _merkleizeWithBranch(
        bytes32[] memory leaves,
        uint256 index,
        bytes32[21] memory branch
    ) private pure returns (bytes32) {
        bytes32[] memory level = leaves;
        bytes32 zero;
        for (uint256 height; height < DEPTH; ++height) {
            uint256 sibling = (index >> height) ^ 1;
            branch[height] = sibling < level.length ? level[sibling] : zero;
            level = _up(level, zero);
            zero = sha256(abi.encode(zero, zero));
        }
        branch[DEPTH] = _reversed(leaves.length);
        return sha256(abi.encode(level[0], branch[DEPTH]));
    }

    function _merkleize(bytes32[] memory level, uint256 depth) private pure returns (bytes32) {
        for (uint256 height; height < depth; ++height) {
            level = _up(level, 0);
        }
        return level[0];
    }

    function _up(bytes32[] memory level, bytes32 zero) private pure returns (bytes32[] memory next) {
        next = new bytes32[]((level.length + 1) / 2);
        for (uint256 i; i < next.length; ++i) {
            bytes32 right = 2 * i + 1 < level.length ? level[2 * i + 1] : zero;
            next[i] = sha256(abi.encode(level[2 * i], right));
        }
    }

    function _reversed(uint256 value) private pure returns (bytes32 result) {
        bytes memory bytes_ = new bytes(32);
        for (uint256 i; i < 32; ++i) {
            bytes_[i] = bytes1(uint8(value >> (8 * i)));
        }
        return bytes32(bytes_);
    }
}
