// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title KeyResets: a new key for a user who lost the old one (ID-7)
/// @notice A certifying partner opens a reset on two evidence records of its own about the account: the user's
/// application and the check of the identity, each used once. Then the waiting period runs, in which the account's
/// outgoing transfers wait and the old key or another certifier may object; after it, for as long again, the partner may
/// complete. Address and holdings stay; approvals and operations under the old key are void. No block of an emergency
/// pause counts in these terms, as nobody can act in it; transfers wait for longer by as much.
///
/// Behind every reset stands a certifier that the owner had time to see, and nobody doubts: either the opener, or
/// another one that endorses the reset, which before that only is a proposal and holds nothing.
/// - The owner had time to see a certifier that has certified the account for `minimumAge` blocks without a break, at
///   real name or better: a partner can not certify an account unasked and open a reset on the strength of that.
/// - Doubted for an account is a certifier whose last reset of it started and did not complete, or was objected to, and
///   one that endorsed a reset that was objected to.
interface IKeyResets {
    /// @dev Proposed: waits for an endorsement, nothing is held. Ready: may be completed. Ready and Lapsed follow from
    /// the block.
    enum Status {
        None,
        Proposed,
        Waiting,
        Ready,
        Completed,
        Objected,
        Cancelled,
        Lapsed
    }

    /// @param account Account whose key is lost.
    /// @param openedBlock Block of the opening.
    /// @param status See `Status`; as of now.
    /// @param opener Certifying partner that opened it.
    /// @param waitingUntil Last block of the waiting period, as far as it is known now; 0 while only proposed.
    /// @param lastBlock Last block in which a proposed one can be endorsed, or a started one completed; as far as it is
    /// known now.
    /// @param endorser Second certifier, where one was needed; otherwise 0.
    /// @param startedBlock Block in which the waiting period began; 0 while only proposed.
    /// @param closedBlock Block in which it was completed, objected to or cancelled; otherwise 0.
    /// @param closedBy Who did that.
    /// @param application Record of the user's application.
    /// @param check Record of the identity check.
    /// @param ground Digest of the stated ground of an objection or cancellation.
    /// @param newSigner ERC-7913 signer that the account gets.
    struct Reset {
        address account;
        uint48 openedBlock;
        Status status;
        address opener;
        uint48 waitingUntil;
        uint48 lastBlock;
        address endorser;
        uint48 startedBlock;
        uint48 closedBlock;
        address closedBy;
        bytes32 application;
        bytes32 check;
        bytes32 ground;
        bytes newSigner;
    }

    event KeyResetOpened(
        uint256 indexed reset,
        address indexed account,
        address indexed opener,
        bytes newSigner,
        bytes32 application,
        bytes32 check
    );
    event KeyResetEndorsed(uint256 indexed reset, address indexed account, address indexed endorser);
    /// @param waitingUntil Last block of the waiting period, in which outgoing transfers wait, without a pause.
    /// @param lastBlock Last block in which it can be completed, without a pause.
    event KeyResetStarted(uint256 indexed reset, address indexed account, uint48 waitingUntil, uint48 lastBlock);
    event KeyResetObjected(uint256 indexed reset, address indexed account, address indexed objector, bytes32 ground);
    event KeyResetCancelled(uint256 indexed reset, address indexed account, bytes32 ground);
    event KeyResetCompleted(uint256 indexed reset, address indexed account, bytes newSigner);
    event WaitingBlocksSet(uint48 blocks);
    event MinimumAgeSet(uint48 blocks);

    /// @dev Opening, endorsing and completing is for live certifiers with the identity permission.
    error KeyResetNotCertifier(address account, address caller);
    /// @dev Objecting is for the account itself and its live certifiers.
    error KeyResetNotConcerned(address account, address caller);
    error KeyResetSignatureInvalid(address account);
    error KeyResetNotOpener(uint256 reset, address caller);
    /// @dev The opener can not be the second certifier.
    error KeyResetOwn(uint256 reset, address caller);
    error KeyResetDoubted(address account, address certifier);
    /// @param from First block in which it is; 0: it does not certify the account at real name or better.
    error KeyResetNotEstablished(address account, address certifier, uint48 from);
    /// @dev One reset of an account runs at a time.
    error KeyResetRunning(address account, uint256 reset);
    /// @dev No valid record of the caller's about the account, or none of the kind.
    error KeyResetEvidenceInvalid(bytes32 record, uint32 kind);
    error KeyResetEvidenceUsed(bytes32 record, uint256 reset);
    error KeyResetSignerUnchanged(bytes signer);
    error KeyResetWrongStatus(uint256 reset, Status status);
    error KeyResetGroundMissing();
    error KeyResetWaitingInvalid(uint48 blocks);
    error KeyResetAgeInvalid(uint48 blocks);

    /// @notice Opens a reset. A live certifier of the account with the identity permission. It starts at once where
    /// the certifier is established and not doubted.
    /// @param newSigner ERC-7913 signer: 20 bytes of an address, or a verifier's address and a key.
    /// @param applicationDigest Digest of the caller's record of kind KEY_RESET_APPLICATION, subject the account.
    /// @param checkDigest Digest of the caller's record of kind KEY_RESET_IDENTITY_CHECK, subject the account.
    function open(
        address account,
        bytes calldata newSigner,
        bytes32 applicationDigest,
        bytes32 checkDigest
    ) external returns (uint256 reset);

    /// @notice Stands behind a reset that is only proposed, and starts it. Another live certifier with the identity
    /// permission that is established and not doubted itself.
    function endorse(uint256 reset) external;

    /// @notice Stops a reset that has not completed. The account, by its old key, or a live certifier other than the
    /// opener.
    /// @param ground Digest of the stated ground.
    function objectTo(uint256 reset, bytes32 ground) external;

    /// @notice The account's objection, brought by anybody: a user whom no certification or quota lets operate, or who
    /// would have to get both from the opener, is heard all the same.
    /// @param signature The account's signature (ERC-1271) of `objectionDigest`.
    function objectFor(uint256 reset, bytes32 ground, bytes calldata signature) external;

    /// @notice Stops a reset that has not completed. The opener, also when suspended.
    /// @param ground Digest of the stated ground.
    function cancel(uint256 reset, bytes32 ground) external;

    /// @notice Gives the account its new key after the waiting period. The opener, while it and the endorser are live
    /// certifiers and both records valid.
    function complete(uint256 reset) external;

    /// @notice Sets the waiting period of resets that start from now on. Council only.
    /// @param blocks Blocks, 1 to `MAX_WAITING_BLOCKS`.
    function setWaitingBlocks(uint48 blocks) external;

    /// @notice Sets for how long a certifier has to have certified an account before it stands behind a reset of it.
    /// Council only.
    /// @param blocks Blocks, 1 to `MAX_MINIMUM_AGE`.
    function setMinimumAge(uint48 blocks) external;

    /// @notice EIP-712 digest that the account signs to object: KeyResetObjection(uint256 reset,address account,bytes32
    /// ground) in the domain "BROP KeyResets", "1".
    function objectionDigest(uint256 reset, bytes32 ground) external view returns (bytes32);
    function waitingBlocks() external view returns (uint48);
    function minimumAge() external view returns (uint48);
    function resetOf(uint256 reset) external view returns (Reset memory);
    function statusOf(uint256 reset) external view returns (Status);
    /// @notice Reset of the account that waits or is ready; 0: none.
    function runningOf(address account) external view returns (uint256 reset);
    /// @notice Last block in which the account's outgoing transfers wait for the reset that started last, as far as it is
    /// known now; 0: none that was not closed.
    function heldUntil(address account) external view returns (uint48 lastBlock);
    /// @notice First block from which a certifier is established: it can start a reset of the account alone, and endorse
    /// one; 0: it does not certify the account at real name or better.
    function establishedFrom(address account, address certifier) external view returns (uint48);
    /// @notice Whether the certifier's next reset of the account needs a second certifier for what became of the last.
    function isDoubted(address account, address certifier) external view returns (bool);
    /// @notice Reset that used a record as evidence; 0: none.
    function usedBy(bytes32 record) external view returns (uint256 reset);
    /// @notice Resets so far; they are numbered from 1.
    function count() external view returns (uint256);
}
