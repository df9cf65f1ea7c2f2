// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ValidatorSet: which nodes seal blocks (CH-6)
/// @notice Besu asks `getValidators` on the parent's state for each block (contract-based validator selection); a set
/// that is empty or has a node twice would halt the chain for good. So nothing of the kind can be reached: a seat has at
/// most one node, and a block at most one change. The code is fixed (no proxy), so that a change is proven by the receipt
/// of its event, in a block that the set before it sealed.
interface IValidatorSet {
    /// @param epoch Counts the changes since genesis, from 1.
    /// @param added Node that came; the zero address: none.
    /// @param removed Node that went; the zero address: none. Both in one event: a seat changed its node.
    /// @param seat Seat of the node, or of both.
    /// @param setHash keccak256(abi.encode(uint64 epoch, address[] validators)), which also stands in slot 1.
    /// @param validators Whole set from the next block on.
    event ValidatorsChanged(
        uint64 indexed epoch,
        address indexed added,
        address indexed removed,
        address seat,
        bytes32 setHash,
        address[] validators
    );

    /// @dev Zero, the range of precompiled and system contracts, or an address with code: nobody has a key to it.
    error ValidatorNodeInvalid(address node);
    error ValidatorNodeKnown(address node, address seat);
    error ValidatorNodeUnknown(address node);
    /// @dev No seat of Council.
    error ValidatorSeatInvalid(address seat);
    error ValidatorSeatTaken(address seat, address node);
    error ValidatorProofInvalid(address seat, address node);
    error ValidatorsTooMany(uint256 most);
    /// @dev Byzantine faults are tolerated from four nodes on: there is no way back below. The last node always stays.
    error ValidatorsTooFew(uint256 least);
    error ValidatorsChangedInBlock(uint256 blockNumber);
    error ValidatorsUnequal(uint256 seats, uint256 nodes);

    /// @notice Adds the node of a seat that has none. Council only.
    /// @param proof Node key's signature (65 bytes, low s) of `proofDigest(seat, node)`.
    function add(address seat, address node, bytes calldata proof) external;

    /// @notice Removes a node, also one whose seat was taken away. Council only.
    function remove(address node) external;

    /// @notice Gives a seat another node in its node's place, when a key has to change. Council only.
    /// @param proof The new node key's signature of `proofDigest`.
    function rotate(address node, address newNode, bytes calldata proof) external;

    /// @notice The nodes that seal the next block. Besu's interface; never empty, never a node twice.
    function getValidators() external view returns (address[] memory);

    /// @notice EIP-712 digest that proves possession of a node's key: ValidatorKey(address seat,address node) in the domain
    /// "BROP ValidatorSet", "1", with chain and this contract.
    function proofDigest(address seat, address node) external view returns (bytes32);

    function setHash() external view returns (bytes32);
    function epoch() external view returns (uint64);
    /// @notice Block of the last change, 0 for the genesis set.
    function changedBlock() external view returns (uint48);
    /// @notice Node of a seat, the zero address where it has none.
    function nodeOf(address seat) external view returns (address);
    /// @notice Seat of a node, the zero address where it is no validator.
    function seatOf(address node) external view returns (address);
}
