// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {ILegalDocuments} from "../interfaces/ILegalDocuments.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {Roles} from "../types/Roles.sol";

contract Partners is IPartners, CouncilUpgradeable {
    ILegalDocuments private immutable LEGAL_DOCUMENTS;

    mapping(address account => Partner) private _partners;
    mapping(address partner => mapping(address certifier => uint8)) private _recognitions;

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

        p.status = Status.Admitted;
        p.permissions = permissions;
        p.admittedBlock = uint48(block.number);
        p.admissionParty = msg.sender;
        p.document = document;
        p.name = name;

        emit PartnerAdmitted(account, msg.sender, permissions, document, name);
    }

    /// @inheritdoc IPartners
    function setPermissions(address account, uint32 permissions) external onlyRole(Roles.ADMISSION) {
        Partner storage p = _partners[account];
        if (p.status != Status.Admitted && p.status != Status.Suspended) {
            revert PartnerWrongStatus(account, p.status);
        }

        p.permissions = permissions;

        emit PermissionsChanged(account, permissions);
    }

    /// @inheritdoc IPartners
    function suspend(address account, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        _move(account, Status.Admitted, Status.Suspended, ground);
        emit PartnerSuspended(account, ground);
    }

    /// @inheritdoc IPartners
    function reinstate(address account, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        _move(account, Status.Suspended, Status.Admitted, ground);
        emit PartnerReinstated(account, ground);
    }

    /// @inheritdoc IPartners
    function terminate(address account, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        Status status = _partners[account].status;
        _move(account, status == Status.Suspended ? status : Status.Admitted, Status.Terminated, ground);
        emit PartnerTerminated(account, ground);
    }

    /// @inheritdoc IPartners
    function recognise(address certifier, uint8 fromLevel) external {
        requirePermission(msg.sender, 0);
        if (_partners[certifier].status == Status.None && !_hasRole(Roles.ADMISSION, certifier)) {
            revert PartnerNotACertifier(certifier);
        }

        _recognitions[msg.sender][certifier] = fromLevel;

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

    function _move(address account, Status from, Status to, bytes32 ground) private {
        Partner storage p = _partners[account];
        if (ground == bytes32(0)) revert PartnerGroundMissing();
        if (p.status != from) revert PartnerWrongStatus(account, p.status);
        p.status = to;
    }
}
