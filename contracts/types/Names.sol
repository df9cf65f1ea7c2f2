// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Names under which contracts look each other up in Directory
library Names {
    bytes32 internal constant PARTNERS = "Partners";
    bytes32 internal constant CERTIFICATIONS = "Certifications";
    bytes32 internal constant ORDERS = "Orders";
    bytes32 internal constant KEY_RESETS = "KeyResets";
    bytes32 internal constant REDEMPTIONS = "Redemptions";
}
