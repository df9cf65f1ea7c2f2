// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title How much went through within the last blocks, exactly
/// @notice Cumulative sums by block. A window's amount is the difference of two of them: no loop over what happened, so
/// that nobody can make a look at it dear by sending dust.
library SlidingSum {
    using Checkpoints for Checkpoints.Trace208;

    function add(Checkpoints.Trace208 storage self, uint256 amount) internal {
        // Amounts have 128 bits: 2^80 of them would not fill the sum.
        self.push(uint48(block.number), self.latest() + uint208(amount));
    }

    /// @notice Sum of this block and of the `window - 1` blocks before it.
    function within(Checkpoints.Trace208 storage self, uint256 window) internal view returns (uint256) {
        uint208 total = self.latest();
        if (window >= block.number) return total;
        return total - self.upperLookupRecent(uint48(block.number - window));
    }
}
