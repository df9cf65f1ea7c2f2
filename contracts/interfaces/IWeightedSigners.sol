// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

/// @title WeightedSigners: several signers for one account, four eyes for institutions (ID-1)
/// @notice A stateless ERC-7913 verifier. The key names the signers, their weights and the weight that is needed:
/// abi.encode(uint64 threshold, bytes[] signers, uint64[] weights). The signature is what OpenZeppelin's
/// `MultiSignerERC7913Weighted` takes: abi.encode(bytes[] signers, bytes[] signatures), in ascending order of the
/// signers' keccak256. Each signs the same hash by itself, so that a signature goes on counting under a later key that
/// still names its signer. Signers are ERC-7913 signers: addresses, accounts (ERC-1271), or a verifier and a key.
interface IWeightedSigners is IERC7913SignatureVerifier {
    error WeightedSignersLengthsDiffer();
    /// @dev Too short for an address, the zero address, or a key whose verifier is no contract.
    error WeightedSignersSignerInvalid(bytes signer);
    error WeightedSignersSignerTwice(bytes signer);
    error WeightedSignersWeightMissing(bytes signer);
    /// @param total What all signers weigh together.
    error WeightedSignersThresholdInvalid(uint64 threshold, uint256 total);

    /// @notice Whether the signers who signed weigh enough. Reverts where key or signature are not in their encoding;
    /// `verify` answers 0xffffffff then. A signer that the key names twice counts once, with the first weight.
    function isReached(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bool);

    /// @notice Key of a set of signers that makes sense; reverts with the reason where it does not. Signer of an account
    /// is this contract's address and the key.
    /// @param threshold Weight that is needed; at least 1, at most what all weigh together.
    function keyOf(
        uint64 threshold,
        bytes[] calldata signers,
        uint64[] calldata weights
    ) external view returns (bytes memory key);
}
