// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Enforced} from "../governance/Enforced.sol";
import {IOrders} from "../interfaces/IOrders.sol";

/// @title An enforcement function, and targets that misbehave
contract OrderedTarget is Enforced {
    error TargetRefused(uint256 order);

    uint256 public lastOrder;
    uint256 public times;

    function act() external onlyOrder {
        lastOrder = _order();
        ++times;
    }

    function refuse() external view {
        revert TargetRefused(_order());
    }

    /// @dev Executes another order while one is being executed.
    function nest(uint256 id, bytes calldata data) external onlyOrder {
        IOrders(msg.sender).execute(id, data);
    }

    /// @dev Returns a megabyte.
    function bomb() external onlyOrder returns (uint256) {
        ++times;
        // The compiler could not return that much without filling it first.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(mload(0x40), 1000000)
        }
    }

    /// @dev Does what `act` does, called by this contract instead of Orders.
    function actBySelf() external onlyOrder {
        this.act();
    }
}
