// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What a certification level lets an account do (ID-5)
/// @notice Bits of a mask. Which level has which bits is a table in Certifications, set by Council.
library LevelPermissions {
    uint32 internal constant SIGN_LEGAL_DOCUMENTS = 1 << 0;
    uint32 internal constant EVIDENCE = 1 << 1;
    /// @dev Evidence only under the certifying partner that takes responsibility; the record names it.
    uint32 internal constant EVIDENCE_UNDER_PARTNER = 1 << 2;
    uint32 internal constant CONFIRMATIONS = 1 << 3;
    uint32 internal constant VOUCHERS = 1 << 4;
}

/// @title What a partner's contract with the admission party lets it do
library PartnerPermissions {
    uint32 internal constant IDENTITY = 1 << 0;
    uint32 internal constant EVIDENCE = 1 << 1;
    uint32 internal constant VOUCHERS = 1 << 2;
    uint32 internal constant CUSTODY = 1 << 3;
}
