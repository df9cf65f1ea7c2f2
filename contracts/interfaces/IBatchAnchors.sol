// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRecords} from "./IRecords.sol";

/// @title Batch anchors: many records under one root (EV-6)
/// @notice A batch is an SSZ `List[Record, 2^20]`, a record the container `{digest: Bytes32, algorithm: uint16,
/// kind: uint32, subject: Bytes32, businessKey: Bytes32, refersTo: Bytes32}`. Anchoring its `hash_tree_root` puts every
/// record of it on the chain; a record is shown later with its place and a branch of 21 nodes. An anchor's identifier
/// is keccak256(owner, root): an anchor belongs to its owner, and copying a root takes nothing from anybody.
interface IBatchAnchors {
    /// @param root `hash_tree_root` of the list.
    /// @param anchoredAt Block time, seconds; 0: there is no such anchor.
    /// @param count Number of records in the list.
    /// @param responsible Partner that answers for an anonymous owner; the zero address: the owner itself.
    struct Anchor {
        bytes32 root;
        uint40 anchoredAt;
        uint32 count;
        address responsible;
    }

    /// @dev What the chain says about a record of a batch.
    enum LeafStatus {
        NotIncluded,
        Valid,
        Revoked
    }

    event Anchored(bytes32 indexed id, address indexed owner, bytes32 indexed root, uint32 count, address responsible);
    event LeafRevoked(bytes32 indexed id, uint256 indexed index, address indexed owner, bytes32 reason);

    error AnchorRootMissing();
    error AnchorCountOutOfRange(uint256 count, uint256 most);
    error AnchorExists(bytes32 id);
    error AnchorUnknown(bytes32 id);
    error AnchorNotOwner(bytes32 id, address caller);
    error AnchorIndexOutOfRange(bytes32 id, uint256 index, uint256 count);
    error AnchorLeafRevoked(bytes32 id, uint256 index);
    error AnchorReasonMissing();

    /// @notice Anchors a batch for the calling account, which must be permitted to record evidence.
    /// @param root `hash_tree_root` of the list.
    /// @param count Number of its records, 1 to 2^20. The root contains it: with another one no record verifies.
    /// @return id Identifier of the anchor.
    function anchor(bytes32 root, uint32 count) external returns (bytes32 id);

    /// @notice Marks one record of a batch of the caller's as revoked. The others stay as they are.
    /// @param index Place of the record in the list, from 0.
    /// @param reason Digest of the stated reason; it is kept.
    function revokeLeaf(bytes32 id, uint256 index, bytes32 reason) external;

    /// @notice Judges a record that is shown with its place and branch.
    /// @param branch Single-leaf proof of the record's generalised index, from the bottom up: 20 siblings, then the
    /// list's length.
    function verify(
        bytes32 id,
        uint256 index,
        IRecords.RecordInput calldata record,
        bytes32[21] calldata branch
    ) external view returns (LeafStatus);

    function anchorId(address owner, bytes32 root) external pure returns (bytes32);
    /// @notice The anchor of that identifier; `anchoredAt` is 0 where there is none.
    function anchorOf(bytes32 id) external view returns (Anchor memory);
    /// @notice Stated reason of a record's revocation; 0: it is not revoked.
    function revocationOf(bytes32 id, uint256 index) external view returns (bytes32 reason);
}
