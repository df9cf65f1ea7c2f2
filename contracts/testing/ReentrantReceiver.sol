// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";

/// @title An account that makes a call of its own while it receives a voucher
contract ReentrantReceiver {
    event Reentered(bool success, bytes answer);

    address private _target;
    bytes private _data;

    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory answer) = _target.call(_data);
        emit Reentered(success, answer);
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @notice As an account that never had a key reset.
    function resetState() external pure returns (uint48, uint32) {
        return (0, 0);
    }
}
