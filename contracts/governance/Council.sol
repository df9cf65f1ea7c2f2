// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";
import {CouncilUpgradeable} from "./CouncilUpgradeable.sol";

contract Council is ICouncil, CouncilUpgradeable {
    using EnumerableSet for EnumerableSet.AddressSet;

    uint256 public constant MAX_SEATS = 64;
    uint48 public constant MAX_LIFETIME = 10_000_000;

    EnumerableSet.AddressSet private _seats;
    uint48 private _delay;
    uint48 private _lifetime;
    Proposal[] private _proposals;
    mapping(uint256 id => mapping(address seat => bool)) private _voted;

    modifier onlySeat() {
        if (!_seats.contains(msg.sender)) revert CouncilNotASeat(msg.sender);
        _;
    }

    modifier onlySelf() {
        if (msg.sender != address(this)) revert CouncilOnly(msg.sender);
        _;
    }

    /// @notice Sets the first seats and terms; part of the genesis allocation.
    function initialise(address[] calldata seats_, uint48 delayBlocks, uint48 lifetimeBlocks) external {
        if (_seats.length() != 0) revert CouncilOnly(msg.sender);
        // Without a seat this function would stay open to anybody.
        if (seats_.length == 0) revert CouncilInvalidSeat(address(0));
        for (uint256 i; i < seats_.length; ++i) {
            _addSeat(seats_[i]);
        }
        _setTerms(delayBlocks, lifetimeBlocks);
    }

    /// @inheritdoc ICouncil
    function propose(Call[] calldata calls, bytes32 reason) external onlySeat returns (uint256 id) {
        Proposal storage p = _proposals.push();
        id = _proposals.length;
        p.proposer = msg.sender;
        p.proposedBlock = uint48(block.number);
        p.callsDigest = keccak256(abi.encode(calls));
        p.reason = reason;

        emit Proposed(id, msg.sender, calls, reason);

        _vote(id, p);
    }

    /// @inheritdoc ICouncil
    function vote(uint256 id) external onlySeat {
        Proposal storage p = _requireStatus(id, Status.Open);
        if (_voted[id][msg.sender]) revert CouncilAlreadyVoted(id, msg.sender);
        _vote(id, p);
    }

    /// @inheritdoc ICouncil
    function execute(uint256 id, Call[] calldata calls) external onlySeat {
        Proposal storage p = _requireStatus(id, Status.Agreed);
        uint256 from = uint256(p.agreedBlock) + _delay;
        if (block.number < from) revert CouncilTooEarly(id, from);
        if (keccak256(abi.encode(calls)) != p.callsDigest) revert CouncilCallsDiffer(id);

        p.executed = true;

        for (uint256 i; i < calls.length; ++i) {
            // The seats vote for any call, not for an interface.
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, bytes memory reason) = calls[i].target.call(calls[i].data);
            // A call to an address without code succeeds and does nothing: that is never what was voted for.
            if (!success || calls[i].target.code.length == 0) revert CouncilCallFailed(i, reason);
        }

        emit Executed(id);
    }

    /// @inheritdoc ICouncil
    function cancel(uint256 id) external {
        Status status = statusOf(id);
        if (status != Status.Open && status != Status.Agreed) revert CouncilWrongStatus(id, status);
        Proposal storage p = _proposals[id - 1];
        if (p.proposer != msg.sender) revert CouncilNotProposer(msg.sender);

        p.cancelled = true;

        emit Cancelled(id);
    }

    /// @inheritdoc ICouncil
    function addSeat(address seat) external onlySelf {
        _addSeat(seat);
    }

    /// @inheritdoc ICouncil
    function removeSeat(address seat) external onlySelf {
        // The last seat stays: without one nobody could ever decide anything again.
        if (_seats.length() == 1 || !_seats.remove(seat)) revert CouncilInvalidSeat(seat);
        emit SeatRemoved(seat);
    }

    /// @inheritdoc ICouncil
    function setTerms(uint48 delayBlocks, uint48 lifetimeBlocks) external onlySelf {
        _setTerms(delayBlocks, lifetimeBlocks);
    }

    /// @inheritdoc ICouncil
    function seats() external view returns (address[] memory) {
        return _seats.values();
    }

    /// @inheritdoc ICouncil
    function isSeat(address seat) external view returns (bool) {
        return _seats.contains(seat);
    }

    /// @inheritdoc ICouncil
    function quorum() public view returns (uint256) {
        return (2 * _seats.length()) / 3 + 1;
    }

    /// @inheritdoc ICouncil
    function statusOf(uint256 id) public view returns (Status) {
        if (id == 0 || id > _proposals.length) return Status.None;
        Proposal storage p = _proposals[id - 1];
        if (p.executed) return Status.Executed;
        if (p.cancelled) return Status.Cancelled;
        if (p.agreedBlock == 0) return block.number > p.proposedBlock + _lifetime ? Status.Lapsed : Status.Open;
        return block.number > uint256(p.agreedBlock) + _delay + _lifetime ? Status.Lapsed : Status.Agreed;
    }

    /// @inheritdoc ICouncil
    function proposal(uint256 id) external view returns (Proposal memory) {
        if (id == 0 || id > _proposals.length) revert CouncilProposalUnknown(id);
        return _proposals[id - 1];
    }

    /// @inheritdoc ICouncil
    function hasVoted(uint256 id, address seat) external view returns (bool) {
        return _voted[id][seat];
    }

    /// @inheritdoc ICouncil
    function terms() external view returns (uint48 delayBlocks, uint48 lifetimeBlocks) {
        return (_delay, _lifetime);
    }

    function _vote(uint256 id, Proposal storage p) private {
        _voted[id][msg.sender] = true;
        uint256 votes = _countVotes(id);
        p.votes = uint32(votes);
        emit Voted(id, msg.sender, votes, _seats.length());

        if (votes >= quorum()) {
            p.agreedBlock = uint48(block.number);
            uint256 from = block.number + _delay;
            emit Agreed(id, from, from + _lifetime);
        }
    }

    /// @dev Counted anew at each vote, so that the vote of a seat that was taken away meanwhile does not count.
    function _countVotes(uint256 id) private view returns (uint256 votes) {
        uint256 length = _seats.length();
        for (uint256 i; i < length; ++i) {
            if (_voted[id][_seats.at(i)]) ++votes;
        }
    }

    function _requireStatus(uint256 id, Status wanted) private view returns (Proposal storage) {
        Status status = statusOf(id);
        if (status == Status.None) revert CouncilProposalUnknown(id);
        if (status != wanted) revert CouncilWrongStatus(id, status);
        return _proposals[id - 1];
    }

    function _addSeat(address seat) private {
        if (_seats.length() == MAX_SEATS) revert CouncilTooManySeats(MAX_SEATS);
        if (seat == address(0) || !_seats.add(seat)) revert CouncilInvalidSeat(seat);
        emit SeatAdded(seat);
    }

    function _setTerms(uint48 delayBlocks, uint48 lifetimeBlocks) private {
        if (lifetimeBlocks == 0 || lifetimeBlocks > MAX_LIFETIME || delayBlocks > MAX_LIFETIME) {
            revert CouncilInvalidTerms();
        }
        _delay = delayBlocks;
        _lifetime = lifetimeBlocks;
        emit TermsChanged(delayBlocks, lifetimeBlocks);
    }
}
