// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertifications} from "../interfaces/ICertifications.sol";

/// @title What a certifier says of an account, as one checkpoint of its history holds it
/// @notice From the lowest bits up: level (8) | status (8) | responsible (8) | issuedAt (40) | expiresAt (40) |
/// issue (32) | ordered (8) | since (48). Issue: number of the certification among those of this certifier for this
/// account, from 1. Ordered: an order suspended or revoked it, and no order has lifted that. Since: block since which
/// the certifier has certified the account without a break, at levels that permit vouchers.
type CertificationState is uint208;

using CertificationStates for CertificationState global;

library CertificationStates {
    uint256 private constant STATUS = 8;
    uint256 private constant RESPONSIBLE = 16;
    uint256 private constant ISSUED_AT = 24;
    uint256 private constant EXPIRES_AT = 64;
    uint256 private constant ISSUE = 104;
    uint256 private constant ORDERED = 136;
    uint256 private constant SINCE = 144;
    uint256 private constant WITHOUT_SINCE = ~(uint256(type(uint48).max) << SINCE);

    function create(
        uint8 level_,
        bool responsible,
        uint40 issuedAt_,
        uint40 expiresAt_,
        uint32 issue_
    ) internal pure returns (CertificationState) {
        uint256 active = uint256(uint8(ICertifications.Status.Active)) << STATUS;
        uint256 what = uint256(level_) | active | (uint256(responsible ? 1 : 0) << RESPONSIBLE);
        uint256 times = (uint256(issuedAt_) << ISSUED_AT) | (uint256(expiresAt_) << EXPIRES_AT);
        return CertificationState.wrap(uint208(what | times | (uint256(issue_) << ISSUE)));
    }

    function level(CertificationState state) internal pure returns (uint8) {
        return uint8(CertificationState.unwrap(state));
    }

    function status(CertificationState state) internal pure returns (ICertifications.Status) {
        return ICertifications.Status(uint8(CertificationState.unwrap(state) >> STATUS));
    }

    function isResponsible(CertificationState state) internal pure returns (bool) {
        return uint8(CertificationState.unwrap(state) >> RESPONSIBLE) != 0;
    }

    function issuedAt(CertificationState state) internal pure returns (uint40) {
        return uint40(CertificationState.unwrap(state) >> ISSUED_AT);
    }

    function expiresAt(CertificationState state) internal pure returns (uint40) {
        return uint40(CertificationState.unwrap(state) >> EXPIRES_AT);
    }

    function issue(CertificationState state) internal pure returns (uint32) {
        return uint32(CertificationState.unwrap(state) >> ISSUE);
    }

    function isOrdered(CertificationState state) internal pure returns (bool) {
        return uint8(CertificationState.unwrap(state) >> ORDERED) != 0;
    }

    function since(CertificationState state) internal pure returns (uint48) {
        return uint48(CertificationState.unwrap(state) >> SINCE);
    }

    function withSince(CertificationState state, uint48 blockNumber) internal pure returns (CertificationState) {
        uint256 others = CertificationState.unwrap(state) & WITHOUT_SINCE;
        return CertificationState.wrap(uint208(others | (uint256(blockNumber) << SINCE)));
    }

    function withStatus(
        CertificationState state,
        ICertifications.Status value
    ) internal pure returns (CertificationState) {
        return _with(state, STATUS, uint8(value));
    }

    function withOrdered(CertificationState state, bool value) internal pure returns (CertificationState) {
        return _with(state, ORDERED, value ? 1 : 0);
    }

    function _with(CertificationState state, uint256 at, uint256 value) private pure returns (CertificationState) {
        uint256 others = CertificationState.unwrap(state) & ~(uint256(0xff) << at);
        return CertificationState.wrap(uint208(others | (value << at)));
    }
}
