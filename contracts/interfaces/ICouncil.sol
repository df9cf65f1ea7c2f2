// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Council: the bookkeepers decide together (CH-6, GO-3)
/// @notice Holds the AccessManager's admin role and every upgrade right. A proposal is a list of calls that Council
/// makes once more than two thirds of the seats have voted for it and the delay has passed.
interface ICouncil {
    struct Call {
        address target;
        bytes data;
    }

    /// @dev Open: votes are taken. Agreed: quorum reached, delay running or over. Lapsed: never reached quorum, or not
    /// executed in time.
    enum Status {
        None,
        Open,
        Agreed,
        Executed,
        Cancelled,
        Lapsed
    }

    /// @param delayBlocks Blocks between agreement and execution, by the terms at the time of the proposal.
    /// @param lifetimeBlocks Blocks in which it can be voted for, and again in which it can be executed; likewise.
    struct Proposal {
        address proposer;
        uint48 proposedBlock;
        uint48 agreedBlock;
        bool executed;
        bool cancelled;
        uint32 votes;
        uint48 delayBlocks;
        uint48 lifetimeBlocks;
        bytes32 callsDigest;
        bytes32 reason;
    }

    /// @param blockNumber Block of the seat's newest vote for a pause; 0: none.
    /// @param reason Digest of what the seat stated.
    struct PauseVote {
        uint48 blockNumber;
        bytes32 reason;
    }

    event Proposed(uint256 indexed id, address indexed proposer, Call[] calls, bytes32 reason);
    event Voted(uint256 indexed id, address indexed seat, uint256 votes, uint256 seats);
    event Agreed(uint256 indexed id, uint256 executableFrom, uint256 executableUntil);
    event Executed(uint256 indexed id);
    event Cancelled(uint256 indexed id);
    event SeatAdded(address indexed seat);
    event SeatRemoved(address indexed seat);
    event TermsChanged(uint48 delayBlocks, uint48 lifetimeBlocks);
    event PauseVoted(address indexed seat, uint256 votes, bytes32 reason);
    event PauseStarted(uint48 firstBlock, uint48 lastBlock);
    event PauseEnded(uint48 lastBlock);

    error CouncilNotASeat(address caller);
    error CouncilOnly(address caller);
    error CouncilProposalUnknown(uint256 id);
    error CouncilWrongStatus(uint256 id, Status status);
    error CouncilAlreadyVoted(uint256 id, address seat);
    /// @dev Seats that had voted for it were taken away, or seats were added: it needs further votes.
    error CouncilQuorumLost(uint256 id, uint256 votes, uint256 quorum);
    error CouncilTooEarly(uint256 id, uint256 executableFrom);
    error CouncilCallsDiffer(uint256 id);
    error CouncilCallFailed(uint256 index, bytes reason);
    error CouncilInvalidSeat(address seat);
    error CouncilTooManySeats(uint256 most);
    error CouncilInvalidTerms();
    error CouncilNotProposer(address caller);
    error CouncilReasonMissing();
    /// @dev A pause is running, or the rest after the last one.
    error CouncilPauseTooSoon(uint256 from);
    error CouncilNotPaused();

    /// @notice Opens a proposal and votes for it. Seats only.
    /// @param reason Digest of the document that explains it.
    /// @return id Number of the proposal, from 1.
    function propose(Call[] calldata calls, bytes32 reason) external returns (uint256 id);

    /// @notice Votes for a proposal that is open, or agreed and not executed yet. Seats only, once each.
    function vote(uint256 id) external;

    /// @notice Makes an agreed proposal's calls, all or none. Any seat, after the delay and before expiry, and only if
    /// the seats of this moment still agree.
    function execute(uint256 id, Call[] calldata calls) external;

    /// @notice Takes back a proposal that has not been executed. Its proposer only.
    function cancel(uint256 id) external;

    /// @notice Gives a bookkeeper a seat, or takes it. Only by a proposal.
    function addSeat(address seat) external;
    function removeSeat(address seat) external;

    /// @notice Sets the delay after agreement (at least a block) and the lifetime of later proposals, both in blocks.
    /// Only by a proposal.
    function setTerms(uint48 delayBlocks, uint48 lifetimeBlocks) external;

    /// @notice Votes for an emergency pause. Seats only. When more than a third of the seats have voted within
    /// `PAUSE_VOTE_BLOCKS`, no operation of an account is accepted for `PAUSE_BLOCKS`, this block included. The pause ends
    /// by itself; the next one can not be voted for until `PAUSE_REST_BLOCKS` after its end.
    /// @param reason Digest of what the seat states; can not be empty.
    function pause(bytes32 reason) external;

    /// @notice Ends a pause before its time. Only by a proposal.
    function endPause() external;

    function seats() external view returns (address[] memory);
    function isSeat(address seat) external view returns (bool);
    /// @notice Votes that a proposal needs now: more than two thirds of the seats.
    function quorum() external view returns (uint256);
    /// @notice Votes that a pause needs now: more than a third of the seats.
    function pauseQuorum() external view returns (uint256);
    /// @notice First and last block of the newest pause, both 0 where there was none. Nobody could operate an account in
    /// these blocks: a term that somebody has to object or to answer in is longer by them.
    function lastPause() external view returns (uint48 firstBlock, uint48 lastBlock);
    function pauseVoteOf(address seat) external view returns (PauseVote memory);
    function statusOf(uint256 id) external view returns (Status);
    function proposal(uint256 id) external view returns (Proposal memory);
    function hasVoted(uint256 id, address seat) external view returns (bool);
    function terms() external view returns (uint48 delayBlocks, uint48 lifetimeBlocks);
}
