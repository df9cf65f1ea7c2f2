// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Executions} from "../types/Executions.sol";
import {Serial} from "../types/Serial.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {AccountSigner} from "./AccountSigner.sol";

contract Account is AccountSigner, ERC7739, IERC7821, ERC1155Holder {
    using Serial for uint256;

    /// @dev Furthest a deadline may lie ahead, in blocks: one day of 3-second blocks.
    uint256 public constant MAX_DEADLINE_DISTANCE = 28_800;

    /// @dev The implementation itself is nobody's account: its signer is an address that no key is known for.
    constructor() EIP712("BROP Account", "1") AccountSigner(address(1)) {}

    /// @inheritdoc IERC7821
    /// @dev All calls or none; the reason of the call that failed is passed on.
    function execute(bytes32 mode, bytes calldata executionData) external payable onlyEntryPointOrSelf {
        if (mode == Executions.SINGLE) {
            (address target, uint256 value, bytes calldata data) = Executions.single(executionData);
            return _call(target, value, data);
        }
        if (mode != Executions.BATCH) revert Executions.ExecutionInvalid();
        Execution[] calldata calls = Executions.batch(executionData);
        for (uint256 i; i < calls.length; ++i) {
            (address target, uint256 value, bytes calldata data) = Executions.item(calls, i);
            _call(target, value, data);
        }
    }

    /// @inheritdoc IERC7821
    function supportsExecutionMode(bytes32 mode) external pure returns (bool) {
        return mode == Executions.BATCH || mode == Executions.SINGLE;
    }

    /// @inheritdoc IBropAccount
    function isValidSignatureAt(
        bytes32 hash,
        bytes calldata signature,
        uint48 blockNumber
    ) external view returns (bytes4) {
        if (blockNumber > block.number) revert AccountBlockInFuture(blockNumber, block.number);
        return isValidSignature(hash, signature);
    }

    /// @dev OpenZeppelin's default is EntryPoint 0.9; this network has 0.8.
    function entryPoint() public pure override returns (IEntryPoint) {
        return IEntryPoint(SystemAddresses.ENTRY_POINT);
    }

    /// @dev Checks serial and deadline, charges the quota, then verifies the signature.
    function _validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        bytes calldata signature
    ) internal override returns (uint256) {
        _checkSerial(userOp.nonce);
        IQuota(SystemAddresses.QUOTA).charge(userOp.callData);
        return
            _isSignedNow(userOpHash, signature)
                ? ERC4337Utils.SIG_VALIDATION_SUCCESS
                : ERC4337Utils.SIG_VALIDATION_FAILED;
    }

    /// @dev OpenZeppelin's ERC-7739 hands no signer on: which one is asked for stands in the call itself.
    function _rawSignatureValidation(bytes32 hash, bytes calldata signature) internal view override returns (bool) {
        if (msg.sig != IBropAccount.isValidSignatureAt.selector) return _isSignedNow(hash, signature);
        (, , uint48 blockNumber) = abi.decode(msg.data[4:], (bytes32, bytes, uint48));
        return _isSignedAt(hash, signature, blockNumber);
    }

    /// @dev ERC-7821 reads the zero address as the account itself.
    function _call(address target, uint256 value, bytes calldata data) private {
        if (target == address(0)) target = address(this);
        if (!LowLevelCall.callNoReturn(target, value, data)) LowLevelCall.bubbleRevert();
    }

    /// @dev EntryPoint makes sure that a serial is used once, the signature covers both, and this adds the end.
    // `_validateUserOp` above calls it, which slither does not see through the base contract.
    // slither-disable-next-line dead-code
    function _checkSerial(uint256 nonce) private view {
        if (!nonce.isTagged()) return;
        if (nonce.sequence() != 0) revert AccountSerialSequence(nonce.sequence());
        uint256 deadline = nonce.deadline();
        if (block.number > deadline) revert AccountDeadlinePassed(deadline, block.number);
        uint256 furthest = block.number + MAX_DEADLINE_DISTANCE;
        if (deadline > furthest) revert AccountDeadlineTooFar(deadline, furthest);
    }
}
