// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Does next to nothing, so that what is measured is the way to it. For comparisons.
contract BenchTarget {
    function nothing() external pure returns (bool) {
        return true;
    }
}
