// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

/// @title Who may call what: one guard for every contract
/// @notice Roles are held in the AccessManager; which function wants which role stands beside the function.
abstract contract Authorised {
    error Unauthorised(address caller, uint64 role);
    error UnauthorisedNotCouncil(address caller);

    modifier onlyRole(uint64 role) {
        if (!_hasRole(role, msg.sender)) revert Unauthorised(msg.sender, role);
        _;
    }

    modifier onlyCouncil() {
        _checkCouncil();
        _;
    }

    function _hasRole(uint64 role, address account) internal view returns (bool member) {
        (member, ) = IAccessManager(SystemAddresses.ACCESS_MANAGER).hasRole(role, account);
    }

    function _checkCouncil() internal view {
        if (msg.sender != SystemAddresses.COUNCIL) revert UnauthorisedNotCouncil(msg.sender);
    }
}
