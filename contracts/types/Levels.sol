// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Certification levels (ID-3)
/// @notice Numbers of the rows that the level table starts with. Order and permissions are data of that table: code
/// compares ranks, never these numbers.
library Levels {
    uint8 internal constant NONE = 0;
    /// @dev An institution that has an account to sign its legal documents with, and nothing else yet.
    uint8 internal constant APPLICANT = 1;
    uint8 internal constant REGISTERED = 2;
    uint8 internal constant ANONYMOUS = 3;
    uint8 internal constant PHONE_VERIFIED = 4;
    uint8 internal constant REAL_NAME = 5;
    uint8 internal constant DIGITAL_CERTIFICATE = 6;
}
