// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRecords} from "../interfaces/IRecords.sol";

/// @title SSZ Merkle proofs of single records in `List[Record, 2^20]`
/// @notice Simple Serialize as the Ethereum consensus specifications define it: SHA-256, little-endian numbers, a list's
/// root mixed with its length.
/// @dev https://github.com/ethereum/consensus-specs/blob/master/ssz/simple-serialize.md
library SszProofs {
    /// @dev Depth of the tree below the length.
    uint256 internal constant DEPTH = 20;
    uint256 internal constant MAX_COUNT = 1 << DEPTH;

    /// @dev Hash of two zero chunks: the six fields are padded to eight.
    bytes32 private constant ZERO_PAIR = 0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b;

    /// @notice `hash_tree_root` of a record.
    function recordRoot(IRecords.RecordInput calldata record) internal pure returns (bytes32) {
        bytes32 left = _hash(
            _hash(record.digest, littleEndian(record.algorithm)),
            _hash(littleEndian(record.kind), record.subject)
        );
        bytes32 right = _hash(_hash(record.businessKey, record.refersTo), ZERO_PAIR);
        return _hash(left, right);
    }

    /// @notice Root of the list that has `leaf` at `index` beside the branch's siblings; its last node is the length.
    /// @dev For an index beyond the tree the answer is the root of another place: the caller compares with the count.
    function listRoot(bytes32 leaf, uint256 index, bytes32[21] calldata branch) internal view returns (bytes32 root) {
        // The length stands on the right of the tree, whatever the index.
        uint256 path = index & (MAX_COUNT - 1);
        bool complete = true;
        // The scratch space holds one pair. Should the precompile fail, for want of gas, the result is worth nothing.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            root := leaf
            let end := add(branch, 0x2a0)
            for {
                let at := branch
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                let side := shl(5, and(path, 1))
                mstore(side, root)
                mstore(xor(side, 0x20), calldataload(at))
                complete := and(complete, staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20))
                root := mload(0x00)
                path := shr(1, path)
            }
        }
        assert(complete);
    }

    /// @notice A number as an SSZ chunk.
    function littleEndian(uint256 value) internal pure returns (bytes32) {
        uint256 reversed;
        for (uint256 shift = 256; value != 0; value >>= 8) {
            shift -= 8;
            reversed |= (value & 0xff) << shift;
        }
        return bytes32(reversed);
    }

    function _hash(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(left, right));
    }
}
