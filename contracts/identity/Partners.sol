// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {Enforced} from "../governance/Enforced.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {ILegalDocuments} from "../interfaces/ILegalDocuments.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Names} from "../types/Names.sol";
import {PastBlocks} from "../types/PastBlocks.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

contract Partners is IPartners, CouncilUpgradeable, Enforced {
    using Checkpoints for Checkpoints.Trace208;
    using Checkpoints for Checkpoints.Trace256;

    ILegalDocuments private immutable LEGAL_DOCUMENTS;

    mapping(address account => Partner) private _partners;
    mapping(address partner => mapping(address certifier => uint8)) private _recognitions;
    /// @dev Checkpoints of status (8) | permissions (32), from the lowest bits up.
    mapping(address partner => Checkpoints.Trace208) private _history;
    mapping(address partner => Checkpoints.Trace256) private _grounds;
    mapping(address partner => mapping(address certifier => Checkpoints.Trace208)) private _recognitionHistory;
    /// @dev Partners that an order suspended: only an order reinstates them.
    mapping(address partner => bool) private _ordered;
    mapping(bytes32 nameDigest => address) private _named;

    constructor(ILegalDocuments legalDocuments) {
        LEGAL_DOCUMENTS = legalDocuments;
    }

    /// @inheritdoc IPartners
    function admit(
        address account,
        uint32 permissions,
        bytes32 document,
        string calldata name
    ) external onlyRole(Roles.ADMISSION) {
        Partner storage p = _partners[account];
        if (p.status != Status.None) revert PartnerKnown(account, p.status);
        if (!LEGAL_DOCUMENTS.hasSigned(document, account)) revert PartnerUnsigned(account, document);
        if (bytes(name).length == 0) revert PartnerNameMissing();
        bytes32 nameDigest = keccak256(bytes(name));
        if (_named[nameDigest] != address(0)) revert PartnerNameTaken(name, _named[nameDigest]);

        p.status = Status.Admitted;
        p.permissions = permissions;
        p.admittedBlock = uint48(block.number);
        p.admissionParty = msg.sender;
        p.document = document;
        p.name = name;
        _named[nameDigest] = account;
        _keep(account, p);

        emit PartnerAdmitted(account, msg.sender, permissions, document, name);
    }

    /// @inheritdoc IPartners
    function setPermissions(address account, uint32 permissions) external onlyRole(Roles.ADMISSION) {
        Partner storage p = _partners[account];
        if (p.status != Status.Admitted && p.status != Status.Suspended) {
            revert PartnerWrongStatus(account, p.status);
        }

        p.permissions = permissions;
        _keep(account, p);

        emit PermissionsChanged(account, permissions);
    }

    /// @inheritdoc IPartners
    function suspend(address account, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        _move(account, Status.Admitted, Status.Suspended, ground);
        emit PartnerSuspended(account, ground);
        _bar(account, true);
    }

    /// @inheritdoc IPartners
    function reinstate(address account, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        if (_ordered[account]) revert PartnerUnderOrder(account);
        _reinstate(account, ground);
    }

    /// @inheritdoc IPartners
    function terminate(address account, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        _terminate(account, ground);
    }

    /// @inheritdoc IPartners
    function suspendOnOrder(address account) external {
        bytes32 order = bytes32(_orderAbout(account));
        // One that the operator suspended stays so: from now on it is the order's.
        bool suspended = _partners[account].status == Status.Suspended && !_ordered[account];
        _move(account, suspended ? Status.Suspended : Status.Admitted, Status.Suspended, order);
        _ordered[account] = true;
        emit PartnerSuspended(account, order);
        _bar(account, true);
    }

    /// @inheritdoc IPartners
    function reinstateOnOrder(address account) external {
        bytes32 order = bytes32(_orderAbout(account));
        delete _ordered[account];
        _reinstate(account, order);
    }

    /// @inheritdoc IPartners
    function terminateOnOrder(address account) external {
        _terminate(account, bytes32(_orderAbout(account)));
    }

    /// @inheritdoc IPartners
    function recognise(address certifier, uint8 fromLevel) external {
        requirePermission(msg.sender, 0);
        if (_partners[certifier].status == Status.None && !_hasRole(Roles.ADMISSION, certifier)) {
            revert PartnerNotACertifier(certifier);
        }

        _recognitions[msg.sender][certifier] = fromLevel;
        _recognitionHistory[msg.sender][certifier].push(uint48(block.number), fromLevel);

        emit RecognitionChanged(msg.sender, certifier, fromLevel);
    }

    /// @inheritdoc IPartners
    function partner(address account) external view returns (Partner memory) {
        return _partners[account];
    }

    /// @inheritdoc IPartners
    function statusOf(address account) external view returns (Status) {
        return _partners[account].status;
    }

    /// @inheritdoc IPartners
    function isAdmitted(address account) external view returns (bool) {
        return _partners[account].status == Status.Admitted;
    }

    /// @inheritdoc IPartners
    function hasPermission(address account, uint32 permission) external view returns (bool) {
        Partner storage p = _partners[account];
        return p.status == Status.Admitted && p.permissions & permission == permission;
    }

    /// @inheritdoc IPartners
    function requirePermission(address account, uint32 permission) public view {
        Partner storage p = _partners[account];
        if (p.status != Status.Admitted) revert PartnerNotAdmitted(account);
        if (p.permissions & permission != permission) revert PartnerPermissionMissing(account, permission);
    }

    /// @inheritdoc IPartners
    function recognition(address account, address certifier) external view returns (uint8 fromLevel) {
        return _recognitions[account][certifier];
    }

    /// @inheritdoc IPartners
    function recognitionAt(address account, address certifier, uint48 blockNumber) external view returns (uint8) {
        PastBlocks.check(blockNumber);
        return uint8(_recognitionHistory[account][certifier].upperLookupRecent(blockNumber));
    }

    /// @inheritdoc IPartners
    function statusAt(address account, uint48 blockNumber) external view returns (Status) {
        PastBlocks.check(blockNumber);
        return Status(uint8(_history[account].upperLookupRecent(blockNumber)));
    }

    /// @inheritdoc IPartners
    function permissionsAt(address account, uint48 blockNumber) external view returns (uint32) {
        PastBlocks.check(blockNumber);
        return uint32(_history[account].upperLookupRecent(blockNumber) >> 8);
    }

    /// @inheritdoc IPartners
    function groundOf(address account) external view returns (bytes32) {
        return bytes32(_grounds[account].latest());
    }

    /// @inheritdoc IPartners
    function groundAt(address account, uint48 blockNumber) external view returns (bytes32) {
        PastBlocks.check(blockNumber);
        return bytes32(_grounds[account].upperLookupRecent(blockNumber));
    }

    /// @inheritdoc IPartners
    function isUnderOrder(address account) external view returns (bool) {
        return _ordered[account];
    }

    /// @inheritdoc IPartners
    function partnerNamed(string calldata name) external view returns (address) {
        return _named[keccak256(bytes(name))];
    }

    function _reinstate(address account, bytes32 ground) private {
        _move(account, Status.Suspended, Status.Admitted, ground);
        emit PartnerReinstated(account, ground);
        _bar(account, false);
    }

    function _terminate(address account, bytes32 ground) private {
        Status status = _partners[account].status;
        _move(account, status == Status.Suspended ? status : Status.Admitted, Status.Terminated, ground);
        emit PartnerTerminated(account, ground);
        _bar(account, true);
        address certifications = IDirectory(SystemAddresses.DIRECTORY).addressOf(Names.CERTIFICATIONS);
        ICertifications(certifications).noteTermination(account);
    }

    function _bar(address account, bool barred) private {
        IQuota(SystemAddresses.QUOTA).setBarred(account, barred);
    }

    function _move(address account, Status from, Status to, bytes32 ground) private {
        Partner storage p = _partners[account];
        if (ground == bytes32(0)) revert PartnerGroundMissing();
        if (p.status != from) revert PartnerWrongStatus(account, p.status);

        p.status = to;
        _grounds[account].push(block.number, uint256(ground));
        _keep(account, p);
    }

    /// @dev Adds what a partner is and may do now to its history.
    function _keep(address account, Partner storage p) private {
        _history[account].push(uint48(block.number), uint208(uint8(p.status)) | (uint208(p.permissions) << 8));
    }
}
