// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICouncil} from "../interfaces/ICouncil.sol";
import {CouncilUpgradeable} from "./CouncilUpgradeable.sol";
import {EmergencyPause} from "./EmergencyPause.sol";

contract Council is CouncilUpgradeable, EmergencyPause {
    uint48 public constant MAX_LIFETIME = 10_000_000;

    uint48 private _delay;
    uint48 private _lifetime;
    Proposal[] private _proposals;
    mapping(uint256 id => mapping(address seat => bool)) private _voted;

    /// @notice Sets the first seats and terms; part of the genesis allocation.
    function initialise(address[] calldata seats_, uint48 delayBlocks, uint48 lifetimeBlocks) external {
        if (_seatCount() != 0) revert CouncilOnly(msg.sender);
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
        p.delayBlocks = _delay;
        p.lifetimeBlocks = _lifetime;

        emit Proposed(id, msg.sender, calls, reason);

        _vote(id, p);
    }

    /// @inheritdoc ICouncil
    function vote(uint256 id) external onlySeat {
        Proposal storage p = _requireStatus(id, Status.Open, Status.Agreed);
        if (_voted[id][msg.sender]) revert CouncilAlreadyVoted(id, msg.sender);
        _vote(id, p);
    }

    /// @inheritdoc ICouncil
    function execute(uint256 id, Call[] calldata calls) external onlySeat {
        Proposal storage p = _requireStatus(id, Status.Agreed, Status.Agreed);
        uint256 from = uint256(p.agreedBlock) + p.delayBlocks;
        if (block.number < from) revert CouncilTooEarly(id, from);
        uint256 votes = _countVotes(id);
        if (votes < quorum()) revert CouncilQuorumLost(id, votes, quorum());
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
    function setTerms(uint48 delayBlocks, uint48 lifetimeBlocks) external onlySelf {
        _setTerms(delayBlocks, lifetimeBlocks);
    }

    /// @inheritdoc ICouncil
    function quorum() public view returns (uint256) {
        return (2 * _seatCount()) / 3 + 1;
    }

    /// @inheritdoc ICouncil
    function statusOf(uint256 id) public view returns (Status) {
        if (id == 0 || id > _proposals.length) return Status.None;
        Proposal storage p = _proposals[id - 1];
        if (p.executed) return Status.Executed;
        if (p.cancelled) return Status.Cancelled;
        if (p.agreedBlock == 0) return block.number > p.proposedBlock + p.lifetimeBlocks ? Status.Lapsed : Status.Open;
        return block.number > uint256(p.agreedBlock) + p.delayBlocks + p.lifetimeBlocks ? Status.Lapsed : Status.Agreed;
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
        emit Voted(id, msg.sender, votes, _seatCount());

        if (p.agreedBlock == 0 && votes >= quorum()) {
            p.agreedBlock = uint48(block.number);
            uint256 from = block.number + p.delayBlocks;
            emit Agreed(id, from, from + p.lifetimeBlocks);
        }
    }

    /// @dev Counted anew at each vote, so that the vote of a seat that was taken away meanwhile does not count.
    function _countVotes(uint256 id) private view returns (uint256 votes) {
        uint256 length = _seatCount();
        for (uint256 i; i < length; ++i) {
            if (_voted[id][_seatAt(i)]) ++votes;
        }
    }

    function _requireStatus(uint256 id, Status wanted, Status orElse) private view returns (Proposal storage) {
        Status status = statusOf(id);
        if (status == Status.None) revert CouncilProposalUnknown(id);
        if (status != wanted && status != orElse) revert CouncilWrongStatus(id, status);
        return _proposals[id - 1];
    }

    function _setTerms(uint48 delayBlocks, uint48 lifetimeBlocks) private {
        if (delayBlocks == 0 || delayBlocks > MAX_LIFETIME) revert CouncilInvalidTerms();
        if (lifetimeBlocks == 0 || lifetimeBlocks > MAX_LIFETIME) revert CouncilInvalidTerms();
        _delay = delayBlocks;
        _lifetime = lifetimeBlocks;
        emit TermsChanged(delayBlocks, lifetimeBlocks);
    }
}
