// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {Pauses} from "../governance/Pauses.sol";
import {IKeyResets} from "../interfaces/IKeyResets.sol";

/// @title How long a key reset waits, and for how long its partner has to have known the account
abstract contract KeyResetTerms is IKeyResets, CouncilUpgradeable {
    /// @dev One day of 3-second blocks.
    uint48 private constant FIRST_WAITING_BLOCKS = 28_800;
    /// @dev A week, in which an owner sees that a partner certified the account unasked, and says so.
    uint48 private constant FIRST_MINIMUM_AGE = 201_600;
    /// @dev A week: nobody's transfers are held for longer, but for an emergency pause in it. One at most falls into a
    /// term of this length (`EmergencyPause.PAUSE_REST_BLOCKS`).
    uint48 public constant MAX_WAITING_BLOCKS = 201_600;
    /// @dev A quarter of a year: whoever lost a key and all former partners is not kept out for longer.
    uint48 public constant MAX_MINIMUM_AGE = 2_592_000;

    uint48 internal _waitingBlocks;
    uint48 internal _minimumAge;

    /// @notice Sets the first terms; part of the deployment, once.
    function initialise() external {
        if (_waitingBlocks != 0) revert UnauthorisedNotCouncil(msg.sender);
        _setWaitingBlocks(FIRST_WAITING_BLOCKS);
        _setMinimumAge(FIRST_MINIMUM_AGE);
    }

    /// @inheritdoc IKeyResets
    function setWaitingBlocks(uint48 blocks) external onlyCouncil {
        _setWaitingBlocks(blocks);
    }

    /// @inheritdoc IKeyResets
    function setMinimumAge(uint48 blocks) external onlyCouncil {
        _setMinimumAge(blocks);
    }

    /// @inheritdoc IKeyResets
    function waitingBlocks() external view returns (uint48) {
        return _waitingBlocks;
    }

    /// @inheritdoc IKeyResets
    function minimumAge() external view returns (uint48) {
        return _minimumAge;
    }

    /// @dev Nobody can object during a pause, so that its blocks do not count. The same holds for who has to complete.
    /// @return waitingUntil 0 while the reset is only proposed.
    function _termsOf(Reset storage reset) internal view returns (uint48 waitingUntil, uint48 lastBlock) {
        (waitingUntil, lastBlock) = (reset.waitingUntil, reset.lastBlock);
        if (waitingUntil == 0) return (0, Pauses.extend(reset.openedBlock, lastBlock));
        return (Pauses.extend(reset.startedBlock, waitingUntil), Pauses.extend(reset.startedBlock, lastBlock));
    }

    function _setWaitingBlocks(uint48 blocks) private {
        if (blocks == 0 || blocks > MAX_WAITING_BLOCKS) revert KeyResetWaitingInvalid(blocks);
        _waitingBlocks = blocks;
        emit WaitingBlocksSet(blocks);
    }

    function _setMinimumAge(uint48 blocks) private {
        if (blocks == 0 || blocks > MAX_MINIMUM_AGE) revert KeyResetAgeInvalid(blocks);
        _minimumAge = blocks;
        emit MinimumAgeSet(blocks);
    }
}
