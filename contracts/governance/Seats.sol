// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";

/// @title The bookkeepers' seats in Council
abstract contract Seats is ICouncil {
    using EnumerableSet for EnumerableSet.AddressSet;

    uint256 public constant MAX_SEATS = 64;

    EnumerableSet.AddressSet private _seats;

    modifier onlySeat() {
        if (!_seats.contains(msg.sender)) revert CouncilNotASeat(msg.sender);
        _;
    }

    modifier onlySelf() {
        if (msg.sender != address(this)) revert CouncilOnly(msg.sender);
        _;
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
    function seats() external view returns (address[] memory) {
        return _seats.values();
    }

    /// @inheritdoc ICouncil
    function isSeat(address seat) external view returns (bool) {
        return _seats.contains(seat);
    }

    function _addSeat(address seat) internal {
        if (_seats.length() == MAX_SEATS) revert CouncilTooManySeats(MAX_SEATS);
        if (seat == address(0) || !_seats.add(seat)) revert CouncilInvalidSeat(seat);
        emit SeatAdded(seat);
    }

    function _seatCount() internal view returns (uint256) {
        return _seats.length();
    }

    function _seatAt(uint256 index) internal view returns (address) {
        return _seats.at(index);
    }
}
