// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Addresses of the contracts in the genesis allocation
/// @notice They hold on every BROP network, so that each rule is in force from block 1 and a client needs an RPC URL
/// and nothing else.
library SystemAddresses {
    /// @dev ERC-4337 EntryPoint 0.8 at its canonical address.
    address internal constant ENTRY_POINT = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;
    address internal constant DIRECTORY = 0x000000000000000000000000000000000000B001;
    address internal constant ACCESS_MANAGER = 0x000000000000000000000000000000000000B002;
    address internal constant COUNCIL = 0x000000000000000000000000000000000000b003;
    address internal constant ADMISSION = 0x000000000000000000000000000000000000b004;
    address internal constant QUOTA = 0x000000000000000000000000000000000000b005;
    address internal constant VALIDATOR_SET = 0x000000000000000000000000000000000000b006;
}
