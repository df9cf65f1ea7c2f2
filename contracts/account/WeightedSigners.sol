// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IWeightedSigners} from "../interfaces/IWeightedSigners.sol";

contract WeightedSigners is IWeightedSigners {
    bytes4 private constant INVALID = 0xffffffff;

    /// @inheritdoc IERC7913SignatureVerifier
    /// @dev Decoding reverts where the encoding is wrong; the call to itself turns that into an answer.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        try this.isReached(key, hash, signature) returns (bool reached) {
            return reached ? IERC7913SignatureVerifier.verify.selector : INVALID;
        } catch {
            return INVALID;
        }
    }

    /// @inheritdoc IWeightedSigners
    function isReached(bytes calldata key, bytes32 hash, bytes calldata signature) external view returns (bool) {
        (uint64 threshold, bytes[] memory known, uint64[] memory weights) = abi.decode(
            key,
            (uint64, bytes[], uint64[])
        );
        (bytes[] memory signers, bytes[] memory signatures) = abi.decode(signature, (bytes[], bytes[]));
        if (threshold == 0 || known.length != weights.length || signers.length != signatures.length) return false;

        bytes32[] memory digests = _digestsOf(known);
        bytes32 last;
        uint256 total;
        for (uint256 i; i < signers.length; ++i) {
            bytes32 digest = keccak256(signers[i]);
            // Ascending: nobody counts twice.
            if (digest <= last) return false;
            last = digest;
            uint64 weight = _weightOf(digest, digests, weights);
            if (weight == 0 || !_isSigned(signers[i], hash, signatures[i])) return false;
            total += weight;
        }
        return total >= threshold;
    }

    /// @inheritdoc IWeightedSigners
    function keyOf(
        uint64 threshold,
        bytes[] calldata signers,
        uint64[] calldata weights
    ) external view returns (bytes memory key) {
        if (signers.length != weights.length) revert WeightedSignersLengthsDiffer();
        bytes32[] memory digests = _digestsOf(signers);
        uint256 total;
        for (uint256 i; i < signers.length; ++i) {
            if (!_canSign(signers[i])) revert WeightedSignersSignerInvalid(signers[i]);
            if (weights[i] == 0) revert WeightedSignersWeightMissing(signers[i]);
            for (uint256 j; j < i; ++j) {
                if (digests[j] == digests[i]) revert WeightedSignersSignerTwice(signers[i]);
            }
            total += weights[i];
        }
        if (threshold == 0 || threshold > total) revert WeightedSignersThresholdInvalid(threshold, total);
        return abi.encode(threshold, signers, weights);
    }

    function _digestsOf(bytes[] memory signers) private pure returns (bytes32[] memory digests) {
        digests = new bytes32[](signers.length);
        for (uint256 i; i < signers.length; ++i) {
            digests[i] = keccak256(signers[i]);
        }
    }

    /// @return weight 0 where the key does not name the signer.
    function _weightOf(
        bytes32 digest,
        bytes32[] memory digests,
        uint64[] memory weights
    ) private pure returns (uint64 weight) {
        for (uint256 i; i < digests.length; ++i) {
            if (digests[i] == digest) return weights[i];
        }
    }

    function _isSigned(bytes memory signer, bytes32 hash, bytes memory signature) private view returns (bool) {
        return _canSign(signer) && SignatureChecker.isValidSignatureNow(signer, hash, signature);
    }

    /// @dev A precompiled contract for a verifier could say yes to everything: the one that repeats its input does.
    function _canSign(bytes memory signer) private view returns (bool) {
        address first = address(bytes20(signer));
        return signer.length >= 20 && first != address(0) && (signer.length == 20 || first.code.length != 0);
    }
}
