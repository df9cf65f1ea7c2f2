// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IHostedFiles} from "../interfaces/IHostedFiles.sol";

contract HostedFiles is IHostedFiles, CouncilUpgradeable {
    ICertifications private immutable CERTIFICATIONS;

    mapping(bytes32 id => HostedFile) private _files;

    constructor(ICertifications certifications) {
        CERTIFICATIONS = certifications;
    }

    /// @inheritdoc IHostedFiles
    function register(
        bytes32 contentDigest,
        bytes32 locationDigest,
        uint64 size,
        uint40 until
    ) external returns (bytes32 id) {
        if (contentDigest == bytes32(0) || locationDigest == bytes32(0)) revert HostedFileDigestMissing();
        if (size == 0) revert HostedFileSizeMissing();
        if (until <= block.timestamp) revert HostedFileTermPast(until, block.timestamp);
        id = fileId(msg.sender, contentDigest);
        if (_statusOf(_files[id]) == Status.Hosted) revert HostedFileExists(id);
        address responsible = CERTIFICATIONS.requireEvidence(msg.sender);

        _files[id] = HostedFile(size, uint40(block.timestamp), until, Status.Hosted, responsible, locationDigest);

        emit FileRegistered(contentDigest, msg.sender, locationDigest, size, until, responsible);
    }

    /// @inheritdoc IHostedFiles
    function extend(bytes32 contentDigest, uint40 until) external {
        HostedFile storage file = _hosted(contentDigest);
        CERTIFICATIONS.requireEvidence(msg.sender);
        uint40 current = file.until;
        if (until <= current) revert HostedFileTermShorter(until, current);

        file.until = until;

        emit FileExtended(contentDigest, msg.sender, current, until);
    }

    /// @inheritdoc IHostedFiles
    function end(bytes32 contentDigest) external {
        HostedFile storage file = _hosted(contentDigest);

        (file.status, file.until) = (Status.Ended, uint40(block.timestamp));

        emit FileEnded(contentDigest, msg.sender, uint40(block.timestamp));
    }

    /// @inheritdoc IHostedFiles
    function fileId(address owner, bytes32 contentDigest) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, contentDigest));
    }

    /// @inheritdoc IHostedFiles
    function fileOf(bytes32 id) external view returns (HostedFile memory file) {
        file = _files[id];
        file.status = _statusOf(_files[id]);
    }

    function _statusOf(HostedFile storage file) private view returns (Status status) {
        status = file.status;
        if (status == Status.Hosted && block.timestamp >= file.until) status = Status.Expired;
    }

    function _hosted(bytes32 contentDigest) private view returns (HostedFile storage file) {
        bytes32 id = fileId(msg.sender, contentDigest);
        file = _files[id];
        Status status = _statusOf(file);
        if (status != Status.Hosted) revert HostedFileWrongStatus(id, status);
    }
}
