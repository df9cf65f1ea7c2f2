// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Accepts every call and tells what arrived
contract Probe {
    event Probed(address indexed caller, uint256 value, bytes data);

    fallback() external payable {
        emit Probed(msg.sender, msg.value, msg.data);
    }

    receive() external payable {
        emit Probed(msg.sender, msg.value, "");
    }
}
