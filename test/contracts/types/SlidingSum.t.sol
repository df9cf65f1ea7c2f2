// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {SlidingSum} from "../../../contracts/types/SlidingSum.sol";
import {vm} from "../support/Vm.sol";

/// @title The sum of the last blocks is the sum over what happened in them
contract SlidingSumTest {
    using SlidingSum for Checkpoints.Trace208;

    struct Step {
        uint8 blocks;
        uint128 amount;
    }

    Checkpoints.Trace208 private _trace;
    uint256[] private _blocks;
    uint256[] private _amounts;

    function testFuzz_anyWindowIsExact(Step[] calldata steps, uint32 window) public {
        vm.assume(window != 0);
        uint256 length = steps.length > 64 ? 64 : steps.length;
        uint256 at = 1;
        vm.roll(at);
        for (uint256 i; i < length; ++i) {
            _trace.add(steps[i].amount);
            _blocks.push(at);
            _amounts.push(steps[i].amount);
            at += steps[i].blocks;
            vm.roll(at);
            assert(_trace.within(window) == _naive(window, at));
            assert(_trace.within(1) == _naive(1, at));
            assert(_trace.within(at) == _naive(at, at));
            assert(_trace.within(steps[i].blocks) == _naive(steps[i].blocks, at));
            assert(_trace.within(uint256(steps[i].blocks) + 1) == _naive(uint256(steps[i].blocks) + 1, at));
        }
    }

    /// @dev 2^20 transfers of the largest amount would not fill it either; this shows that the type takes many.
    function test_largestAmountsAddUp() public {
        for (uint256 i; i < 16; ++i) {
            vm.roll(100 + i);
            _trace.add(type(uint128).max);
        }
        assert(_trace.within(10) == 10 * uint256(type(uint128).max));
        assert(_trace.within(16) == 16 * uint256(type(uint128).max));
        assert(_trace.within(1_000) == 16 * uint256(type(uint128).max));
    }

    function _naive(uint256 window, uint256 at) private view returns (uint256 sum) {
        for (uint256 i; i < _blocks.length; ++i) {
            if (_blocks[i] + window > at) sum += _amounts[i];
        }
    }
}
