// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Authorised} from "./Authorised.sol";

/// @title A singleton behind a proxy that only Council can upgrade (GO-3)
abstract contract CouncilUpgradeable is UUPSUpgradeable, Authorised {
    function _authorizeUpgrade(address) internal view override {
        _checkCouncil();
    }
}
