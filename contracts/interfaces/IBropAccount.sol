// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Account: a user's or an institution's smart account (ID-1)
/// @notice An ERC-4337 account with ERC-7913 signers, ERC-7821 batches, ERC-1271 and ERC-7739 signatures. Its code is
/// an immutable clone: nobody can swap it. Its address never changes; the key that operates it can.
///
/// A nonce key that begins with the tag 0x42524f50 is a random serial with a deadline (CH-5):
/// tag (32 bit) | random (112 bit) | deadline block (48 bit), with sequence 0.
interface IBropAccount {
    event SignerChanged(bytes previousSigner, bytes signer);

    /// @param deadline Last block in which the operation could have been included.
    error AccountDeadlinePassed(uint256 deadline, uint256 blockNumber);
    /// @param furthest Furthest deadline that is accepted in this block.
    error AccountDeadlineTooFar(uint256 deadline, uint256 furthest);
    /// @dev A random serial is used once: its sequence must be 0.
    error AccountSerialSequence(uint64 sequence);
    error AccountSignerInvalid();
    error AccountInitialised();

    /// @notice Sets the first signer of a new clone. The factory only, once.
    /// @param signer ERC-7913 signer: 20 bytes of an address, or a verifier's address and a key.
    function initialise(bytes calldata signer) external;

    /// @notice Changes the key that operates the account. The account itself, by an operation of its owner.
    function setSigner(bytes calldata signer) external;
}
