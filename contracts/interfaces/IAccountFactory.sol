// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title AccountFactory: the only place where accounts come from
interface IAccountFactory {
    event AccountCreated(address indexed account, uint64 indexed id, address indexed creator, bytes signer);

    error AccountFactoryNotAuthorised(address caller);
    error AccountFactoryExists(address account);

    /// @notice Creates an account. Partners with the identity permission, and admission parties for applicants.
    /// @param signer ERC-7913 signer: 20 bytes of an address, or a verifier's address and a key.
    /// @param salt Any value; with creator and signer it gives the address.
    /// @return account Its address, for ever.
    /// @return id Its sequential number, from 1; see `account ID` in the documents for the printed form.
    function create(bytes calldata signer, bytes32 salt) external returns (address account, uint64 id);

    /// @notice Address that `create` will give.
    function addressOf(address creator, bytes calldata signer, bytes32 salt) external view returns (address);

    /// @notice Sequential number of an account, 0 where it is none of the platform's.
    function idOf(address account) external view returns (uint64);
    function isAccount(address account) external view returns (bool);
    function accountOf(uint64 id) external view returns (address);
    function count() external view returns (uint64);
    /// @notice Code that every account is a clone of.
    function implementation() external view returns (address);
}
