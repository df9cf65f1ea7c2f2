// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A signer that answers in every wrong way
/// @notice Stands for a contract as signer (ERC-1271) and for a verifier of keys (ERC-7913). Which way is chosen by the
/// signature's first byte, so that one contract serves all tests.
contract HostileSigner {
    uint8 private constant YES = 0;
    uint8 private constant NO = 1;
    uint8 private constant NOTHING = 2;
    uint8 private constant HALF_A_WORD = 3;
    uint8 private constant HUGE = 4;
    uint8 private constant REVERT = 5;
    uint8 private constant REVERT_HUGE = 6;
    uint8 private constant BURN = 7;
    uint8 private constant WRITE = 8;
    uint8 private constant DIRTY = 9;

    uint256 private _written;

    function isValidSignature(bytes32, bytes calldata signature) external returns (bytes4) {
        _answer(uint8(signature[0]), this.isValidSignature.selector);
    }

    function verify(bytes calldata, bytes32, bytes calldata signature) external returns (bytes4) {
        _answer(uint8(signature[0]), this.verify.selector);
    }

    function _answer(uint8 way, bytes4 yes) private {
        if (way == WRITE) _written = block.number;
        for (uint256 i; way == BURN; ++i) keccak256(abi.encode(i));
        uint256 size =
            way == NOTHING
                ? 0
                : way == HALF_A_WORD
                    ? 16
                    : way == HUGE || way == REVERT_HUGE
                        ? 500_000
                        : 32;
        bool failing = way == REVERT || way == REVERT_HUGE;
        bytes32 answer =
            way == NO
                ? bytes32(uint256(1))
                : way == DIRTY
                    ? bytes32(yes) | bytes32(uint256(1))
                    : bytes32(yes);
        // The compiler could not return that much without filling it first.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, answer)
            if failing {
                revert(at, size)
            }
            return(at, size)
        }
    }
}
