// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Random serial and deadline inside the standard ERC-4337 nonce (CH-5)
/// @notice nonce = key (192 bit) | sequence (64 bit); key = tag (32) | random (112) | deadline block (48).
library Serial {
    /// @dev "BROP" in ASCII.
    uint256 internal constant TAG = 0x42524f50;

    function isTagged(uint256 nonce) internal pure returns (bool) {
        return nonce >> 224 == TAG;
    }

    function deadline(uint256 nonce) internal pure returns (uint256) {
        return uint48(nonce >> 64);
    }

    function sequence(uint256 nonce) internal pure returns (uint64) {
        return uint64(nonce);
    }
}
