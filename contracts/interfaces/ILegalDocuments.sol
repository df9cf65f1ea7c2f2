// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title LegalDocuments: what each participant signed before it was admitted (GO-1)
interface ILegalDocuments {
    /// @param digest SHA-256 of the document's text.
    /// @param publishedBlock Block from which this version is in force.
    /// @param publisher Admission party that published it.
    struct Version {
        bytes32 digest;
        uint48 publishedBlock;
        address publisher;
    }

    /// @param version Version that was signed; 0: none.
    /// @param signedBlock Block of the signature.
    /// @param signedDigest SHA-256 of the signed copy.
    struct Signature {
        uint32 version;
        uint48 signedBlock;
        bytes32 signedDigest;
    }

    event DocumentPublished(
        bytes32 indexed document,
        uint32 indexed version,
        address indexed publisher,
        bytes32 digest,
        string location
    );
    event DocumentSigned(
        bytes32 indexed document,
        uint32 indexed version,
        address indexed account,
        bytes32 digest,
        bytes32 signedDigest,
        string location,
        bytes signature
    );

    error LegalDocumentUnknown(bytes32 document);
    error LegalDocumentNotInForce(bytes32 document, uint32 version, uint32 inForce);
    error LegalDocumentAlreadySigned(bytes32 document, uint32 version, address account);
    error LegalDocumentSignatureInvalid(address account);
    error LegalDocumentDigestMissing();
    /// @dev What can not be had by others is not published.
    error LegalDocumentLocationMissing();
    error LegalDocumentNotPermitted(address caller);

    /// @notice Publishes a document, or its next version, which then has to be signed again. Admission parties only.
    /// @param document Name as ASCII, left-aligned, for example "partner-agreement".
    /// @param location Where the text can be had.
    /// @return version 1 for a new document.
    function publish(bytes32 document, bytes32 digest, string calldata location) external returns (uint32 version);

    /// @notice Signs the version in force. Called by the account that signs.
    /// @param signedDigest SHA-256 of the signed copy (a scan or a signed PDF).
    /// @param location Where the signed copy can be had.
    /// @param signature The account's signature (ERC-1271) of `signingDigest`, kept in the event for a court.
    function sign(
        bytes32 document,
        uint32 version,
        bytes32 signedDigest,
        string calldata location,
        bytes calldata signature
    ) external;

    /// @notice EIP-712 digest that an account signs: LegalDocument(bytes32 document,uint32 version,bytes32 digest,
    /// bytes32 signedDigest,address account) in the domain "BROP LegalDocuments", "1".
    function signingDigest(
        bytes32 document,
        uint32 version,
        bytes32 signedDigest,
        address account
    ) external view returns (bytes32);

    /// @notice Number of the version in force, 0 where the document is unknown.
    function inForce(bytes32 document) external view returns (uint32);
    /// @notice Number of the version that was in force at the end of a block.
    function inForceAt(bytes32 document, uint48 blockNumber) external view returns (uint32);
    function versionOf(bytes32 document, uint32 version) external view returns (Version memory);
    /// @notice Newest signature of an account.
    function signatureOf(bytes32 document, address account) external view returns (Signature memory);
    /// @notice Version that an account had signed at the end of a block, 0 where it had signed none.
    function signedVersionAt(bytes32 document, address account, uint48 blockNumber) external view returns (uint32);
    /// @notice An account's signature of a version; its own version is 0 where there is none.
    function signatureOfVersion(
        bytes32 document,
        address account,
        uint32 version
    ) external view returns (Signature memory);
    /// @notice Whether an account has signed the version in force.
    function hasSigned(bytes32 document, address account) external view returns (bool);
}
