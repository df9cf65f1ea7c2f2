// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

/// @title Proxy of every upgradeable singleton
/// @notice The right to upgrade lies in the implementation (`CouncilUpgradeable`), so a proxy may start without a call:
/// most singletons have nothing to set up.
contract SingletonProxy is ERC1967Proxy {
    constructor(address implementation, bytes memory data) payable ERC1967Proxy(implementation, data) {}

    // The base contract's constructor calls it.
    // slither-disable-next-line dead-code
    function _unsafeAllowUninitialized() internal pure override returns (bool) {
        return true;
    }
}
