// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../interfaces/IQuota.sol";

/// @title How points grow: a grant at the end of each period, up to the ceiling (QU-3)
/// @notice Periods end at the multiples of their length, so blocks elapsed are counted without a loop.
library Refills {
    /// @notice Points in block `blockNumber` of an account that had `points` in block `since`.
    /// @param since Not after `blockNumber`; 0: the account was not opened yet and has none.
    function pointsAt(
        IQuota.Class memory class,
        uint256 points,
        uint256 since,
        uint256 blockNumber
    ) internal pure returns (uint256) {
        if (class.periodBlocks == 0 || since == 0) return 0;
        unchecked {
            // Periods have less than 64 bits and grants 48: the product can not overflow.
            points += (blockNumber / class.periodBlocks - since / class.periodBlocks) * class.grant;
        }
        return points > class.ceiling ? class.ceiling : points;
    }

    /// @notice First block in which an account that has `available` points now will have `wanted`.
    /// @return type(uint256).max when that never happens.
    function blockOf(
        IQuota.Class memory class,
        uint256 available,
        uint256 wanted,
        uint256 blockNumber
    ) internal pure returns (uint256) {
        if (available >= wanted) return blockNumber;
        if (wanted > class.ceiling || class.grant == 0 || class.periodBlocks == 0) return type(uint256).max;
        uint256 periods = (wanted - available + class.grant - 1) / class.grant;
        return (blockNumber / class.periodBlocks + periods) * class.periodBlocks;
    }
}
