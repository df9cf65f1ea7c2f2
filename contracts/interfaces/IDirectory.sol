// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Directory: every contract of the platform by name
/// @notice A client finds everything from here. Contracts that are not listed do not take part: accounts can not call
/// them, because Quota has no price for them (CH-3).
interface IDirectory {
    /// @param target The contract's address.
    /// @param version Counts upwards from 1 with each change of this entry.
    /// @param registeredBlock Block of the last change.
    /// @param abiDigest SHA-256 of the canonical JSON (RFC 8785) of the contract's ABI.
    struct Entry {
        address target;
        uint32 version;
        uint48 registeredBlock;
        bytes32 abiDigest;
    }

    event ContractRegistered(bytes32 indexed name, address indexed target, uint32 version, bytes32 abiDigest);
    event InstanceRegistered(address indexed factory, address indexed instance);
    event ContractCreated(address indexed target, bytes32 salt, bytes32 creationDigest);

    error DirectoryNameTaken(bytes32 name, address target);
    error DirectoryNameUnknown(bytes32 name);
    error DirectoryTargetListed(address target);
    error DirectoryNotAContract(address target);
    error DirectoryNotAFactory(address caller);
    error DirectoryContractExists(address target);

    /// @notice Creates a contract. Operator only. Its address follows from this contract, the salt and the creation code
    /// (EIP-1014), so that it is the same on every network, whoever operates it and however often a deployment was
    /// interrupted. Reverts as the constructor does. Creating does not list: accounts can not call the contract before
    /// `register` and prices.
    /// @param creationCode Creation code followed by the encoded arguments of its constructor.
    function create(bytes calldata creationCode, bytes32 salt) external returns (address target);

    /// @notice Lists a new contract. Operator only, and only under a name that is free.
    /// @param name Name as ASCII, left-aligned, for example "Records".
    function register(bytes32 name, address target, bytes32 abiDigest) external;

    /// @notice Points a listed name elsewhere, or gives it the digest of a new ABI. Council only. Accounts can call the
    /// contract before it until the same proposal takes its prices away (`IQuota.publishPrices` with 0).
    function replace(bytes32 name, address target, bytes32 abiDigest) external;

    /// @notice Lists a clone that the calling factory has just made. Listed contracts only.
    function registerInstance(address instance) external;

    /// @notice Address behind a name, the zero address where there is none.
    function addressOf(bytes32 name) external view returns (address);

    /// @notice Whole entry behind a name; reverts with `DirectoryNameUnknown` where there is none.
    function entryOf(bytes32 name) external view returns (Entry memory);

    /// @notice The group that a contract's prices are listed under: itself when it is listed by name, its factory when
    /// it is an instance, the zero address when the platform does not know it.
    function groupOf(address target) external view returns (address);

    /// @notice Names in the order of their first registration.
    /// @param start Index of the first name wanted.
    /// @param count Most names to return.
    function names(uint256 start, uint256 count) external view returns (bytes32[] memory);
}
