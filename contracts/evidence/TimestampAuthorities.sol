// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IBatchAnchors} from "../interfaces/IBatchAnchors.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {ITimestampAuthorities} from "../interfaces/ITimestampAuthorities.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";

contract TimestampAuthorities is ITimestampAuthorities, CouncilUpgradeable {
    ICertifications private immutable CERTIFICATIONS;
    IPartners private immutable PARTNERS;
    IRecords private immutable RECORDS;
    IBatchAnchors private immutable ANCHORS;

    /// @inheritdoc ITimestampAuthorities
    uint32 public count;
    mapping(uint32 authority => Authority) private _authorities;
    /// @inheritdoc ITimestampAuthorities
    mapping(bytes32 certificateDigest => uint32) public authorityWith;
    mapping(bytes32 id => Token) private _tokens;
    /// @inheritdoc ITimestampAuthorities
    mapping(uint256 blockNumber => bytes32) public blockHashOf;

    constructor(ICertifications certifications, IPartners partners, IRecords records, IBatchAnchors anchors) {
        CERTIFICATIONS = certifications;
        PARTNERS = partners;
        RECORDS = records;
        ANCHORS = anchors;
    }

    /// @inheritdoc ITimestampAuthorities
    function register(
        bytes32 certificateDigest,
        uint40 notBefore,
        uint40 notAfter,
        string calldata policy,
        string calldata location
    ) external onlyRole(Roles.OPERATOR) returns (uint32 authority) {
        if (certificateDigest == bytes32(0)) revert AuthorityDigestMissing();
        if (bytes(policy).length == 0) revert AuthorityPolicyMissing();
        if (notBefore == 0 || notBefore > notAfter) revert AuthorityInvalidValidity(notBefore, notAfter);
        if (authorityWith[certificateDigest] != 0) revert AuthorityKnown(authorityWith[certificateDigest]);

        authority = ++count;
        _authorities[authority] = Authority(
            notBefore,
            notAfter,
            uint48(block.number),
            0,
            certificateDigest,
            bytes32(0),
            policy,
            location
        );
        authorityWith[certificateDigest] = authority;

        emit AuthorityRegistered(authority, certificateDigest, notBefore, notAfter, policy, location);
    }

    /// @inheritdoc ITimestampAuthorities
    function retire(uint32 authority, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        Authority storage a = _active(authority);
        if (ground == bytes32(0)) revert AuthorityGroundMissing();

        (a.retiredBlock, a.ground) = (uint48(block.number), ground);

        emit AuthorityRetired(authority, ground);
    }

    /// @inheritdoc ITimestampAuthorities
    function attachToRecord(
        bytes32 digest,
        bytes32 subject,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) external returns (bytes32 id) {
        CERTIFICATIONS.requireEvidence(msg.sender);
        bytes32 object = RECORDS.recordId(msg.sender, digest, subject);
        if (RECORDS.recordOf(object).status == IRecords.Status.None) revert TokenObjectUnknown(object);
        return _attach(ObjectKind.Record, object, authority, tokenDigest, time);
    }

    /// @inheritdoc ITimestampAuthorities
    function attachToAnchor(
        bytes32 root,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) external returns (bytes32 id) {
        CERTIFICATIONS.requireEvidence(msg.sender);
        bytes32 object = ANCHORS.anchorId(msg.sender, root);
        if (ANCHORS.anchorOf(object).anchoredAt == 0) revert TokenObjectUnknown(object);
        return _attach(ObjectKind.Anchor, object, authority, tokenDigest, time);
    }

    /// @inheritdoc ITimestampAuthorities
    function attachToBlock(
        uint256 blockNumber,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) external returns (bytes32 id) {
        if (!_hasRole(Roles.OPERATOR, msg.sender) && !PARTNERS.hasPermission(msg.sender, PartnerPermissions.EVIDENCE)) {
            revert TokenNotAuthorised(msg.sender);
        }
        bytes32 blockHash = blockhash(blockNumber);
        if (blockHash == bytes32(0)) revert TokenBlockOutOfReach(blockNumber, block.number);

        id = _attach(ObjectKind.Block, blockHash, authority, tokenDigest, time);

        if (blockHashOf[blockNumber] == bytes32(0)) {
            blockHashOf[blockNumber] = blockHash;
            emit BlockHashKept(blockNumber, blockHash);
        }
    }

    /// @inheritdoc ITimestampAuthorities
    function tokenId(address owner, bytes32 object, bytes32 tokenDigest) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, object, tokenDigest));
    }

    /// @inheritdoc ITimestampAuthorities
    function authorityOf(uint32 authority) external view returns (Authority memory) {
        return _authorities[authority];
    }

    /// @inheritdoc ITimestampAuthorities
    function tokenOf(bytes32 id) external view returns (Token memory) {
        return _tokens[id];
    }

    function _attach(
        ObjectKind kind,
        bytes32 object,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) private returns (bytes32 id) {
        Authority storage a = _active(authority);
        if (tokenDigest == bytes32(0)) revert TokenDigestMissing();
        if (time > block.timestamp) revert TokenFromFuture(time, block.timestamp);
        if (time < a.notBefore || time > a.notAfter) revert TokenOutsideValidity(time, a.notBefore, a.notAfter);
        id = tokenId(msg.sender, object, tokenDigest);
        if (_tokens[id].authority != 0) revert TokenExists(id);

        _tokens[id] = Token(authority, kind, time, uint40(block.timestamp));

        emit TokenAttached(object, authority, msg.sender, kind, tokenDigest, time);
    }

    function _active(uint32 authority) private view returns (Authority storage a) {
        a = _authorities[authority];
        if (a.registeredBlock == 0) revert AuthorityUnknown(authority);
        if (a.retiredBlock != 0) revert AuthorityIsRetired(authority, a.retiredBlock);
    }
}
