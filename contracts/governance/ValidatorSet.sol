// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";
import {IValidatorSet} from "../interfaces/IValidatorSet.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {Authorised} from "./Authorised.sol";

/// @dev The first two slots are protocol: 0 is the list that a genesis file can fill, 1 the hash that storage proofs name.
/// No immutables: the code is the same on every network.
contract ValidatorSet is IValidatorSet, Authorised {
    uint256 public constant MAX_VALIDATORS = 64;
    uint256 public constant LEAST_VALIDATORS = 4;

    /// @dev No key leads there: precompiled contracts and the genesis allocation's addresses lie below.
    uint160 private constant FIRST_KEY_ADDRESS = 2 ** 64;
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant PROOF_TYPEHASH = keccak256("ValidatorKey(address seat,address node)");

    address[] private _validators;
    bytes32 private _setHash;
    uint64 private _epoch;
    uint48 private _changedBlock;
    mapping(address node => address seat) private _seats;
    mapping(address seat => address node) private _nodes;

    /// @notice The set of block 0. Consortium's first ceremony: whoever makes the genesis file answers for these keys.
    constructor(address[] memory seats, address[] memory nodes) {
        if (seats.length != nodes.length) revert ValidatorsUnequal(seats.length, nodes.length);
        if (nodes.length == 0) revert ValidatorsTooFew(1);
        for (uint256 i; i < nodes.length; ++i) {
            if (seats[i] == address(0)) revert ValidatorSeatInvalid(seats[i]);
            _join(seats[i], nodes[i]);
            _validators.push(nodes[i]);
        }
        if (nodes.length > MAX_VALIDATORS) revert ValidatorsTooMany(MAX_VALIDATORS);
        _setHash = keccak256(abi.encode(_epoch, _validators));
    }

    /// @inheritdoc IValidatorSet
    function add(address seat, address node, bytes calldata proof) external onlyCouncil {
        if (_validators.length == MAX_VALIDATORS) revert ValidatorsTooMany(MAX_VALIDATORS);
        _checkSeat(seat);
        _checkProof(seat, node, proof);

        _join(seat, node);
        _validators.push(node);

        _changed(node, address(0), seat);
    }

    /// @inheritdoc IValidatorSet
    function remove(address node) external onlyCouncil {
        address seat = _requireSeatOf(node);
        uint256 length = _validators.length;
        if (length == LEAST_VALIDATORS || length == 1) revert ValidatorsTooFew(length);

        uint256 at = _indexOf(node);
        _validators[at] = _validators[length - 1];
        _validators.pop();
        _leave(seat, node);

        _changed(address(0), node, seat);
    }

    /// @inheritdoc IValidatorSet
    function rotate(address node, address newNode, bytes calldata proof) external onlyCouncil {
        address seat = _requireSeatOf(node);
        _checkSeat(seat);
        _checkProof(seat, newNode, proof);

        // First the new one: a node can not follow itself.
        uint256 at = _indexOf(node);
        delete _nodes[seat];
        _join(seat, newNode);
        delete _seats[node];
        _validators[at] = newNode;

        _changed(newNode, node, seat);
    }

    /// @inheritdoc IValidatorSet
    function getValidators() external view returns (address[] memory) {
        return _validators;
    }

    /// @inheritdoc IValidatorSet
    function proofDigest(address seat, address node) public view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("BROP ValidatorSet"), keccak256("1"), block.chainid, address(this))
        );
        return MessageHashUtils.toTypedDataHash(domain, keccak256(abi.encode(PROOF_TYPEHASH, seat, node)));
    }

    /// @inheritdoc IValidatorSet
    function setHash() external view returns (bytes32) {
        return _setHash;
    }

    /// @inheritdoc IValidatorSet
    function epoch() external view returns (uint64) {
        return _epoch;
    }

    /// @inheritdoc IValidatorSet
    function changedBlock() external view returns (uint48) {
        return _changedBlock;
    }

    /// @inheritdoc IValidatorSet
    function nodeOf(address seat) external view returns (address) {
        return _nodes[seat];
    }

    /// @inheritdoc IValidatorSet
    function seatOf(address node) external view returns (address) {
        return _seats[node];
    }

    function _join(address seat, address node) private {
        if (uint160(node) < FIRST_KEY_ADDRESS || node.code.length != 0) revert ValidatorNodeInvalid(node);
        if (_seats[node] != address(0)) revert ValidatorNodeKnown(node, _seats[node]);
        if (_nodes[seat] != address(0)) revert ValidatorSeatTaken(seat, _nodes[seat]);
        _seats[node] = seat;
        _nodes[seat] = node;
    }

    function _leave(address seat, address node) private {
        delete _seats[node];
        delete _nodes[seat];
    }

    /// @dev Ends every change: with one a block, the receipt of its event says all there is to know of the next set.
    function _changed(address added, address removed, address seat) private {
        if (_changedBlock == block.number) revert ValidatorsChangedInBlock(block.number);
        _changedBlock = uint48(block.number);
        uint64 next = ++_epoch;
        address[] memory validators = _validators;
        bytes32 hash = keccak256(abi.encode(next, validators));
        _setHash = hash;

        emit ValidatorsChanged(next, added, removed, seat, hash, validators);
    }

    function _checkSeat(address seat) private view {
        if (!ICouncil(SystemAddresses.COUNCIL).isSeat(seat)) revert ValidatorSeatInvalid(seat);
    }

    function _checkProof(address seat, address node, bytes calldata proof) private view {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(proofDigest(seat, node), proof);
        if (failure != ECDSA.RecoverError.NoError || signer != node) revert ValidatorProofInvalid(seat, node);
    }

    function _requireSeatOf(address node) private view returns (address seat) {
        seat = _seats[node];
        if (seat == address(0)) revert ValidatorNodeUnknown(node);
    }

    function _indexOf(address node) private view returns (uint256 at) {
        while (_validators[at] != node) ++at;
    }
}
