// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Pauses} from "../../../contracts/governance/Pauses.sol";
import {SystemAddresses} from "../../../contracts/types/SystemAddresses.sol";
import {vm} from "../support/Vm.sol";

/// @title Stands at Council's address and says what the newest pause was
contract NewestPause {
    uint48 private _first;
    uint48 private _last;

    function set(uint48 first, uint48 last) external {
        (_first, _last) = (first, last);
    }

    function lastPause() external view returns (uint48, uint48) {
        return (_first, _last);
    }
}

contract PausesTest {
    function setUp() public {
        vm.etch(SystemAddresses.COUNCIL, type(NewestPause).runtimeCode);
    }

    /// @dev A term has as many blocks in which somebody can act as it would have without a pause.
    function testFuzz_termKeepsItsBlocks(uint48 firstBlock, uint32 term, uint48 pausedFrom, uint32 paused) public {
        uint256 lastBlock = uint256(firstBlock) + term;
        vm.assume(firstBlock != 0 && lastBlock < 2 ** 40 && pausedFrom < 2 ** 40);
        _check(firstBlock, uint48(lastBlock), pausedFrom, uint48(uint256(pausedFrom) + paused));
    }

    /// @dev The same where both are near each other, which random numbers rarely are.
    function testFuzz_nearbyTermKeepsItsBlocks(uint8 firstBlock, uint8 term, uint8 pausedFrom, uint8 paused) public {
        vm.assume(firstBlock != 0 && pausedFrom != 0);
        // A pause that is ended in the block of its beginning has a last block before its first.
        _check(firstBlock, uint48(firstBlock) + term, pausedFrom, uint48(pausedFrom) + paused - 1);
    }

    function test_termIsWhatItWasWithoutAnyPause() public {
        _check(1, 1, 0, 0);
        _check(5, 9, 0, 0);
    }

    function _check(uint48 firstBlock, uint48 lastBlock, uint48 pausedFrom, uint48 pausedUntil) private {
        NewestPause(SystemAddresses.COUNCIL).set(pausedFrom, pausedUntil);
        uint48 extended = Pauses.extend(firstBlock, lastBlock);

        assert(extended >= lastBlock);
        uint256 from = pausedFrom > firstBlock ? pausedFrom : firstBlock;
        uint256 until = pausedUntil < extended ? pausedUntil : extended;
        uint256 lost = pausedFrom <= lastBlock && until + 1 > from ? until + 1 - from : 0;
        assert(uint256(extended) - lost == lastBlock);
        if (pausedFrom > lastBlock) assert(extended == lastBlock);
    }
}
