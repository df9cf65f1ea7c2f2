// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IKeyResets} from "../interfaces/IKeyResets.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {RecordKinds} from "../types/RecordKinds.sol";
import {KeyResetTerms} from "./KeyResetTerms.sol";

contract KeyResets is KeyResetTerms, EIP712 {
    bytes32 private constant OBJECTION_TYPEHASH = keccak256(
        "KeyResetObjection(uint256 reset,address account,bytes32 ground)"
    );

    IPartners private immutable PARTNERS;
    ICertifications private immutable CERTIFICATIONS;
    IRecords private immutable RECORDS;

    mapping(uint256 reset => Reset) private _resets;
    mapping(address account => uint256) private _started;
    /// @dev Last reset of the account that a certifier stands behind: it endorsed it, or opened it and it started or was
    /// objected to. What was only proposed neither makes nor clears a doubt.
    mapping(address account => mapping(address certifier => uint256)) private _lastOf;
    mapping(bytes32 record => uint256) private _usedBy;
    uint256 private _count;

    constructor(IPartners partners, ICertifications certifications, IRecords records) EIP712("BROP KeyResets", "1") {
        PARTNERS = partners;
        CERTIFICATIONS = certifications;
        RECORDS = records;
    }

    /// @inheritdoc IKeyResets
    function open(
        address account,
        bytes calldata newSigner,
        bytes32 applicationDigest,
        bytes32 checkDigest
    ) external returns (uint256 id) {
        _requireCertifier(account, msg.sender);
        _requireNoneRunning(account);
        // Asked now, so that completion can not fail for it.
        IBropAccount(account).checkSigner(newSigner);
        if (keccak256(IBropAccount(account).signer()) == keccak256(newSigner)) {
            revert KeyResetSignerUnchanged(newSigner);
        }
        bool alone = !isDoubted(account, msg.sender) && _isEstablished(account, msg.sender);

        id = ++_count;
        Reset storage reset = _resets[id];
        reset.application = _use(id, account, applicationDigest, RecordKinds.KEY_RESET_APPLICATION);
        reset.check = _use(id, account, checkDigest, RecordKinds.KEY_RESET_IDENTITY_CHECK);
        (reset.account, reset.opener, reset.newSigner) = (account, msg.sender, newSigner);
        (reset.openedBlock, reset.lastBlock) = (uint48(block.number), uint48(block.number) + _waitingBlocks);
        reset.status = Status.Proposed;

        emit KeyResetOpened(id, account, msg.sender, newSigner, reset.application, reset.check);

        if (alone) _start(id, reset);
    }

    /// @inheritdoc IKeyResets
    function endorse(uint256 id) external {
        Reset storage reset = _resets[id];
        address account = reset.account;
        _requireStatus(id, statusOf(id) == Status.Proposed);
        if (msg.sender == reset.opener) revert KeyResetOwn(id, msg.sender);
        _requireCertifier(account, msg.sender);
        _requireNoneRunning(account);
        if (isDoubted(account, msg.sender)) revert KeyResetDoubted(account, msg.sender);
        if (!_isEstablished(account, msg.sender)) {
            revert KeyResetNotEstablished(account, msg.sender, establishedFrom(account, msg.sender));
        }

        reset.endorser = msg.sender;
        _lastOf[account][msg.sender] = id;

        emit KeyResetEndorsed(id, account, msg.sender);

        _start(id, reset);
    }

    /// @inheritdoc IKeyResets
    function objectTo(uint256 id, bytes32 ground) external {
        Reset storage reset = _resets[id];
        address account = reset.account;
        if (msg.sender == reset.opener) revert KeyResetOwn(id, msg.sender);
        if (msg.sender != account && !CERTIFICATIONS.isLiveCertifier(account, msg.sender)) {
            revert KeyResetNotConcerned(account, msg.sender);
        }
        _object(id, msg.sender, ground);
    }

    /// @inheritdoc IKeyResets
    function objectFor(uint256 id, bytes32 ground, bytes calldata signature) external {
        address account = _resets[id].account;
        if (!SignatureChecker.isValidSignatureNow(account, objectionDigest(id, ground), signature)) {
            revert KeyResetSignatureInvalid(account);
        }
        _object(id, account, ground);
    }

    /// @inheritdoc IKeyResets
    function cancel(uint256 id, bytes32 ground) external {
        Reset storage reset = _resets[id];
        if (msg.sender != reset.opener) revert KeyResetNotOpener(id, msg.sender);
        bool held = _stop(id, Status.Cancelled, msg.sender, ground);

        emit KeyResetCancelled(id, reset.account, ground);

        if (held) IBropAccount(reset.account).release();
    }

    /// @inheritdoc IKeyResets
    function complete(uint256 id) external {
        Reset storage reset = _resets[id];
        (address account, bytes memory newSigner) = (reset.account, reset.newSigner);
        if (msg.sender != reset.opener) revert KeyResetNotOpener(id, msg.sender);
        _requireStatus(id, statusOf(id) == Status.Ready);
        _requireCertifier(account, msg.sender);
        if (reset.endorser != address(0)) _requireCertifier(account, reset.endorser);
        _requireEvidence(reset.application, RecordKinds.KEY_RESET_APPLICATION);
        _requireEvidence(reset.check, RecordKinds.KEY_RESET_IDENTITY_CHECK);

        _close(reset, Status.Completed, msg.sender);

        emit KeyResetCompleted(id, account, newSigner);

        IBropAccount(account).resetSigner(newSigner);
    }

    /// @inheritdoc IKeyResets
    function objectionDigest(uint256 id, bytes32 ground) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OBJECTION_TYPEHASH, id, _resets[id].account, ground)));
    }

    /// @inheritdoc IKeyResets
    function resetOf(uint256 id) external view returns (Reset memory reset) {
        reset = _resets[id];
        (reset.waitingUntil, reset.lastBlock) = _termsOf(_resets[id]);
        reset.status = statusOf(id);
    }

    /// @inheritdoc IKeyResets
    function statusOf(uint256 id) public view returns (Status) {
        Reset storage reset = _resets[id];
        Status status = reset.status;
        if (status != Status.Proposed && status != Status.Waiting) return status;
        (uint48 waitingUntil, uint48 lastBlock) = _termsOf(reset);
        if (block.number > lastBlock) return Status.Lapsed;
        return status == Status.Waiting && block.number > waitingUntil ? Status.Ready : status;
    }

    /// @inheritdoc IKeyResets
    function runningOf(address account) public view returns (uint256 id) {
        id = _started[account];
        Status status = statusOf(id);
        if (status != Status.Waiting && status != Status.Ready) return 0;
    }

    /// @inheritdoc IKeyResets
    function isDoubted(address account, address certifier) public view returns (bool) {
        uint256 id = _lastOf[account][certifier];
        Status status = statusOf(id);
        // An endorser answers for what was wrong with a reset, not for what its opener left undone.
        return _resets[id].opener == certifier ? status != Status.Completed : status == Status.Objected;
    }

    /// @inheritdoc IKeyResets
    function establishedFrom(address account, address certifier) public view returns (uint48) {
        uint48 since = CERTIFICATIONS.liveSince(account, certifier);
        return since == 0 ? 0 : since + _minimumAge;
    }

    /// @inheritdoc IKeyResets
    function heldUntil(address account) external view returns (uint48 lastBlock) {
        Reset storage reset = _resets[_started[account]];
        if (reset.status == Status.Waiting) (lastBlock, ) = _termsOf(reset);
    }

    /// @inheritdoc IKeyResets
    function usedBy(bytes32 record) external view returns (uint256) {
        return _usedBy[record];
    }

    /// @inheritdoc IKeyResets
    function count() external view returns (uint256) {
        return _count;
    }

    function _start(uint256 id, Reset storage reset) private {
        address account = reset.account;
        uint48 waitingUntil = uint48(block.number) + _waitingBlocks;
        uint48 lastBlock = waitingUntil + _waitingBlocks;
        (reset.status, reset.startedBlock) = (Status.Waiting, uint48(block.number));
        (reset.waitingUntil, reset.lastBlock) = (waitingUntil, lastBlock);
        _started[account] = id;
        _lastOf[account][reset.opener] = id;

        emit KeyResetStarted(id, account, waitingUntil, lastBlock);

        IBropAccount(account).hold(waitingUntil);
    }

    function _object(uint256 id, address objector, bytes32 ground) private {
        address account = _resets[id].account;
        bool held = _stop(id, Status.Objected, objector, ground);
        _lastOf[account][_resets[id].opener] = id;

        emit KeyResetObjected(id, account, objector, ground);

        if (held) IBropAccount(account).release();
    }

    /// @return held Whether it had started, so that the account is to be released.
    function _stop(uint256 id, Status status, address by, bytes32 ground) private returns (bool held) {
        Status before = statusOf(id);
        held = before == Status.Waiting || before == Status.Ready;
        _requireStatus(id, held || before == Status.Proposed);
        if (ground == bytes32(0)) revert KeyResetGroundMissing();
        _resets[id].ground = ground;
        _close(_resets[id], status, by);
    }

    function _close(Reset storage reset, Status status, address by) private {
        (reset.status, reset.closedBlock, reset.closedBy) = (status, uint48(block.number), by);
    }

    /// @dev Uses up a record of the caller's about the account.
    function _use(uint256 id, address account, bytes32 digest, uint32 kind) private returns (bytes32 record) {
        record = RECORDS.recordId(msg.sender, digest, bytes32(uint256(uint160(account))));
        _requireEvidence(record, kind);
        if (_usedBy[record] != 0) revert KeyResetEvidenceUsed(record, _usedBy[record]);
        _usedBy[record] = id;
    }

    function _requireEvidence(bytes32 record, uint32 kind) private view {
        IRecords.Record memory found = RECORDS.recordOf(record);
        if (found.status != IRecords.Status.Valid || found.kind != kind) revert KeyResetEvidenceInvalid(record, kind);
    }

    function _requireCertifier(address account, address certifier) private view {
        if (
            !PARTNERS.hasPermission(certifier, PartnerPermissions.IDENTITY) ||
            !CERTIFICATIONS.isLiveCertifier(account, certifier)
        ) revert KeyResetNotCertifier(account, certifier);
    }

    /// @dev Whether the owner has had time to see that the certifier certifies the account.
    function _isEstablished(address account, address certifier) private view returns (bool) {
        uint48 from = establishedFrom(account, certifier);
        return from != 0 && block.number >= from;
    }

    function _requireNoneRunning(address account) private view {
        uint256 running = runningOf(account);
        if (running != 0) revert KeyResetRunning(account, running);
    }

    function _requireStatus(uint256 id, bool fits) private view {
        if (!fits) revert KeyResetWrongStatus(id, statusOf(id));
    }
}
