// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IBatchAnchors} from "../interfaces/IBatchAnchors.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {SszProofs} from "./SszProofs.sol";

contract BatchAnchors is IBatchAnchors, CouncilUpgradeable {
    ICertifications private immutable CERTIFICATIONS;

    mapping(bytes32 id => Anchor) private _anchors;
    mapping(bytes32 id => mapping(uint256 index => bytes32 reason)) private _revocations;

    constructor(ICertifications certifications) {
        CERTIFICATIONS = certifications;
    }

    /// @inheritdoc IBatchAnchors
    function anchor(bytes32 root, uint32 count) external returns (bytes32 id) {
        if (root == bytes32(0)) revert AnchorRootMissing();
        if (count == 0 || count > SszProofs.MAX_COUNT) revert AnchorCountOutOfRange(count, SszProofs.MAX_COUNT);
        address responsible = CERTIFICATIONS.requireEvidence(msg.sender);
        id = anchorId(msg.sender, root);
        if (_anchors[id].anchoredAt != 0) revert AnchorExists(id);

        _anchors[id] = Anchor(root, uint40(block.timestamp), count, responsible);

        emit Anchored(id, msg.sender, root, count, responsible);
    }

    /// @inheritdoc IBatchAnchors
    function revokeLeaf(bytes32 id, uint256 index, bytes32 reason) external {
        if (reason == bytes32(0)) revert AnchorReasonMissing();
        Anchor storage a = _anchors[id];
        if (a.anchoredAt == 0) revert AnchorUnknown(id);
        if (anchorId(msg.sender, a.root) != id) revert AnchorNotOwner(id, msg.sender);
        if (index >= a.count) revert AnchorIndexOutOfRange(id, index, a.count);
        if (_revocations[id][index] != bytes32(0)) revert AnchorLeafRevoked(id, index);

        _revocations[id][index] = reason;

        emit LeafRevoked(id, index, msg.sender, reason);
    }

    /// @inheritdoc IBatchAnchors
    function verify(
        bytes32 id,
        uint256 index,
        IRecords.RecordInput calldata record,
        bytes32[21] calldata branch
    ) external view returns (LeafStatus) {
        Anchor storage a = _anchors[id];
        uint256 count = a.count;
        // An owner may have told another count than the list has; its records then verify nowhere.
        if (index >= count || branch[SszProofs.DEPTH] != SszProofs.littleEndian(count)) return LeafStatus.NotIncluded;
        bytes32 root = SszProofs.listRoot(SszProofs.recordRoot(record), index, branch);
        if (root != a.root) return LeafStatus.NotIncluded;
        return _revocations[id][index] == bytes32(0) ? LeafStatus.Valid : LeafStatus.Revoked;
    }

    /// @inheritdoc IBatchAnchors
    function anchorId(address owner, bytes32 root) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, root));
    }

    /// @inheritdoc IBatchAnchors
    function anchorOf(bytes32 id) external view returns (Anchor memory) {
        return _anchors[id];
    }

    /// @inheritdoc IBatchAnchors
    function revocationOf(bytes32 id, uint256 index) external view returns (bytes32 reason) {
        return _revocations[id][index];
    }
}
