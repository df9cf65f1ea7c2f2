// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {Acceptance} from "../types/Acceptance.sol";
import {CertificationState} from "../types/CertificationState.sol";
import {LevelRow} from "../types/LevelRow.sol";
import {PastBlocks} from "../types/PastBlocks.sol";
import {CertificationBook} from "./CertificationBook.sol";
import {LevelTable} from "./LevelTable.sol";

/// @title What Certifications would have answered at the end of a past block
/// @dev Views over everybody who ever certified the account: their cost grows with that number.
abstract contract PastCertifications is LevelTable, CertificationBook {
    IPartners internal immutable PARTNERS;

    constructor(IPartners partners) {
        PARTNERS = partners;
    }

    /// @inheritdoc ICertifications
    function levelAt(
        address account,
        uint48 blockNumber,
        uint40 time
    ) external view returns (uint8 number, address certifier) {
        PastBlocks.check(blockNumber);
        uint256 highest;
        address[] memory certifiers = _allCertifiers(account);
        for (uint256 i; i < certifiers.length; ++i) {
            CertificationState state = _stateAt(account, certifiers[i], blockNumber);
            if (!_wasLive(state, certifiers[i], blockNumber, time)) continue;
            uint8 rank = _rowAt(state.level(), blockNumber).rank();
            uint256 strength = Acceptance.strength(rank, state.isResponsible(), certifiers[i]);
            if (rank != 0 && strength > highest) {
                (highest, number, certifier) = (strength, state.level(), certifiers[i]);
            }
        }
    }

    /// @inheritdoc ICertifications
    function permitsAt(
        address account,
        uint32 permission,
        uint48 blockNumber,
        uint40 time
    ) external view returns (bool) {
        PastBlocks.check(blockNumber);
        uint32 permissions;
        address[] memory certifiers = _allCertifiers(account);
        for (uint256 i; i < certifiers.length; ++i) {
            CertificationState state = _stateAt(account, certifiers[i], blockNumber);
            if (!_wasLive(state, certifiers[i], blockNumber, time)) continue;
            LevelRow row = _rowAt(state.level(), blockNumber);
            if (row.rank() != 0) permissions |= row.permissions();
        }
        return permissions & permission == permission;
    }

    /// @inheritdoc ICertifications
    function acceptsAt(
        address partner,
        address account,
        uint8 number,
        uint48 blockNumber,
        uint40 time
    ) external view returns (Answer answer, address certifier) {
        PastBlocks.check(blockNumber);
        uint8 wanted = _rowAt(number, blockNumber).rank();
        if (wanted == 0) revert CertificationLevelUnknown(number);

        answer = Answer.NotCertified;
        uint256 closest;
        address[] memory certifiers = _allCertifiers(account);
        for (uint256 i; i < certifiers.length; ++i) {
            CertificationState state = _stateAt(account, certifiers[i], blockNumber);
            if (state.issue() == 0) continue;
            uint8 rank = _rowAt(state.level(), blockNumber).rank();
            Answer one =
                _wasLive(state, certifiers[i], blockNumber, time)
                    ? _judgeAt(partner, certifiers[i], rank, wanted, blockNumber)
                    : Answer.NotLive;
            uint256 strength = Acceptance.strength(rank, state.isResponsible(), certifiers[i]);
            uint256 close = Acceptance.closeness(one, strength);
            if (close > closest) (closest, answer, certifier) = (close, one, certifiers[i]);
        }
    }

    function _judgeAt(
        address partner,
        address certifier,
        uint8 rank,
        uint8 wanted,
        uint48 blockNumber
    ) private view returns (Answer) {
        if (partner == certifier) return Acceptance.judge(true, 0, 0, rank, wanted);
        uint8 fromLevel = PARTNERS.recognitionAt(partner, certifier, blockNumber);
        return Acceptance.judge(false, fromLevel, _rowAt(fromLevel, blockNumber).rank(), rank, wanted);
    }

    /// @dev No contract knows the time of a past block, so the asker gives it; what can not be that time is refused.
    function _wasLive(
        CertificationState state,
        address certifier,
        uint48 blockNumber,
        uint40 time
    ) private view returns (bool) {
        if (time < state.issuedAt() || time > block.timestamp) revert CertificationTimeImpossible(blockNumber, time);
        return
            state.status() == Status.Active &&
            state.expiresAt() > time &&
            PARTNERS.statusAt(certifier, blockNumber) != IPartners.Status.Terminated;
    }
}
