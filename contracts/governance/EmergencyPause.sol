// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICouncil} from "../interfaces/ICouncil.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {Seats} from "./Seats.sol";

/// @title Council's emergency pause, which has a rule of its own (GO-3)
/// @notice A minority can stop operations at once, without a proposal and its delay; so it can do that for a day a
/// week at most. Council itself is not paused: seats act by direct transactions, and proposals go on.
abstract contract EmergencyPause is Seats {
    /// @dev Votes count for an hour of 3-second blocks.
    uint48 public constant PAUSE_VOTE_BLOCKS = 1_200;
    /// @dev A day: time for a proposal that mends what is wrong.
    uint48 public constant PAUSE_BLOCKS = 28_800;
    /// @dev A week, in which a minority that misused its right can lose its seats. Longer than votes count, so that
    /// the votes for one pause never count for the next.
    uint48 public constant PAUSE_REST_BLOCKS = 201_600;

    uint48 private _pausedFrom;
    uint48 private _pausedUntil;
    mapping(address seat => PauseVote) private _pauseVotes;

    /// @inheritdoc ICouncil
    function pause(bytes32 reason) external onlySeat {
        if (reason == bytes32(0)) revert CouncilReasonMissing();
        uint256 next = _pausedUntil == 0 ? 0 : uint256(_pausedUntil) + PAUSE_REST_BLOCKS + 1;
        if (block.number < next) revert CouncilPauseTooSoon(next);

        _pauseVotes[msg.sender] = PauseVote(uint48(block.number), reason);
        uint256 votes = _countPauseVotes();

        emit PauseVoted(msg.sender, votes, reason);

        if (votes >= pauseQuorum()) _pause();
    }

    /// @inheritdoc ICouncil
    function endPause() external onlySelf {
        if (block.number > _pausedUntil) revert CouncilNotPaused();

        // A pause is remembered with the blocks that it really lasted.
        _pausedUntil = uint48(block.number - 1);

        emit PauseEnded(_pausedUntil);

        IQuota(SystemAddresses.QUOTA).pause(_pausedUntil);
    }

    /// @inheritdoc ICouncil
    function pauseQuorum() public view returns (uint256) {
        return _seatCount() / 3 + 1;
    }

    /// @inheritdoc ICouncil
    function lastPause() external view returns (uint48 firstBlock, uint48 lastBlock) {
        return (_pausedFrom, _pausedUntil);
    }

    /// @inheritdoc ICouncil
    function pauseVoteOf(address seat) external view returns (PauseVote memory) {
        return _pauseVotes[seat];
    }

    function _pause() private {
        _pausedFrom = uint48(block.number);
        _pausedUntil = uint48(block.number) + PAUSE_BLOCKS - 1;

        emit PauseStarted(_pausedFrom, _pausedUntil);

        IQuota(SystemAddresses.QUOTA).pause(_pausedUntil);
    }

    /// @dev Only the seats of this moment count, and only what they said within the last hour.
    function _countPauseVotes() private view returns (uint256 votes) {
        uint256 length = _seatCount();
        for (uint256 i; i < length; ++i) {
            uint256 voted = _pauseVotes[_seatAt(i)].blockNumber;
            if (voted != 0 && block.number < voted + PAUSE_VOTE_BLOCKS) ++votes;
        }
    }
}
