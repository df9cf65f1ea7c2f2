// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {Enforced} from "../governance/Enforced.sol";
import {IAccountFactory} from "../interfaces/IAccountFactory.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Acceptance} from "../types/Acceptance.sol";
import {CertificationState, CertificationStates} from "../types/CertificationState.sol";
import {LevelRow} from "../types/LevelRow.sol";
import {Levels} from "../types/Levels.sol";
import {LevelPermissions, PartnerPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";
import {Standing, Standings} from "../types/Standing.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {PastCertifications} from "./PastCertifications.sol";

contract Certifications is PastCertifications, CouncilUpgradeable, Enforced {
    IAccountFactory private immutable ACCOUNT_FACTORY;

    /// @dev Strongest live certification of an account, kept so that most checks read one slot of it. It holds while the
    /// level table is the one it was computed with, the certification has not expired and its certifier is not
    /// terminated; afterwards answers are computed anew, until a change or `refresh` keeps the result.
    mapping(address account => Standing) private _standings;

    constructor(IPartners partners, IAccountFactory accountFactory) PastCertifications(partners) {
        ACCOUNT_FACTORY = accountFactory;
    }

    /// @notice Fills the level table with the rows of ID-5; part of the deployment, once.
    function initialise() external {
        if (_tableEdition() != 0) revert UnauthorisedNotCouncil(msg.sender);
        uint32 sign = LevelPermissions.SIGN_LEGAL_DOCUMENTS;
        uint32 phone = LevelPermissions.EVIDENCE | LevelPermissions.CONFIRMATIONS;
        uint32 everything = sign | phone | LevelPermissions.VOUCHERS;
        _setRow(Levels.APPLICANT, 10, sign);
        _setRow(Levels.REGISTERED, 20, 0);
        _setRow(Levels.ANONYMOUS, 30, LevelPermissions.EVIDENCE_UNDER_PARTNER);
        _setRow(Levels.PHONE_VERIFIED, 40, phone);
        _setRow(Levels.REAL_NAME, 50, everything);
        _setRow(Levels.DIGITAL_CERTIFICATE, 60, everything);
    }

    /// @inheritdoc ICertifications
    function certify(address account, uint8 number, bool responsible, uint40 expiresAt, bytes32 digest) external {
        _requireCertifier(account, number);
        if (!ACCOUNT_FACTORY.isAccount(account)) revert CertificationNotAccount(account);
        if (msg.sender == account) revert CertificationOfOneself(account);
        if (_row(number).rank() == 0) revert CertificationLevelUnknown(number);
        if (expiresAt <= block.timestamp) revert CertificationExpiryPast(expiresAt, block.timestamp);
        if (digest == bytes32(0)) revert CertificationDigestMissing();
        CertificationState previous = _state(account, msg.sender);
        if (previous.isOrdered()) revert CertificationUnderOrder(account, msg.sender);

        CertificationState state = CertificationStates
            .create(number, responsible, uint40(block.timestamp), expiresAt, previous.issue() + 1)
            .withSince(_permitsVouchers(previous, msg.sender) ? previous.since() : uint48(block.number));
        _enterIssue(account, msg.sender, previous, state, digest);

        emit Certified(account, msg.sender, number, responsible, expiresAt, digest, previous.status());

        _refresh(account);
    }

    /// @inheritdoc ICertifications
    function suspend(address account, bytes32 ground) external {
        _move(account, Status.Active, Status.Suspended, ground);
    }

    /// @inheritdoc ICertifications
    function resume(address account, bytes32 ground) external {
        // It makes a certification live, as a new one would: a partner that may not certify may not do that either.
        CertificationState state = _state(account, msg.sender);
        _requireCertifier(account, state.level());
        if (state.isOrdered()) revert CertificationUnderOrder(account, msg.sender);
        _move(account, Status.Suspended, Status.Active, ground);
    }

    /// @inheritdoc ICertifications
    function revoke(address account, bytes32 ground) external {
        Status status = _state(account, msg.sender).status();
        _move(account, status == Status.Suspended ? status : Status.Active, Status.Revoked, ground);
    }

    /// @inheritdoc ICertifications
    function suspendOnOrder(address account, address certifier) external {
        uint256 order = _orderAbout(account);
        CertificationState state = _state(account, certifier);
        bool resumable = state.status() == Status.Suspended && !state.isOrdered();
        if (state.status() != Status.Active && !resumable) {
            revert CertificationWrongStatus(account, certifier, state.status());
        }
        _enter(account, certifier, state.withStatus(Status.Suspended).withOrdered(true), bytes32(order));
    }

    /// @inheritdoc ICertifications
    function revokeOnOrder(address account, address certifier) external {
        uint256 order = _orderAbout(account);
        CertificationState state = _state(account, certifier);
        if (state.status() != Status.Active && state.status() != Status.Suspended) {
            revert CertificationWrongStatus(account, certifier, state.status());
        }
        _enter(account, certifier, state.withStatus(Status.Revoked).withOrdered(true), bytes32(order));
    }

    /// @inheritdoc ICertifications
    function liftOnOrder(address account, address certifier) external {
        bytes32 order = bytes32(_orderAbout(account));
        CertificationState state = _state(account, certifier);
        if (!state.isOrdered()) revert CertificationNotUnderOrder(account, certifier);

        state = state.withOrdered(false);
        bool suspended = state.status() == Status.Suspended;
        _enterStatus(account, certifier, suspended ? state.withStatus(Status.Active) : state, order);

        emit CertificationOrderLifted(account, certifier, order);
        if (suspended) emit CertificationResumed(account, certifier, order);

        _refresh(account);
    }

    /// @inheritdoc ICertifications
    function refresh(address account) external {
        _refresh(account);
    }

    /// @inheritdoc ICertifications
    function noteTermination(address certifier) external {
        if (msg.sender != address(PARTNERS)) revert CertificationNotPartners(msg.sender);
        _setTerminated(certifier);
    }

    /// @inheritdoc ICertifications
    function setLevel(uint8 number, uint8 rank, uint32 permissions) external onlyCouncil {
        _setRow(number, rank, permissions);
    }

    /// @inheritdoc ICertifications
    function levelOf(address account) external view returns (uint8 number, address certifier) {
        Standing standing = _standings[account];
        if (!_isFresh(standing, _row(standing.level()))) standing = _strongest(account);
        return (standing.level(), standing.certifier());
    }

    /// @inheritdoc ICertifications
    function permits(address account, uint32 permission) external view returns (bool) {
        Standing standing = _standings[account];
        LevelRow row = _row(standing.level());
        if (_isFresh(standing, row) && row.permits(permission)) return true;

        uint32 permissions;
        address[] storage certifiers = _certifiersNow(account);
        uint256 length = certifiers.length;
        for (uint256 i; i < length; ++i) {
            CertificationState state = _state(account, certifiers[i]);
            row = _row(state.level());
            if (row.rank() != 0 && _isLive(state, certifiers[i])) permissions |= row.permissions();
        }
        return permissions & permission == permission;
    }

    /// @inheritdoc ICertifications
    function requireEvidence(address account) external view returns (address responsible) {
        Standing standing = _standings[account];
        LevelRow row = _row(standing.level());
        if (_isFresh(standing, row)) {
            if (row.permits(LevelPermissions.EVIDENCE)) return address(0);
            if (row.permits(LevelPermissions.EVIDENCE_UNDER_PARTNER) && standing.isResponsible()) {
                return standing.certifier();
            }
        }
        return _requireEvidence(account);
    }

    /// @inheritdoc ICertifications
    function accepts(
        address partner,
        address account,
        uint8 number
    ) external view returns (Answer answer, address certifier) {
        uint8 wanted = _wantedRank(number);
        return _bestAnswer(partner, account, wanted, 0);
    }

    /// @inheritdoc ICertifications
    function checkTransfer(
        address issuer,
        address from,
        address to,
        uint8 number
    ) external view returns (address refused, Answer answer) {
        uint8 wanted = _wantedRank(number);
        Standing accepted;
        if (from != address(0)) {
            (answer, accepted) = _holderAnswer(issuer, from, wanted, accepted);
            if (answer != Answer.Accepted) return (from, answer);
        }
        if (to != address(0)) {
            (answer, ) = _holderAnswer(issuer, to, wanted, accepted);
            if (answer != Answer.Accepted) refused = to;
        }
    }

    /// @inheritdoc ICertifications
    function isLiveCertifier(address account, address certifier) external view returns (bool) {
        CertificationState state = _state(account, certifier);
        if (_row(state.level()).rank() == 0 || !_isLive(state, certifier)) return false;
        return PARTNERS.isAdmitted(certifier) || _hasRole(Roles.ADMISSION, certifier);
    }

    /// @inheritdoc ICertifications
    function admittedCertifierOf(address account) external view returns (address) {
        address[] storage certifiers = _certifiersNow(account);
        uint256 length = certifiers.length;
        for (uint256 i; i < length; ++i) {
            address candidate = certifiers[i];
            CertificationState state = _state(account, candidate);
            if (_row(state.level()).rank() == 0 || !_isLive(state, candidate)) continue;
            if (PARTNERS.isAdmitted(candidate)) return candidate;
        }
        return address(0);
    }

    /// @inheritdoc ICertifications
    function liveSince(address account, address certifier) external view returns (uint48) {
        CertificationState state = _state(account, certifier);
        return _permitsVouchers(state, certifier) ? state.since() : 0;
    }

    /// @param accepted What has been accepted before, so that nobody is asked about the same thing twice.
    /// @return answer See `checkTransfer`.
    /// @return by Standing that was accepted; nothing where another certification than the strongest decided.
    function _holderAnswer(
        address issuer,
        address account,
        uint8 wanted,
        Standing accepted
    ) private view returns (Answer answer, Standing by) {
        Standing standing = _standings[account];
        if (standing.equalsButExpiry(accepted) && standing.expiresAt() > block.timestamp) {
            return (Answer.Accepted, standing);
        }
        LevelRow row = _row(standing.level());
        if (_isFresh(standing, row) && row.permits(LevelPermissions.VOUCHERS)) {
            answer = _judge(issuer, standing.certifier(), row.rank(), wanted);
            if (answer == Answer.Accepted) return (answer, standing);
        }
        (answer, ) = _bestAnswer(issuer, account, wanted, LevelPermissions.VOUCHERS);
    }

    /// @dev The closest answer among all certifications, each of which also has to have the permission bits.
    function _bestAnswer(
        address partner,
        address account,
        uint8 wanted,
        uint32 permission
    ) private view returns (Answer answer, address certifier) {
        answer = Answer.NotCertified;
        uint256 closest;
        address[] storage certifiers = _certifiersNow(account);
        uint256 length = certifiers.length;
        for (uint256 i; i < length; ++i) {
            address candidate = certifiers[i];
            CertificationState state = _state(account, candidate);
            LevelRow row = _row(state.level());
            Answer one = _isLive(state, candidate) ? _judge(partner, candidate, row.rank(), wanted) : Answer.NotLive;
            if (one == Answer.Accepted && !row.permits(permission)) one = Answer.LevelTooLow;
            uint256 strength = Acceptance.strength(row.rank(), state.isResponsible(), candidate);
            uint256 close = Acceptance.closeness(one, strength);
            if (close > closest) (closest, answer, certifier) = (close, one, candidate);
        }
    }

    function _judge(address partner, address certifier, uint8 rank, uint8 wanted) private view returns (Answer) {
        if (partner == certifier) return Acceptance.judge(true, 0, 0, rank, wanted);
        uint8 fromLevel = PARTNERS.recognition(partner, certifier);
        return Acceptance.judge(false, fromLevel, _row(fromLevel).rank(), rank, wanted);
    }

    function _permitsVouchers(CertificationState state, address certifier) private view returns (bool) {
        LevelRow row = _row(state.level());
        return row.rank() != 0 && row.permits(LevelPermissions.VOUCHERS) && _isLive(state, certifier);
    }

    function _wantedRank(uint8 number) private view returns (uint8 rank) {
        rank = _row(number).rank();
        if (rank == 0) revert CertificationLevelUnknown(number);
    }

    function _isFresh(Standing standing, LevelRow row) private view returns (bool) {
        return
            standing.expiresAt() > block.timestamp &&
            standing.edition() == row.edition() &&
            !_isTerminated(standing.certifier());
    }

    function _strongest(address account) private view returns (Standing standing) {
        address[] storage certifiers = _certifiersNow(account);
        uint256 length = certifiers.length;
        uint256 highest;
        for (uint256 i; i < length; ++i) {
            address candidate = certifiers[i];
            CertificationState state = _state(account, candidate);
            if (!_isLive(state, candidate)) continue;
            uint8 number = state.level();
            LevelRow row = _row(number);
            bool responsible = state.isResponsible();
            uint256 strength = Acceptance.strength(row.rank(), responsible, candidate);
            if (row.rank() != 0 && strength > highest) {
                highest = strength;
                standing = Standings.create(number, responsible, state.expiresAt(), row.edition(), candidate);
            }
        }
    }

    /// @dev The strongest of the live certifications that permit evidence decides.
    function _requireEvidence(address account) private view returns (address responsible) {
        address[] storage certifiers = _certifiersNow(account);
        uint256 length = certifiers.length;
        uint256 highest;
        for (uint256 i; i < length; ++i) {
            address candidate = certifiers[i];
            CertificationState state = _state(account, candidate);
            LevelRow row = _row(state.level());
            bool alone = row.permits(LevelPermissions.EVIDENCE);
            bool under = row.permits(LevelPermissions.EVIDENCE_UNDER_PARTNER) && state.isResponsible();
            if (row.rank() == 0 || !(alone || under) || !_isLive(state, candidate)) continue;
            uint256 strength = Acceptance.strength(row.rank(), state.isResponsible(), candidate);
            if (strength > highest) (highest, responsible) = (strength, alone ? address(0) : candidate);
        }
        if (highest == 0) {
            revert CertificationNotPermitted(account, _strongest(account).level(), LevelPermissions.EVIDENCE);
        }
    }

    /// @dev Partners certify anybody; admission parties certify institutions: applicants, and partners at any level (ID-1).
    function _requireCertifier(address account, uint8 number) private view {
        if (PARTNERS.hasPermission(msg.sender, PartnerPermissions.IDENTITY)) return;
        bool institution = number == Levels.APPLICANT || PARTNERS.isAdmitted(account);
        if (!institution || !_hasRole(Roles.ADMISSION, msg.sender)) {
            revert CertificationNotAuthorised(msg.sender, number);
        }
    }

    function _move(address account, Status from, Status to, bytes32 ground) private {
        if (ground == bytes32(0)) revert CertificationGroundMissing();
        CertificationState state = _state(account, msg.sender);
        if (state.status() != from) revert CertificationWrongStatus(account, msg.sender, state.status());
        _enter(account, msg.sender, state.withStatus(to), ground);
    }

    function _enter(address account, address certifier, CertificationState state, bytes32 ground) private {
        _enterStatus(account, certifier, state, ground);

        Status status = state.status();
        if (status == Status.Suspended) emit CertificationSuspended(account, certifier, ground);
        else if (status == Status.Active) emit CertificationResumed(account, certifier, ground);
        else emit CertificationRevoked(account, certifier, ground);

        _refresh(account);
    }

    function _refresh(address account) private {
        Standing standing = _strongest(account);
        _standings[account] = standing;

        IQuota(SystemAddresses.QUOTA).setStanding(account, standing.level(), standing.expiresAt());
    }
}
