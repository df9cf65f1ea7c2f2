// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Blocks whose state can be asked for
/// @notice The block in progress does not count: its state may still change before it ends, so an answer about it
/// would not be final. A query at the newest block can ask for the one before it.
library PastBlocks {
    error BlockNotPast(uint48 blockNumber, uint256 current);

    function check(uint48 blockNumber) internal view {
        if (blockNumber >= block.number) revert BlockNotPast(blockNumber, block.number);
    }
}
