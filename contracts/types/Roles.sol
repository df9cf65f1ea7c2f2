// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Roles held in the AccessManager
/// @notice Who holds a role is data of the AccessManager; what a role may do is written in each contract. Only Council
/// grants and revokes roles (it alone holds the AccessManager's admin role, which is 0).
library Roles {
    /// @dev Runs the platform: deploys, creates voucher contracts, executes orders. Nobody has to trust its word.
    uint64 internal constant OPERATOR = 1;
    /// @dev Signs the contract with a partner and grants its permissions. There may be several.
    uint64 internal constant ADMISSION = 2;
    /// @dev An authority that files orders.
    uint64 internal constant REGULATOR = 3;
}
