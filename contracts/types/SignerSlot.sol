// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Who signs for an account, in one storage slot
/// @notice From the lowest bits up: signer (160) | createdBlock (40) | heldUntil (40) | keyed (1) | resets (15). Every
/// operation reads the signer, so that what a transfer asks afterwards is warm already. Keyed: the signer is the
/// verifier of a key that stands elsewhere.
type SignerSlot is uint256;

using SignerSlots for SignerSlot global;

library SignerSlots {
    uint256 private constant CREATED = 160;
    uint256 private constant HELD = 200;
    uint256 private constant KEYED = 240;
    uint256 private constant RESETS = 241;
    uint256 private constant HELD_MASK = uint256(type(uint40).max) << HELD;
    /// @dev What belongs to the signer itself.
    uint256 private constant SIGNER_MASK = uint256(type(uint160).max) | (1 << KEYED);

    function create(uint40 blockNumber) internal pure returns (SignerSlot) {
        return SignerSlot.wrap(uint256(blockNumber) << CREATED);
    }

    function signer(SignerSlot slot) internal pure returns (address) {
        return address(uint160(SignerSlot.unwrap(slot)));
    }

    function isKeyed(SignerSlot slot) internal pure returns (bool) {
        return (SignerSlot.unwrap(slot) >> KEYED) & 1 != 0;
    }

    function createdBlock(SignerSlot slot) internal pure returns (uint40) {
        return uint40(SignerSlot.unwrap(slot) >> CREATED);
    }

    function heldUntil(SignerSlot slot) internal pure returns (uint40) {
        return uint40(SignerSlot.unwrap(slot) >> HELD);
    }

    function resets(SignerSlot slot) internal pure returns (uint16) {
        return uint16(SignerSlot.unwrap(slot) >> RESETS);
    }

    function withSigner(SignerSlot slot, address signer_, bool keyed) internal pure returns (SignerSlot) {
        uint256 others = SignerSlot.unwrap(slot) & ~SIGNER_MASK;
        return SignerSlot.wrap(others | uint256(uint160(signer_)) | (uint256(keyed ? 1 : 0) << KEYED));
    }

    function withHeldUntil(SignerSlot slot, uint40 lastBlock) internal pure returns (SignerSlot) {
        return SignerSlot.wrap((SignerSlot.unwrap(slot) & ~HELD_MASK) | (uint256(lastBlock) << HELD));
    }

    /// @dev The count stands in the highest bits: one too many overflows the word, which reverts.
    function withOneReset(SignerSlot slot) internal pure returns (SignerSlot) {
        return SignerSlot.wrap(SignerSlot.unwrap(slot) + (1 << RESETS));
    }
}
