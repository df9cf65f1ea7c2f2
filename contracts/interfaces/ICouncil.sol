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

    struct Proposal {
        address proposer;
        uint48 proposedBlock;
        uint48 agreedBlock;
        bool executed;
        bool cancelled;
        uint32 votes;
        bytes32 callsDigest;
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

    error CouncilNotASeat(address caller);
    error CouncilOnly(address caller);
    error CouncilProposalUnknown(uint256 id);
    error CouncilWrongStatus(uint256 id, Status status);
    error CouncilAlreadyVoted(uint256 id, address seat);
    error CouncilTooEarly(uint256 id, uint256 executableFrom);
    error CouncilCallsDiffer(uint256 id);
    error CouncilCallFailed(uint256 index, bytes reason);
    error CouncilInvalidSeat(address seat);
    error CouncilTooManySeats(uint256 most);
    error CouncilInvalidTerms();
    error CouncilNotProposer(address caller);

    /// @notice Opens a proposal and votes for it. Seats only.
    /// @param reason Digest of the document that explains it.
    /// @return id Number of the proposal, from 1.
    function propose(Call[] calldata calls, bytes32 reason) external returns (uint256 id);

    /// @notice Votes for an open proposal. Seats only, once each.
    function vote(uint256 id) external;

    /// @notice Makes an agreed proposal's calls, all or none. Any seat, after the delay and before expiry.
    function execute(uint256 id, Call[] calldata calls) external;

    /// @notice Takes back a proposal that has not been executed. Its proposer only.
    function cancel(uint256 id) external;

    /// @notice Gives a bookkeeper a seat, or takes it. Only by a proposal.
    function addSeat(address seat) external;
    function removeSeat(address seat) external;

    /// @notice Sets the delay after agreement and the lifetime of a proposal, both in blocks. Only by a proposal.
    function setTerms(uint48 delayBlocks, uint48 lifetimeBlocks) external;

    function seats() external view returns (address[] memory);
    function isSeat(address seat) external view returns (bool);
    /// @notice Votes that a proposal needs now: more than two thirds of the seats.
    function quorum() external view returns (uint256);
    function statusOf(uint256 id) external view returns (Status);
    function proposal(uint256 id) external view returns (Proposal memory);
    function hasVoted(uint256 id, address seat) external view returns (bool);
    function terms() external view returns (uint48 delayBlocks, uint48 lifetimeBlocks);
}
