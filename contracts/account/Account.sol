// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Account as ERC4337Account} from "@openzeppelin/contracts/account/Account.sol";
import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {AbstractSigner} from "@openzeppelin/contracts/utils/cryptography/signers/AbstractSigner.sol";
import {SignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/SignerERC7913.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Executions} from "../types/Executions.sol";
import {Serial} from "../types/Serial.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

contract Account is IBropAccount, ERC4337Account, SignerERC7913, ERC7739, IERC7821, ERC1155Holder {
    using Serial for uint256;

    /// @dev Furthest a deadline may lie ahead, in blocks: one day of 3-second blocks.
    uint256 public constant MAX_DEADLINE_DISTANCE = 28_800;

    /// @dev The implementation itself is nobody's account: its signer is an address that no key is known for.
    constructor() EIP712("BROP Account", "1") SignerERC7913(abi.encodePacked(address(1))) {}

    /// @inheritdoc IBropAccount
    function initialise(bytes calldata signer_) external {
        if (signer().length != 0) revert AccountInitialised();
        _changeSigner(signer_);
    }

    /// @inheritdoc IBropAccount
    function setSigner(bytes calldata signer_) external onlyEntryPointOrSelf {
        _changeSigner(signer_);
    }

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
        return super._validateUserOp(userOp, userOpHash, signature);
    }

    /// @dev An address without code is checked by recovery alone, which spares the look at its code.
    function _rawSignatureValidation(
        bytes32 hash,
        bytes calldata signature
    ) internal view override(AbstractSigner, SignerERC7913) returns (bool) {
        bytes memory current = signer();
        if (current.length == 20) {
            (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(hash, signature);
            if (failure == ECDSA.RecoverError.NoError && recovered == address(bytes20(current))) return true;
        }
        return SignatureChecker.isValidSignatureNow(current, hash, signature);
    }

    /// @dev ERC-7821 reads the zero address as the account itself.
    function _call(address target, uint256 value, bytes calldata data) private {
        if (target == address(0)) target = address(this);
        if (!LowLevelCall.callNoReturn(target, value, data)) LowLevelCall.bubbleRevert();
    }

    /// @dev EntryPoint makes sure that a serial is used once, the signature covers both, and this adds the end.
    function _checkSerial(uint256 nonce) private view {
        if (!nonce.isTagged()) return;
        if (nonce.sequence() != 0) revert AccountSerialSequence(nonce.sequence());
        uint256 deadline = nonce.deadline();
        if (block.number > deadline) revert AccountDeadlinePassed(deadline, block.number);
        uint256 furthest = block.number + MAX_DEADLINE_DISTANCE;
        if (deadline > furthest) revert AccountDeadlineTooFar(deadline, furthest);
    }

    function _changeSigner(bytes calldata signer_) private {
        bool isAddress = signer_.length == 20;
        if (signer_.length < 20 || address(bytes20(signer_)) == address(0)) revert AccountSignerInvalid();
        // A longer signer begins with the contract that verifies its key; an account can not verify for itself.
        if (!isAddress && address(bytes20(signer_)).code.length == 0) revert AccountSignerInvalid();
        if (address(bytes20(signer_)) == address(this)) revert AccountSignerInvalid();

        bytes memory previous = signer();
        _setSigner(signer_);

        emit SignerChanged(previous, signer_);
    }
}
