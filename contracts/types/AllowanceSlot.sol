// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../interfaces/IQuota.sol";

/// @title An account's quota in one storage slot
/// @notice From the lowest bits up: points (48) | updatedBlock (32) | assignedClass (8) | level (8) | expiresAt (40) |
/// sponsored (1) | barred (1) | begun (1) | period (21) | used (48) | usedBefore (48).
/// Read and written as one word: the compiler would handle a struct's members one after another.
type AllowanceSlot is uint256;

using AllowanceSlots for AllowanceSlot global;

library AllowanceSlots {
    uint256 private constant SPONSORED = 1 << 136;
    uint256 private constant BARRED = 1 << 137;
    uint256 private constant BEGUN = 1 << 138;

    function points(AllowanceSlot slot) internal pure returns (uint48) {
        return uint48(AllowanceSlot.unwrap(slot));
    }

    function updatedBlock(AllowanceSlot slot) internal pure returns (uint32) {
        return uint32(AllowanceSlot.unwrap(slot) >> 48);
    }

    function assignedClass(AllowanceSlot slot) internal pure returns (uint8) {
        return uint8(AllowanceSlot.unwrap(slot) >> 80);
    }

    function level(AllowanceSlot slot) internal pure returns (uint8) {
        return uint8(AllowanceSlot.unwrap(slot) >> 88);
    }

    function expiresAt(AllowanceSlot slot) internal pure returns (uint40) {
        return uint40(AllowanceSlot.unwrap(slot) >> 96);
    }

    function isSponsored(AllowanceSlot slot) internal pure returns (bool) {
        return AllowanceSlot.unwrap(slot) & SPONSORED != 0;
    }

    function isBarred(AllowanceSlot slot) internal pure returns (bool) {
        return AllowanceSlot.unwrap(slot) & BARRED != 0;
    }

    function hasBegun(AllowanceSlot slot) internal pure returns (bool) {
        return AllowanceSlot.unwrap(slot) & BEGUN != 0;
    }

    /// @notice Points used in usage period `period` and in the one before it.
    function usage(AllowanceSlot slot, uint256 period) internal pure returns (uint48 used, uint48 usedBefore) {
        uint256 word = AllowanceSlot.unwrap(slot);
        uint256 last = (word >> 139) & 0x1fffff;
        if (last == period) return (uint48(word >> 160), uint48(word >> 208));
        if (last + 1 == period) return (0, uint48(word >> 160));
    }

    /// @notice Brings the points up to date.
    function withPoints(
        AllowanceSlot slot,
        uint256 points_,
        uint256 blockNumber
    ) internal pure returns (AllowanceSlot) {
        uint256 others = (AllowanceSlot.unwrap(slot) >> 80) << 80;
        return AllowanceSlot.wrap(others | uint48(points_) | (uint256(uint32(blockNumber)) << 48));
    }

    /// @notice Adds points that were used in `period`; what does not fit is counted as the most that does.
    function withUsage(AllowanceSlot slot, uint256 points_, uint256 period) internal pure returns (AllowanceSlot) {
        (uint256 used, uint256 usedBefore) = slot.usage(period);
        unchecked {
            // Both fit in 48 bits.
            used += points_;
        }
        if (used > type(uint48).max) used = type(uint48).max;
        uint256 others = AllowanceSlot.unwrap(slot) & ((1 << 139) - 1);
        return AllowanceSlot.wrap(others | ((period & 0x1fffff) << 139) | (used << 160) | (usedBefore << 208));
    }

    function withStanding(AllowanceSlot slot, uint8 level_, uint40 expiresAt_) internal pure returns (AllowanceSlot) {
        uint256 others = AllowanceSlot.unwrap(slot) & ~(uint256(type(uint48).max) << 88);
        return AllowanceSlot.wrap(others | (uint256(level_) << 88) | (uint256(expiresAt_) << 96));
    }

    function withClass(AllowanceSlot slot, uint8 id) internal pure returns (AllowanceSlot) {
        uint256 others = AllowanceSlot.unwrap(slot) & ~(uint256(type(uint8).max) << 80);
        return AllowanceSlot.wrap(others | (uint256(id) << 80) | BEGUN);
    }

    function withSponsored(AllowanceSlot slot, bool value) internal pure returns (AllowanceSlot) {
        return _withFlag(slot, SPONSORED, value);
    }

    function withBarred(AllowanceSlot slot, bool value) internal pure returns (AllowanceSlot) {
        return _withFlag(slot, BARRED, value);
    }

    function read(AllowanceSlot slot) internal pure returns (IQuota.Allowance memory) {
        return
            IQuota.Allowance({
                points: slot.points(),
                updatedBlock: slot.updatedBlock(),
                assignedClass: slot.assignedClass(),
                level: slot.level(),
                expiresAt: slot.expiresAt(),
                sponsored: slot.isSponsored(),
                barred: slot.isBarred()
            });
    }

    function _withFlag(AllowanceSlot slot, uint256 flag, bool value) private pure returns (AllowanceSlot) {
        uint256 word = AllowanceSlot.unwrap(slot);
        return AllowanceSlot.wrap(value ? word | flag : word & ~flag);
    }
}
