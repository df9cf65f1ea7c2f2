// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {DigestAlgorithms} from "../types/DigestAlgorithms.sol";
import {RecordSlot, RecordSlots} from "../types/RecordSlot.sol";

contract Records is IRecords, CouncilUpgradeable {
    ICertifications private immutable CERTIFICATIONS;

    mapping(bytes32 id => RecordSlot) private _records;
    mapping(bytes32 object => ChainedObject) private _objects;
    mapping(bytes32 object => mapping(address account => bool)) private _writers;

    constructor(ICertifications certifications) {
        CERTIFICATIONS = certifications;
    }

    /// @inheritdoc IRecords
    function record(RecordInput calldata input) external returns (bytes32 id) {
        address responsible = CERTIFICATIONS.requireEvidence(msg.sender);
        return _record(input, input.subject, responsible);
    }

    /// @inheritdoc IRecords
    function recordMany(RecordInput[] calldata inputs) external {
        if (inputs.length == 0) revert RecordsEmpty();
        address responsible = CERTIFICATIONS.requireEvidence(msg.sender);
        for (uint256 i; i < inputs.length; ++i) {
            _record(inputs[i], inputs[i].subject, responsible);
        }
    }

    /// @inheritdoc IRecords
    function openObject(bytes32 key, address[] calldata writers) external returns (bytes32 object) {
        CERTIFICATIONS.requireEvidence(msg.sender);
        if (key == bytes32(0)) revert ObjectKeyMissing();
        object = objectId(msg.sender, key);
        if (_objects[object].owner != address(0)) revert ObjectExists(object);

        _objects[object].owner = msg.sender;

        emit ObjectOpened(object, msg.sender, key);

        for (uint256 i; i < writers.length; ++i) {
            _setWriter(object, writers[i], true);
        }
    }

    /// @inheritdoc IRecords
    function setWriter(bytes32 object, address writer, bool admitted) external {
        address owner = _objects[object].owner;
        if (owner == address(0)) revert ObjectUnknown(object);
        if (owner != msg.sender) revert ObjectNotOwner(object, msg.sender);
        _setWriter(object, writer, admitted);
    }

    /// @inheritdoc IRecords
    function append(bytes32 object, bytes32 previous, RecordInput calldata input) external returns (bytes32 id) {
        ChainedObject storage o = _objects[object];
        address owner = o.owner;
        if (owner == address(0)) revert ObjectUnknown(object);
        if (owner != msg.sender && !_writers[object][msg.sender]) revert ObjectNotWriter(object, msg.sender);
        bytes32 head = o.head;
        if (previous != head) revert ObjectHeadMismatch(object, head, previous);
        if (input.subject != bytes32(0) && input.subject != object) revert ObjectSubjectDiffers(object, input.subject);
        address responsible = CERTIFICATIONS.requireEvidence(msg.sender);

        id = _record(input, object, responsible);
        uint48 index = o.length;
        (o.length, o.head) = (index + 1, input.digest);

        emit Linked(object, id, index, previous, input.digest);
    }

    /// @inheritdoc IRecords
    function revoke(bytes32 digest, bytes32 subject, bytes32 reason) external {
        bytes32 id = _close(digest, subject, Status.Revoked, reason);
        emit RecordRevoked(id, msg.sender, reason);
    }

    /// @inheritdoc IRecords
    function supersede(bytes32 digest, bytes32 subject, bytes32 byDigest, bytes32 bySubject, bytes32 reason) external {
        bytes32 id = _close(digest, subject, Status.Superseded, reason);
        // Closed first, so that a record can not take its own place.
        bytes32 by = recordId(msg.sender, byDigest, bySubject);
        Status status = _records[by].status();
        if (status != Status.Valid) revert RecordWrongStatus(by, status);

        emit RecordSuperseded(id, msg.sender, by, reason);
    }

    /// @inheritdoc IRecords
    function recordId(address owner, bytes32 digest, bytes32 subject) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, digest, subject));
    }

    /// @inheritdoc IRecords
    function objectId(address owner, bytes32 key) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, key));
    }

    /// @inheritdoc IRecords
    function recordOf(bytes32 id) external view returns (Record memory) {
        return _records[id].read();
    }

    /// @inheritdoc IRecords
    function objectOf(bytes32 object) external view returns (ChainedObject memory) {
        return _objects[object];
    }

    /// @inheritdoc IRecords
    function isWriter(bytes32 object, address account) external view returns (bool) {
        return account != address(0) && (_objects[object].owner == account || _writers[object][account]);
    }

    function _record(RecordInput calldata input, bytes32 subject, address responsible) private returns (bytes32 id) {
        if (input.digest == bytes32(0)) revert RecordDigestMissing();
        if (!DigestAlgorithms.isKnown(input.algorithm)) revert RecordAlgorithmUnknown(input.algorithm);
        id = recordId(msg.sender, input.digest, subject);
        if (RecordSlot.unwrap(_records[id]) != 0) revert RecordExists(id);

        _records[id] = RecordSlots.create(block.timestamp, input.kind, input.algorithm, responsible);

        emit Recorded(
            input.digest,
            msg.sender,
            subject,
            input.algorithm,
            input.kind,
            responsible,
            input.businessKey,
            input.refersTo
        );
    }

    function _close(bytes32 digest, bytes32 subject, Status status, bytes32 reason) private returns (bytes32 id) {
        if (reason == bytes32(0)) revert RecordReasonMissing();
        id = recordId(msg.sender, digest, subject);
        RecordSlot slot = _records[id];
        if (slot.status() == Status.None) revert RecordUnknown(id);
        if (slot.status() != Status.Valid) revert RecordWrongStatus(id, slot.status());
        _records[id] = slot.withStatus(status);
    }

    function _setWriter(bytes32 object, address writer, bool admitted) private {
        if (writer == address(0)) revert ObjectNotWriter(object, writer);
        _writers[object][writer] = admitted;
        emit WriterChanged(object, writer, admitted);
    }
}
