// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDirectory} from "../interfaces/IDirectory.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {Names} from "../types/Names.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

/// @title Functions that run on a regulator's order only (GO-2)
/// @notice Orders is the only caller, and only while it executes an order. Keeps no storage: singletons and clones use it.
abstract contract Enforced {
    error UnauthorisedNotOrder(address caller);
    /// @dev The order that is being executed is about somebody else.
    error UnauthorisedOrderSubject(uint256 order, address subject);

    modifier onlyOrder() {
        _order();
        _;
    }

    /// @dev Number of the order that is being executed; reverts where there is none.
    function _order() internal view returns (uint256 id) {
        address orders = IDirectory(SystemAddresses.DIRECTORY).addressOf(Names.ORDERS);
        if (msg.sender != orders) revert UnauthorisedNotOrder(msg.sender);
        id = IOrders(orders).executing();
        if (id == 0) revert UnauthorisedNotOrder(msg.sender);
    }

    /// @dev The same, where the order also has to be about `subject`: what happens to somebody is found under its name.
    function _orderAbout(address subject) internal view returns (uint256 id) {
        id = _order();
        if (IOrders(msg.sender).subjectOf(id) != subject) revert UnauthorisedOrderSubject(id, subject);
    }
}
