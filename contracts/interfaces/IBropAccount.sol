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
    /// @param lastBlock Last block in which the account's outgoing transfers wait.
    event TransfersHeld(uint48 lastBlock);
    event TransfersReleased();

    /// @param deadline Last block in which the operation could have been included.
    error AccountDeadlinePassed(uint256 deadline, uint256 blockNumber);
    /// @param furthest Furthest deadline that is accepted in this block.
    error AccountDeadlineTooFar(uint256 deadline, uint256 furthest);
    /// @dev A random serial is used once: its sequence must be 0.
    error AccountSerialSequence(uint64 sequence);
    error AccountSignerInvalid();
    /// @dev A key reset replaced it: what it signed would be valid again.
    error AccountSignerLost(bytes signer);
    /// @dev Keys are verified by contracts that Directory lists.
    error AccountVerifierUnlisted(address verifier);
    error AccountInitialised();
    error AccountNotKeyResets(address caller);
    error AccountBlockInFuture(uint48 blockNumber, uint256 current);

    /// @notice Sets the first signer of a new clone. The factory only, once.
    /// @param signer ERC-7913 signer: 20 bytes of an address, or a verifier's address and a key.
    function initialise(bytes calldata signer) external;

    /// @notice Changes the key that operates the account. The account itself, by an operation of its owner.
    function setSigner(bytes calldata signer) external;

    /// @notice Replaces a lost key; what is held is released, and the signer that was replaced never comes back.
    /// Directory's "KeyResets" only.
    function resetSigner(bytes calldata signer) external;

    /// @notice Lets outgoing transfers wait. Directory's "KeyResets" only.
    /// @param lastBlock Last block in which they wait, without an emergency pause.
    function hold(uint48 lastBlock) external;

    /// @notice Ends the wait. Directory's "KeyResets" only.
    function release() external;

    /// @notice Reverts with the reason why `signer` could not become the account's signer.
    function checkSigner(bytes calldata signer) external view;

    /// @notice ERC-7913 signer that operates the account.
    function signer() external view returns (bytes memory);

    /// @notice Signer at the end of a block; in the current block, the signer so far. Empty before the account existed.
    function signerAt(uint48 blockNumber) external view returns (bytes memory);

    /// @notice What key resets mean for the account's approvals and transfers.
    /// @return heldUntil Last block in which outgoing transfers wait, as far as it is known now; 0: they do not.
    /// @return resets Completed key resets: approvals given under another number are void.
    function resetState() external view returns (uint48 heldUntil, uint32 resets);

    /// @notice Judges a signature as `isValidSignature` (ERC-1271 with ERC-7739) does, but by the signer of a block.
    /// A signer that is itself an account is asked as of the same block. Verifiers of keys know the present only: what
    /// accounts a weighted key names are judged by their signers of today.
    /// @return 0x1626ba7e where it is valid, 0xffffffff where it is not.
    function isValidSignatureAt(
        bytes32 hash,
        bytes calldata signature,
        uint48 blockNumber
    ) external view returns (bytes4);
}
