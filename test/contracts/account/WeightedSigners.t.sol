// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {WeightedSigners} from "../../../contracts/account/WeightedSigners.sol";

/// @dev Takes a signature for valid when it repeats the key.
contract EchoVerifier is IERC7913SignatureVerifier {
    function verify(bytes calldata key, bytes32, bytes calldata signature) external pure returns (bytes4) {
        return keccak256(key) == keccak256(signature) ? this.verify.selector : bytes4(0);
    }
}

/// @title The weights of those who signed decide, and nothing else
contract WeightedSignersTest {
    uint256 private constant SIGNERS = 5;

    WeightedSigners private _verifier;
    bytes[] private _signers;

    struct Case {
        uint64 threshold;
        uint64[5] weights;
        uint8 signing;
        uint8 forging;
        bytes32 hash;
    }

    function setUp() public {
        _verifier = new WeightedSigners();
        address echo = address(new EchoVerifier());
        for (uint256 i; i < SIGNERS; ++i) {
            _signers.push(abi.encodePacked(echo, uint8(i)));
        }
        // In the order that a signature wants, so that any subset is in it too.
        for (uint256 i; i < SIGNERS; ++i) {
            for (uint256 j = i + 1; j < SIGNERS; ++j) {
                if (keccak256(_signers[j]) >= keccak256(_signers[i])) continue;
                (bytes memory one, bytes memory other) = (_signers[i], _signers[j]);
                (_signers[i], _signers[j]) = (other, one);
            }
        }
    }

    function testFuzz_theSumOfTheWeightsDecides(Case memory c) public view {
        _check(c);
    }

    /// @dev Small numbers, where sums often meet the threshold exactly.
    function testFuzz_theSumOfSmallWeightsDecides(Case memory c) public view {
        c.threshold %= 8;
        c.forging = 0;
        for (uint256 i; i < SIGNERS; ++i) {
            c.weights[i] %= 4;
        }
        _check(c);
    }

    function testFuzz_nothingRevertsWhateverItIsGiven(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) public view {
        assert(_verifier.verify(key, hash, signature) == bytes4(0xffffffff));
    }

    function _check(Case memory c) private view {
        (bytes[] memory signers, bytes[] memory signatures) = (new bytes[](SIGNERS), new bytes[](SIGNERS));
        uint64[] memory weights = new uint64[](SIGNERS);
        uint256 count;
        uint256 sum;
        bool spoilt = c.threshold == 0;
        for (uint256 i; i < SIGNERS; ++i) {
            weights[i] = c.weights[i];
            if ((c.signing >> i) & 1 == 0) continue;
            bool forged = (c.forging >> i) & 1 != 0;
            if (forged || weights[i] == 0) spoilt = true;
            sum += weights[i];
            signers[count] = _signers[i];
            signatures[count++] = forged ? bytes("forged") : abi.encodePacked(_signers[i][20]);
        }
        // The arrays end where the signers do.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(signers, count)
            mstore(signatures, count)
        }
        bytes memory key = abi.encode(c.threshold, _signers, weights);
        bytes4 answer = _verifier.verify(key, c.hash, abi.encode(signers, signatures));
        bool reached = !spoilt && sum >= c.threshold;
        assert(answer == (reached ? _verifier.verify.selector : bytes4(0xffffffff)));
    }
}
