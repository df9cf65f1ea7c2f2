// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../interfaces/IQuota.sol";

/// @title An account's quota in one storage slot
/// @notice From the lowest bits up: points (48) | updatedBlock (40) | assignedClass (8) | level (8) | expiresAt (40) |
/// sponsored (8). Written as one word: the compiler would write a struct's members one after another.
type AllowanceSlot is uint256;

using AllowanceSlots for AllowanceSlot global;

library AllowanceSlots {
    function read(AllowanceSlot slot) internal pure returns (IQuota.Allowance memory) {
        uint256 word = AllowanceSlot.unwrap(slot);
        return
            IQuota.Allowance({
                points: uint48(word),
                updatedBlock: uint40(word >> 48),
                assignedClass: uint8(word >> 88),
                level: uint8(word >> 96),
                expiresAt: uint40(word >> 104),
                sponsored: uint8(word >> 144) != 0
            });
    }

    function pack(IQuota.Allowance memory a) internal pure returns (AllowanceSlot) {
        uint256 clock = uint256(a.points) | (uint256(a.updatedBlock) << 48);
        uint256 standing = (uint256(a.assignedClass) << 88) | (uint256(a.level) << 96) | (uint256(a.expiresAt) << 104);
        return AllowanceSlot.wrap(clock | standing | (uint256(a.sponsored ? 1 : 0) << 144));
    }
}
