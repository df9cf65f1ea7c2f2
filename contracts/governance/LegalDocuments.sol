// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {ILegalDocuments} from "../interfaces/ILegalDocuments.sol";
import {Names} from "../types/Names.sol";
import {LevelPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {CouncilUpgradeable} from "./CouncilUpgradeable.sol";

contract LegalDocuments is ILegalDocuments, CouncilUpgradeable, EIP712 {
    using Checkpoints for Checkpoints.Trace208;

    bytes32 private constant SIGNATURE_TYPEHASH = keccak256(
        "LegalDocument(bytes32 document,uint32 version,bytes32 digest,bytes32 signedDigest,address account)"
    );

    mapping(bytes32 document => mapping(uint32 version => Version)) private _versions;
    mapping(bytes32 document => Checkpoints.Trace208) private _inForce;
    mapping(bytes32 document => mapping(address account => mapping(uint32 version => Signature))) private _signatures;
    mapping(bytes32 document => mapping(address account => Checkpoints.Trace208)) private _signed;

    constructor() EIP712("BROP LegalDocuments", "1") {}

    /// @inheritdoc ILegalDocuments
    function publish(
        bytes32 document,
        bytes32 digest,
        string calldata location
    ) external onlyRole(Roles.ADMISSION) returns (uint32 version) {
        if (digest == bytes32(0)) revert LegalDocumentDigestMissing();
        if (bytes(location).length == 0) revert LegalDocumentLocationMissing();

        version = inForce(document) + 1;
        _versions[document][version] = Version(digest, uint48(block.number), msg.sender);
        _inForce[document].push(uint48(block.number), version);

        emit DocumentPublished(document, version, msg.sender, digest, location);
    }

    /// @inheritdoc ILegalDocuments
    function sign(
        bytes32 document,
        uint32 version,
        bytes32 signedDigest,
        string calldata location,
        bytes calldata signature
    ) external {
        address certifications = IDirectory(SystemAddresses.DIRECTORY).addressOf(Names.CERTIFICATIONS);
        if (!ICertifications(certifications).permits(msg.sender, LevelPermissions.SIGN_LEGAL_DOCUMENTS)) {
            revert LegalDocumentNotPermitted(msg.sender);
        }
        uint32 current = inForce(document);
        if (current == 0) revert LegalDocumentUnknown(document);
        if (version != current) revert LegalDocumentNotInForce(document, version, current);
        if (signedDigest == bytes32(0)) revert LegalDocumentDigestMissing();
        if (bytes(location).length == 0) revert LegalDocumentLocationMissing();
        if (_signedVersion(document, msg.sender) == version) {
            revert LegalDocumentAlreadySigned(document, version, msg.sender);
        }
        bytes32 digest = signingDigest(document, version, signedDigest, msg.sender);
        if (!SignatureChecker.isValidSignatureNow(msg.sender, digest, signature)) {
            revert LegalDocumentSignatureInvalid(msg.sender);
        }

        _signatures[document][msg.sender][version] = Signature(version, uint48(block.number), signedDigest);
        _signed[document][msg.sender].push(uint48(block.number), version);

        bytes32 textDigest = _versions[document][version].digest;
        emit DocumentSigned(document, version, msg.sender, textDigest, signedDigest, location, signature);
    }

    /// @inheritdoc ILegalDocuments
    function signingDigest(
        bytes32 document,
        uint32 version,
        bytes32 signedDigest,
        address account
    ) public view returns (bytes32) {
        bytes32 digest = _versions[document][version].digest;
        return
            _hashTypedDataV4(
                keccak256(abi.encode(SIGNATURE_TYPEHASH, document, version, digest, signedDigest, account))
            );
    }

    /// @inheritdoc ILegalDocuments
    function inForce(bytes32 document) public view returns (uint32) {
        return uint32(_inForce[document].latest());
    }

    /// @inheritdoc ILegalDocuments
    function inForceAt(bytes32 document, uint48 blockNumber) external view returns (uint32) {
        return uint32(_inForce[document].upperLookupRecent(blockNumber));
    }

    /// @inheritdoc ILegalDocuments
    function versionOf(bytes32 document, uint32 version) external view returns (Version memory) {
        return _versions[document][version];
    }

    /// @inheritdoc ILegalDocuments
    function signatureOf(bytes32 document, address account) external view returns (Signature memory) {
        return _signatures[document][account][_signedVersion(document, account)];
    }

    /// @inheritdoc ILegalDocuments
    function signedVersionAt(bytes32 document, address account, uint48 blockNumber) external view returns (uint32) {
        return uint32(_signed[document][account].upperLookupRecent(blockNumber));
    }

    /// @inheritdoc ILegalDocuments
    function signatureOfVersion(
        bytes32 document,
        address account,
        uint32 version
    ) external view returns (Signature memory) {
        return _signatures[document][account][version];
    }

    /// @inheritdoc ILegalDocuments
    function hasSigned(bytes32 document, address account) external view returns (bool) {
        uint32 current = inForce(document);
        return current != 0 && _signedVersion(document, account) == current;
    }

    function _signedVersion(bytes32 document, address account) private view returns (uint32) {
        return uint32(_signed[document][account].latest());
    }
}
