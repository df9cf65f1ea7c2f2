// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertifications} from "../interfaces/ICertifications.sol";

/// @title A row of the level table in one storage slot
/// @notice From the lowest bits up: rank (8) | permissions (32) | edition (32). The edition of the whole table stands in
/// each row that is in use, so that who reads a row learns whether anything changed.
type LevelRow is uint256;

using LevelRows for LevelRow global;

library LevelRows {
    uint256 private constant PERMISSIONS = 8;
    uint256 private constant EDITION = 40;
    uint256 private constant RULE_MASK = (1 << EDITION) - 1;

    function create(uint8 rank_, uint32 permissions_) internal pure returns (LevelRow) {
        return LevelRow.wrap(uint256(rank_) | (uint256(permissions_) << PERMISSIONS));
    }

    function rank(LevelRow row) internal pure returns (uint8) {
        return uint8(LevelRow.unwrap(row));
    }

    function permissions(LevelRow row) internal pure returns (uint32) {
        return uint32(LevelRow.unwrap(row) >> PERMISSIONS);
    }

    /// @dev Whether the row has every one of the permission bits.
    function permits(LevelRow row, uint32 permission) internal pure returns (bool) {
        return row.permissions() & permission == permission;
    }

    function edition(LevelRow row) internal pure returns (uint32) {
        return uint32(LevelRow.unwrap(row) >> EDITION);
    }

    function withEdition(LevelRow row, uint32 value) internal pure returns (LevelRow) {
        return LevelRow.wrap((LevelRow.unwrap(row) & RULE_MASK) | (uint256(value) << EDITION));
    }

    function read(LevelRow row) internal pure returns (ICertifications.LevelRule memory) {
        return ICertifications.LevelRule(row.rank(), row.permissions());
    }
}
