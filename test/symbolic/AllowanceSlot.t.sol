// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../../contracts/interfaces/IQuota.sol";
import {AllowanceSlot} from "../../contracts/types/AllowanceSlot.sol";

/// @title Every writer of the slot changes what it names and nothing else
contract AllowanceSlotProofs {
    /// @dev Periods are counted in 21 bits.
    uint256 private constant PERIODS = (1 << 21) - 1;

    function check_pointsAndBlock(uint256 word, uint48 points, uint32 blockNumber) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        IQuota.Allowance memory expected = slot.read();
        (expected.points, expected.updatedBlock) = (points, blockNumber);
        _same(slot.withPoints(points, blockNumber), expected, slot.hasBegun());
        _sameUsage(slot, slot.withPoints(points, blockNumber));
    }

    function check_standing(uint256 word, uint8 level, uint40 expiresAt) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        IQuota.Allowance memory expected = slot.read();
        (expected.level, expected.expiresAt) = (level, expiresAt);
        _same(slot.withStanding(level, expiresAt), expected, slot.hasBegun());
        _sameUsage(slot, slot.withStanding(level, expiresAt));
    }

    function check_class(uint256 word, uint8 id) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        IQuota.Allowance memory expected = slot.read();
        expected.assignedClass = id;
        _same(slot.withClass(id), expected, true);
        _sameUsage(slot, slot.withClass(id));
    }

    function check_sponsored(uint256 word, bool value) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        IQuota.Allowance memory expected = slot.read();
        expected.sponsored = value;
        _same(slot.withSponsored(value), expected, slot.hasBegun());
        _sameUsage(slot, slot.withSponsored(value));
    }

    function check_barred(uint256 word, bool value) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        IQuota.Allowance memory expected = slot.read();
        expected.barred = value;
        _same(slot.withBarred(value), expected, slot.hasBegun());
        _sameUsage(slot, slot.withBarred(value));
    }

    /// @dev Points used are added to the period's, or begin a new period; a sum that does not fit is the most that does.
    function check_usage(uint256 word, uint64 points, uint32 period) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        uint256 number = uint256(period) & PERIODS;
        (uint256 used, uint256 usedBefore) = slot.usage(number);
        AllowanceSlot next = slot.withUsage(points, number);
        _same(next, slot.read(), slot.hasBegun());
        (uint256 usedNow, uint256 usedBeforeNow) = next.usage(number);
        uint256 sum = used + points;
        assert(usedNow == (sum > type(uint48).max ? type(uint48).max : sum));
        assert(usedBeforeNow == usedBefore);
    }

    function _same(AllowanceSlot next, IQuota.Allowance memory expected, bool begun) private pure {
        IQuota.Allowance memory now_ = next.read();
        assert(now_.points == expected.points);
        assert(now_.updatedBlock == expected.updatedBlock);
        assert(now_.assignedClass == expected.assignedClass);
        assert(now_.level == expected.level);
        assert(now_.expiresAt == expected.expiresAt);
        assert(now_.sponsored == expected.sponsored);
        assert(now_.barred == expected.barred);
        assert(next.hasBegun() == begun);
    }

    function _sameUsage(AllowanceSlot slot, AllowanceSlot next) private pure {
        assert(AllowanceSlot.unwrap(slot) >> 139 == AllowanceSlot.unwrap(next) >> 139);
    }
}
