// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Agreements: documents that take effect when all their parties have confirmed (EV-5)
/// @notice An agreement's identifier commits to its proposer, document, parties and deadline: whoever confirms an
/// identifier confirms all of these, and nobody can occupy the identifier of another's proposal.
interface IAgreements {
    /// @dev Lapsed: the deadline passed before all had confirmed. Effective, Cancelled and Lapsed are final.
    enum Status {
        None,
        Proposed,
        Effective,
        Cancelled,
        Lapsed
    }

    /// @param digest Digest of the document.
    /// @param algorithm Multicodec code of the digest's algorithm, as in IRecords.
    /// @param lastBlock Last block in which a party can confirm.
    /// @param salt Anything; tells apart proposals that are otherwise the same.
    /// @param parties Who has to confirm, in ascending order of their addresses: 1 to 64, none twice.
    struct Proposal {
        bytes32 digest;
        uint16 algorithm;
        uint48 lastBlock;
        bytes32 salt;
        address[] parties;
    }

    /// @param proposer Who proposed it.
    /// @param lastBlock As proposed.
    /// @param algorithm As proposed.
    /// @param parties Number of parties.
    /// @param status See `Status`.
    /// @param confirmations Bit i: the party at position i of the proposal has confirmed.
    /// @param proposedBlock Block of the proposal.
    /// @param closedBlock Block in which it took effect or was cancelled; 0 otherwise.
    /// @param closedAt Time of that block, seconds.
    /// @param digest Digest of the document.
    struct Agreement {
        address proposer;
        uint48 lastBlock;
        uint16 algorithm;
        uint8 parties;
        Status status;
        uint64 confirmations;
        uint48 proposedBlock;
        uint48 closedBlock;
        uint40 closedAt;
        bytes32 digest;
    }

    event AgreementProposed(
        bytes32 indexed id,
        address indexed proposer,
        bytes32 indexed digest,
        uint16 algorithm,
        uint48 lastBlock,
        bytes32 salt,
        address[] parties
    );
    event AgreementConfirmed(bytes32 indexed id, address indexed party, uint64 confirmations);
    event ConfirmationWithdrawn(bytes32 indexed id, address indexed party, uint64 confirmations);
    event AgreementEffective(bytes32 indexed id, bytes32 indexed digest);
    event AgreementCancelled(bytes32 indexed id);

    error AgreementDigestMissing();
    error AgreementAlgorithmUnknown(uint16 algorithm);
    error AgreementPartyCount(uint256 count, uint256 most);
    /// @dev Parties stand in ascending order, so that none stands there twice.
    error AgreementPartyOrder(uint256 index, address party);
    error AgreementDeadlinePassed(uint48 lastBlock, uint256 blockNumber);
    error AgreementExists(bytes32 id);
    error AgreementUnknown(bytes32 id);
    error AgreementWrongStatus(bytes32 id, Status status);
    error AgreementNotProposer(bytes32 id, address caller);
    error AgreementNotParty(bytes32 id, address caller);
    error AgreementAlreadyConfirmed(bytes32 id, address party);
    error AgreementNotConfirmed(bytes32 id, address party);
    /// @dev The account's certifications do not permit confirmations (ID-5).
    error AgreementNotPermitted(address account);

    /// @notice Proposes a document to its parties. Accounts that may give confirmations; the proposer is a party only
    /// where it lists itself, and then confirms like the others.
    /// @return id keccak256(abi.encode(proposer, digest, algorithm, parties, lastBlock, salt)).
    function propose(Proposal calldata proposal) external returns (bytes32 id);

    /// @notice The calling party confirms. The last confirmation puts the agreement into effect. Parties whose
    /// certifications permit confirmations at that moment.
    function confirm(bytes32 id) external;

    /// @notice The calling party takes its confirmation back; not possible once all have confirmed.
    function withdraw(bytes32 id) external;

    /// @notice Ends a proposal that is not in effect. Its proposer only.
    function cancel(bytes32 id) external;

    function agreementId(address proposer, Proposal calldata proposal) external pure returns (bytes32);
    /// @notice The agreement of that identifier; `status` is None where there is none.
    function agreementOf(bytes32 id) external view returns (Agreement memory);
    function isParty(bytes32 id, address account) external view returns (bool);
    function hasConfirmed(bytes32 id, address account) external view returns (bool);
}
