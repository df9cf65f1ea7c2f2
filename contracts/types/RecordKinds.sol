// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Kinds of records that contracts of the platform read
/// @notice Kinds from 0xffff0000 up are the platform's; the lower ones are each partner's own list.
library RecordKinds {
    /// @dev A user's application for a key reset; the subject is the account.
    uint32 internal constant KEY_RESET_APPLICATION = 0xffff0001;
    /// @dev The check of the identity of whoever applied; the subject is the account.
    uint32 internal constant KEY_RESET_IDENTITY_CHECK = 0xffff0002;
}
