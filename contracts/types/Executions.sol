// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC7579Utils} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";

/// @title What an operation makes its account do, read in one place
/// @notice Account executes and Quota prices what this library reads, so that both always mean the same calls.
library Executions {
    /// @dev ERC-7579: one call, abi.encodePacked(target, value, callData).
    bytes32 internal constant SINGLE = 0;
    /// @dev ERC-7579 and ERC-7821: calls that are made all or none, abi.encode(Execution[]).
    bytes32 internal constant BATCH = 0x0100000000000000000000000000000000000000000000000000000000000000;

    /// @dev Neither a single call nor a batch in its standard encoding.
    error ExecutionInvalid();

    /// @notice Splits an operation, which must be `execute(mode, executionData)` in its standard encoding.
    function fromOperation(bytes calldata callData) internal pure returns (bytes32 mode, bytes calldata executionData) {
        // Selector, mode, offset of executionData (always 64) and its length; then the data, padded to whole words.
        if (callData.length < 100 || bytes4(callData) != IERC7821.execute.selector) revert ExecutionInvalid();
        if (uint256(bytes32(callData[36:68])) != 64) revert ExecutionInvalid();
        uint256 length = uint256(bytes32(callData[68:100]));
        if (length > callData.length - 100) revert ExecutionInvalid();
        return (bytes32(callData[4:36]), callData[100:100 + length]);
    }

    /// @notice Reads `executionData` in mode `SINGLE`.
    function single(
        bytes calldata executionData
    ) internal pure returns (address target, uint256 value, bytes calldata data) {
        if (executionData.length < 52) revert ExecutionInvalid();
        return ERC7579Utils.decodeSingle(executionData);
    }

    /// @notice Reads `executionData` in mode `BATCH`: at least one call.
    function batch(bytes calldata executionData) internal pure returns (Execution[] calldata calls) {
        calls = ERC7579Utils.decodeBatch(executionData);
        if (calls.length == 0) revert ExecutionInvalid();
    }

    /// @notice Reads one call of a batch, whose pointers have to lead forwards.
    /// @dev The compiler also follows pointers that lead backwards, out of the operation: there Quota would find its own
    /// arguments, and the account zeros.
    function item(
        Execution[] calldata calls,
        uint256 index
    ) internal pure returns (address target, uint256 value, bytes calldata data) {
        Execution calldata execution = calls[index];
        (target, value, data) = (execution.target, execution.value, execution.callData);
        uint256 first;
        uint256 callAt;
        uint256 dataAt;
        // The language does not tell where a value stands.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            first := calls.offset
            callAt := execution
            dataAt := data.offset
        }
        if (callAt < first || dataAt <= callAt || dataAt > msg.data.length) revert ExecutionInvalid();
    }
}
