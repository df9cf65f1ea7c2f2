// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Account as ERC4337Account} from "@openzeppelin/contracts/account/Account.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IKeyResets} from "../interfaces/IKeyResets.sol";
import {Names} from "../types/Names.sol";
import {SignerSlot, SignerSlots} from "../types/SignerSlot.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

/// @title Who signs for an account: now, as of a block, and after a key reset
abstract contract AccountSigner is IBropAccount, ERC4337Account {
    using Checkpoints for Checkpoints.Trace208;

    SignerSlot private _slot;
    /// @dev Key of a signer that is a verifier and a key.
    bytes private _key;
    bytes[] private _past;
    /// @dev Last block of a past signer -> its place in `_past`, counted from 1.
    Checkpoints.Trace208 private _pastUntil;
    mapping(bytes32 signerDigest => bool) private _lost;

    /// @dev Directory's "KeyResets" stands behind every change that the owner did not sign.
    modifier onlyKeyResets() {
        if (msg.sender != _directory().addressOf(Names.KEY_RESETS)) revert AccountNotKeyResets(msg.sender);
        _;
    }

    /// @param signer_ 20 bytes: the first signer of the implementation itself.
    constructor(address signer_) {
        _slot = SignerSlots.create(uint40(block.number)).withSigner(signer_, false);
    }

    /// @inheritdoc IBropAccount
    function initialise(bytes calldata signer_) external {
        if (_slot.createdBlock() != 0) revert AccountInitialised();
        checkSigner(signer_);

        _slot = SignerSlots.create(uint40(block.number));
        _store(signer_);

        emit SignerChanged("", signer_);
    }

    /// @inheritdoc IBropAccount
    function setSigner(bytes calldata signer_) external onlyEntryPointOrSelf {
        checkSigner(signer_);

        bytes memory previous = _replace(signer_);

        emit SignerChanged(previous, signer_);
    }

    /// @inheritdoc IBropAccount
    function resetSigner(bytes calldata signer_) external onlyKeyResets {
        // A verifier that left Directory since the reset was opened does not stop it.
        _checkForm(signer_);

        bytes memory previous = _replace(signer_);
        if (keccak256(previous) != keccak256(signer_)) _lost[keccak256(previous)] = true;
        _slot = _slot.withHeldUntil(0).withOneReset();

        emit SignerChanged(previous, signer_);
    }

    /// @inheritdoc IBropAccount
    function hold(uint48 lastBlock) external onlyKeyResets {
        _slot = _slot.withHeldUntil(SafeCast.toUint40(lastBlock));
        emit TransfersHeld(lastBlock);
    }

    /// @inheritdoc IBropAccount
    function release() external onlyKeyResets {
        _slot = _slot.withHeldUntil(0);
        emit TransfersReleased();
    }

    /// @inheritdoc IBropAccount
    function resetState() external view returns (uint48 heldUntil, uint32 resets) {
        SignerSlot slot = _slot;
        (heldUntil, resets) = (slot.heldUntil(), slot.resets());
        // An emergency pause can have made it longer. Nobody is asked about an account that no reset held.
        if (heldUntil == 0 || heldUntil >= block.number) return (heldUntil, resets);
        uint48 extended = IKeyResets(_directory().addressOf(Names.KEY_RESETS)).heldUntil(address(this));
        if (extended > heldUntil) heldUntil = extended;
    }

    /// @inheritdoc IBropAccount
    function checkSigner(bytes calldata signer_) public view {
        _checkForm(signer_);
        if (signer_.length == 20) return;
        address verifier = address(bytes20(signer_));
        if (_directory().groupOf(verifier) == address(0)) revert AccountVerifierUnlisted(verifier);
    }

    /// @inheritdoc IBropAccount
    function signer() public view returns (bytes memory) {
        SignerSlot slot = _slot;
        return slot.isKeyed() ? abi.encodePacked(slot.signer(), _key) : abi.encodePacked(slot.signer());
    }

    /// @inheritdoc IBropAccount
    function signerAt(uint48 blockNumber) public view returns (bytes memory) {
        if (blockNumber > block.number) revert AccountBlockInFuture(blockNumber, block.number);
        if (blockNumber < _slot.createdBlock()) return "";
        uint256 place = _pastUntil.lowerLookup(blockNumber);
        return place == 0 ? signer() : _past[place - 1];
    }

    /// @dev An address without code is checked by recovery alone, which spares the look at its code.
    function _isSignedNow(bytes32 hash, bytes calldata signature) internal view returns (bool) {
        SignerSlot slot = _slot;
        if (slot.isKeyed()) return SignatureChecker.isValidSignatureNow(signer(), hash, signature);
        return
            _isRecovered(slot.signer(), hash, signature) ||
            SignatureChecker.isValidSignatureNowCalldata(slot.signer(), hash, signature);
    }

    /// @dev A signer that is a contract is itself asked as of the block; one without a history signed nothing then.
    function _isSignedAt(bytes32 hash, bytes calldata signature, uint48 blockNumber) internal view returns (bool) {
        bytes memory then = signerAt(blockNumber);
        if (then.length != 20) return SignatureChecker.isValidSignatureNow(then, hash, signature);
        address signer_ = address(bytes20(then));
        if (_isRecovered(signer_, hash, signature)) return true;
        (bool success, bytes memory result) = signer_.staticcall(
            abi.encodeCall(IBropAccount.isValidSignatureAt, (hash, signature, blockNumber))
        );
        return success && result.length >= 32 && bytes32(result) == bytes32(IERC1271.isValidSignature.selector);
    }

    function _isRecovered(address signer_, bytes32 hash, bytes calldata signature) private pure returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(hash, signature);
        return failure == ECDSA.RecoverError.NoError && recovered == signer_;
    }

    function _checkForm(bytes calldata signer_) private view {
        if (signer_.length < 20) revert AccountSignerInvalid();
        address first = address(bytes20(signer_));
        // Whoever signs for itself, or verifies for itself, is never done.
        if (first == address(0) || first == address(this)) revert AccountSignerInvalid();
        if (_lost[keccak256(signer_)]) revert AccountSignerLost(signer_);
    }

    /// @dev The signer at the end of a block is the signer of that block.
    function _replace(bytes calldata signer_) private returns (bytes memory previous) {
        previous = signer();
        uint48 last = uint48(block.number - 1);
        (bool any, uint48 latest, ) = _pastUntil.latestCheckpoint();
        if (_slot.createdBlock() <= last && (!any || latest < last)) {
            _past.push(previous);
            _pastUntil.push(last, uint208(_past.length));
        }
        _store(signer_);
    }

    function _store(bytes calldata signer_) private {
        bool keyed = signer_.length > 20;
        if (keyed) _key = signer_[20:];
        else if (_slot.isKeyed()) delete _key;
        _slot = _slot.withSigner(address(bytes20(signer_)), keyed);
    }

    function _directory() private pure returns (IDirectory) {
        return IDirectory(SystemAddresses.DIRECTORY);
    }
}
