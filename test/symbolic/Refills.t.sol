// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../../contracts/interfaces/IQuota.sol";
import {Refills} from "../../contracts/quota/Refills.sol";
import {vm} from "../contracts/support/Vm.sol";

/// @title How points grow, for every ceiling, grant, balance and block
contract RefillProofs {
    using Refills for IQuota.Class;

    /// @dev About a million points about once a day. Solvers get through shifts; others are for the fuzz tests.
    uint32 private constant PERIOD = 1 << 15;
    uint48 private constant GRANT = 1 << 20;

    function check_neverAboveTheCeiling(
        IQuota.Class memory class,
        uint48 points,
        uint32 since,
        uint32 height
    ) public pure {
        assert(class.pointsAt(points, since, height) <= class.ceiling);
    }

    function check_nothingBeforeTheAccountIsOpened(
        IQuota.Class memory class,
        uint48 points,
        uint32 height
    ) public pure {
        assert(class.pointsAt(points, 0, height) == 0);
    }

    /// @dev Waiting takes nothing from who is not above the ceiling.
    function check_waitingTakesNothing(uint48 ceiling, uint48 points, uint32 since, uint32 height) public pure {
        vm.assume(since != 0 && since <= height && points <= ceiling);
        assert(_daily(ceiling).pointsAt(points, since, height) >= points);
    }

    function check_noGrantWithinAPeriod(uint48 ceiling, uint48 points, uint32 since, uint32 height) public pure {
        vm.assume(since != 0 && since <= height && points <= ceiling);
        vm.assume(since / PERIOD == height / PERIOD);
        assert(_daily(ceiling).pointsAt(points, since, height) == points);
    }

    function check_moreThanTheCeilingIsNeverThere(
        IQuota.Class memory class,
        uint48 available,
        uint48 wanted,
        uint32 height
    ) public pure {
        if (available > class.ceiling || wanted <= class.ceiling) return;
        assert(class.blockOf(available, wanted, height) == type(uint256).max);
    }

    function check_whatIsThereIsThereNow(
        IQuota.Class memory class,
        uint48 available,
        uint48 wanted,
        uint32 height
    ) public pure {
        if (available < wanted) return;
        assert(class.blockOf(available, wanted, height) == height);
    }

    function _daily(uint48 ceiling) private pure returns (IQuota.Class memory) {
        return IQuota.Class({ceiling: ceiling, grant: GRANT, initial: 0, periodBlocks: PERIOD});
    }
}
