// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IAccountFactory} from "../interfaces/IAccountFactory.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Levels} from "../types/Levels.sol";
import {LevelPermissions, PartnerPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

contract Certifications is ICertifications, CouncilUpgradeable {
    uint256 public constant MAX_CERTIFIERS = 8;

    IPartners private immutable PARTNERS;
    IAccountFactory private immutable ACCOUNT_FACTORY;

    /// @dev Strongest live certification of an account, kept so that most checks read one slot. It holds while the
    /// level table is the one it was computed with and the certification has not expired.
    struct Standing {
        uint8 level;
        bool responsible;
        uint40 expiresAt;
        uint32 tableEdition;
        address certifier;
    }

    mapping(address account => mapping(address certifier => Certification)) private _certifications;
    mapping(address account => address[]) private _certifiers;
    mapping(address account => Standing) private _standings;
    mapping(uint8 number => LevelRule) private _levels;
    uint32 private _tableEdition;

    constructor(IPartners partners, IAccountFactory accountFactory) {
        PARTNERS = partners;
        ACCOUNT_FACTORY = accountFactory;
    }

    /// @notice Fills the level table with the rows of ID-5; part of the deployment, once.
    function initialise() external {
        if (_tableEdition != 0) revert UnauthorisedNotCouncil(msg.sender);
        uint32 sign = LevelPermissions.SIGN_LEGAL_DOCUMENTS;
        uint32 phone = LevelPermissions.EVIDENCE | LevelPermissions.CONFIRMATIONS;
        uint32 everything = sign | phone | LevelPermissions.VOUCHERS;
        _setLevel(Levels.APPLICANT, 10, sign);
        _setLevel(Levels.REGISTERED, 20, 0);
        _setLevel(Levels.ANONYMOUS, 30, LevelPermissions.EVIDENCE_UNDER_PARTNER);
        _setLevel(Levels.PHONE_VERIFIED, 40, phone);
        _setLevel(Levels.REAL_NAME, 50, everything);
        _setLevel(Levels.DIGITAL_CERTIFICATE, 60, everything);
    }

    /// @inheritdoc ICertifications
    function certify(address account, uint8 number, bool responsible, uint40 expiresAt, bytes32 digest) external {
        _requireCertifier(number);
        if (!ACCOUNT_FACTORY.isAccount(account)) revert CertificationNotAccount(account);
        if (_levels[number].rank == 0) revert CertificationLevelUnknown(number);
        if (expiresAt <= block.timestamp) revert CertificationExpiryPast(expiresAt, block.timestamp);
        if (digest == bytes32(0)) revert CertificationDigestMissing();

        Status previous = _certifications[account][msg.sender].status;
        if (previous == Status.None) {
            if (_certifiers[account].length == MAX_CERTIFIERS) {
                revert CertificationTooManyCertifiers(account, MAX_CERTIFIERS);
            }
            _certifiers[account].push(msg.sender);
        }
        _certifications[account][msg.sender] = Certification(
            number,
            Status.Active,
            responsible,
            uint40(block.timestamp),
            expiresAt,
            digest
        );
        _refresh(account);

        emit Certified(account, msg.sender, number, responsible, expiresAt, digest, previous);
    }

    /// @inheritdoc ICertifications
    function suspend(address account, bytes32 ground) external {
        _move(account, Status.Active, Status.Suspended, ground);
        emit CertificationSuspended(account, msg.sender, ground);
    }

    /// @inheritdoc ICertifications
    function resume(address account, bytes32 ground) external {
        // It makes a certification live, as a new one would: a partner that may not certify may not do that either.
        _requireCertifier(_certifications[account][msg.sender].level);
        _move(account, Status.Suspended, Status.Active, ground);
        emit CertificationResumed(account, msg.sender, ground);
    }

    /// @inheritdoc ICertifications
    function revoke(address account, bytes32 ground) external {
        Status status = _certifications[account][msg.sender].status;
        _move(account, status == Status.Suspended ? status : Status.Active, Status.Revoked, ground);
        emit CertificationRevoked(account, msg.sender, ground);
    }

    /// @inheritdoc ICertifications
    function setLevel(uint8 number, uint8 rank, uint32 permissions) external onlyCouncil {
        if (number == Levels.NONE) revert CertificationLevelUnknown(number);
        _setLevel(number, rank, permissions);
    }

    /// @inheritdoc ICertifications
    function certification(address account, address certifier) external view returns (Certification memory) {
        return _certifications[account][certifier];
    }

    /// @inheritdoc ICertifications
    function certifiersOf(address account) external view returns (address[] memory) {
        return _certifiers[account];
    }

    /// @inheritdoc ICertifications
    function level(uint8 number) external view returns (LevelRule memory) {
        return _levels[number];
    }

    /// @inheritdoc ICertifications
    function levelOf(address account) external view returns (uint8 number, address certifier) {
        Standing memory standing = _standingOf(account);
        return (standing.level, standing.certifier);
    }

    /// @inheritdoc ICertifications
    function permits(address account, uint32 permission) external view returns (bool) {
        return _levels[_standingOf(account).level].permissions & permission == permission;
    }

    /// @inheritdoc ICertifications
    function requireEvidence(address account) external view returns (address responsible) {
        Standing memory standing = _standingOf(account);
        uint32 permissions = _levels[standing.level].permissions;
        if (permissions & LevelPermissions.EVIDENCE != 0) return address(0);
        if (permissions & LevelPermissions.EVIDENCE_UNDER_PARTNER != 0 && standing.responsible) {
            return standing.certifier;
        }
        revert CertificationNotPermitted(account, standing.level, LevelPermissions.EVIDENCE);
    }

    /// @inheritdoc ICertifications
    function accepts(
        address partner,
        address account,
        uint8 number
    ) external view returns (Answer answer, address certifier) {
        uint8 wanted = _levels[number].rank;
        if (wanted == 0) revert CertificationLevelUnknown(number);

        answer = Answer.NotCertified;
        address[] storage certifiers = _certifiers[account];
        uint256 length = certifiers.length;
        for (uint256 i; i < length; ++i) {
            address candidate = certifiers[i];
            Answer one = _answer(partner, candidate, _certifications[account][candidate], wanted);
            if (one == Answer.Accepted) return (one, candidate);
            // The answers are ordered by how far a certification came: the furthest is the closest miss.
            if (one > answer) (answer, certifier) = (one, candidate);
        }
    }

    /// @inheritdoc ICertifications
    function checkTransfer(
        address issuer,
        address from,
        address to,
        uint8 number
    ) external view returns (address refused, Answer answer) {
        uint8 wanted = _levels[number].rank;
        if (wanted == 0) revert CertificationLevelUnknown(number);
        if (from != address(0)) answer = _holderAnswer(issuer, from, wanted);
        if (answer != Answer.Accepted) return (from, answer);
        if (to != address(0)) answer = _holderAnswer(issuer, to, wanted);
        if (answer != Answer.Accepted) refused = to;
    }

    /// @inheritdoc ICertifications
    function isLiveCertifier(address account, address certifier) external view returns (bool) {
        Certification storage c = _certifications[account][certifier];
        if (c.status != Status.Active || c.expiresAt <= block.timestamp) return false;
        return PARTNERS.isAdmitted(certifier) || _hasRole(Roles.ADMISSION, certifier);
    }

    function _holderAnswer(address issuer, address account, uint8 wanted) private view returns (Answer answer) {
        answer = Answer.NotCertified;
        address[] storage certifiers = _certifiers[account];
        uint256 length = certifiers.length;
        for (uint256 i; i < length; ++i) {
            Certification storage c = _certifications[account][certifiers[i]];
            Answer one = _answer(issuer, certifiers[i], c, wanted);
            if (one == Answer.Accepted) {
                if (_levels[c.level].permissions & LevelPermissions.VOUCHERS != 0) return one;
                one = Answer.LevelTooLow;
            }
            if (one > answer) answer = one;
        }
    }

    function _answer(
        address partner,
        address certifier,
        Certification storage c,
        uint8 wanted
    ) private view returns (Answer) {
        if (c.status != Status.Active || c.expiresAt <= block.timestamp) return Answer.NotLive;
        uint8 rank = _levels[c.level].rank;
        if (certifier != partner) {
            uint8 fromLevel = PARTNERS.recognition(partner, certifier);
            if (fromLevel == 0) return Answer.NotRecognised;
            uint8 lowest = _levels[fromLevel].rank;
            // A row that is not in use has rank 0: whoever recognises from there up recognises nobody.
            if (lowest == 0 || rank < lowest) return Answer.LevelTooLow;
        }
        return rank < wanted ? Answer.LevelTooLow : Answer.Accepted;
    }

    function _standingOf(address account) private view returns (Standing memory standing) {
        standing = _standings[account];
        if (standing.expiresAt <= block.timestamp || standing.tableEdition != _tableEdition) return _strongest(account);
    }

    function _strongest(address account) private view returns (Standing memory standing) {
        address[] storage certifiers = _certifiers[account];
        uint256 length = certifiers.length;
        uint8 highest;
        for (uint256 i; i < length; ++i) {
            Certification storage c = _certifications[account][certifiers[i]];
            if (c.status != Status.Active || c.expiresAt <= block.timestamp) continue;
            uint8 rank = _levels[c.level].rank;
            // Among equals, one whose certifier takes responsibility permits more.
            if (rank > highest || (rank == highest && rank != 0 && c.responsible && !standing.responsible)) {
                highest = rank;
                standing = Standing(c.level, c.responsible, c.expiresAt, _tableEdition, certifiers[i]);
            }
        }
    }

    function _requireCertifier(uint8 number) private view {
        if (
            !PARTNERS.hasPermission(msg.sender, PartnerPermissions.IDENTITY) && !_hasRole(Roles.ADMISSION, msg.sender)
        ) {
            revert CertificationNotAuthorised(msg.sender, number);
        }
    }

    function _refresh(address account) private {
        Standing memory standing = _strongest(account);
        _standings[account] = standing;
        IQuota(SystemAddresses.QUOTA).setStanding(account, standing.level, standing.expiresAt);
    }

    function _move(address account, Status from, Status to, bytes32 ground) private {
        if (ground == bytes32(0)) revert CertificationGroundMissing();
        Certification storage c = _certifications[account][msg.sender];
        if (c.status != from) revert CertificationWrongStatus(account, msg.sender, c.status);
        c.status = to;
        _refresh(account);
    }

    function _setLevel(uint8 number, uint8 rank, uint32 permissions) private {
        _levels[number] = LevelRule(rank, permissions);
        ++_tableEdition;
        emit LevelSet(number, rank, permissions);
    }
}
