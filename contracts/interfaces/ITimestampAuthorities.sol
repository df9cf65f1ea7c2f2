// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title TimestampAuthorities: times that an authority outside the platform vouches for (EV-2)
/// @notice A token of RFC 3161 is kept off chain and verified there against the authority's certificate; the chain holds
/// its digest, whose token it is and which time it states. A token stamps a record's digest, an anchor's root or a
/// block's hash. One object can have tokens of many authorities and times: a longer-lived one can be added before an
/// old one weakens.
interface ITimestampAuthorities {
    /// @param notBefore First second of the certificate's validity.
    /// @param notAfter Last second of the certificate's validity.
    /// @param registeredBlock Block of the registration.
    /// @param retiredBlock Block from which no token of it is taken; 0: none.
    /// @param certificateDigest SHA-256 of the certificate that its tokens are signed under (DER).
    /// @param ground Why it was retired, digest of the stated ground.
    /// @param policy Object identifier of its time-stamping policy, for example "1.2.3.4.1".
    /// @param location Where the certificate and its chain can be had.
    struct Authority {
        uint40 notBefore;
        uint40 notAfter;
        uint48 registeredBlock;
        uint48 retiredBlock;
        bytes32 certificateDigest;
        bytes32 ground;
        string policy;
        string location;
    }

    /// @dev What a token stamps, and what names it.
    enum ObjectKind {
        None,
        /// Identifier of a record (IRecords).
        Record,
        /// Identifier of an anchor (IBatchAnchors).
        Anchor,
        /// Hash of a block.
        Block
    }

    /// @param authority Number of the authority; 0: there is no such token.
    /// @param kind See `ObjectKind`.
    /// @param time Time that the token states, seconds.
    /// @param attachedAt Time at which it was attached, seconds.
    struct Token {
        uint32 authority;
        ObjectKind kind;
        uint40 time;
        uint40 attachedAt;
    }

    event AuthorityRegistered(
        uint32 indexed authority,
        bytes32 indexed certificateDigest,
        uint40 notBefore,
        uint40 notAfter,
        string policy,
        string location
    );
    event AuthorityRetired(uint32 indexed authority, bytes32 ground);
    event TokenAttached(
        bytes32 indexed object,
        uint32 indexed authority,
        address indexed owner,
        ObjectKind kind,
        bytes32 tokenDigest,
        uint40 time
    );
    /// @dev Follows the first token of a block.
    event BlockHashKept(uint256 indexed blockNumber, bytes32 blockHash);

    error AuthorityDigestMissing();
    error AuthorityPolicyMissing();
    error AuthorityInvalidValidity(uint40 notBefore, uint40 notAfter);
    error AuthorityKnown(uint32 authority);
    error AuthorityUnknown(uint32 authority);
    error AuthorityIsRetired(uint32 authority, uint48 retiredBlock);
    error AuthorityGroundMissing();
    error TokenDigestMissing();
    error TokenFromFuture(uint40 time, uint256 blockTime);
    /// @dev The certificate was not valid at the time that the token states.
    error TokenOutsideValidity(uint40 time, uint40 notBefore, uint40 notAfter);
    error TokenExists(bytes32 id);
    /// @dev There is no such record or anchor, or it is another's.
    error TokenObjectUnknown(bytes32 object);
    /// @dev Hashes of the last 256 blocks can be read, and not the current one's.
    error TokenBlockOutOfReach(uint256 blockNumber, uint256 current);
    error TokenNotAuthorised(address caller);

    /// @notice Registers an authority under the certificate that its tokens are signed with; a renewed certificate is
    /// registered anew. Operator only.
    /// @return authority Its number, from 1.
    function register(
        bytes32 certificateDigest,
        uint40 notBefore,
        uint40 notAfter,
        string calldata policy,
        string calldata location
    ) external returns (uint32 authority);

    /// @notice Takes no more tokens of an authority: one whose key leaked could date them back. Tokens that were attached
    /// before stay. Operator only; final.
    /// @param ground Digest of the stated ground; can not be empty.
    function retire(uint32 authority, bytes32 ground) external;

    /// @notice Attaches a token to a record of the caller's.
    /// @param digest Digest of the record, which the token stamps.
    /// @param subject Subject of the record.
    /// @param tokenDigest SHA-256 of the token (DER).
    /// @param time Time that the token states, seconds.
    /// @return id keccak256(owner, object, tokenDigest).
    function attachToRecord(
        bytes32 digest,
        bytes32 subject,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) external returns (bytes32 id);

    /// @notice Attaches a token to an anchor of the caller's.
    /// @param root Root of the anchor, which the token stamps.
    function attachToAnchor(
        bytes32 root,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) external returns (bytes32 id);

    /// @notice Attaches a token to a block among the last 256, whose hash the token stamps; the hash is kept. Operator,
    /// and partners with the evidence permission.
    function attachToBlock(
        uint256 blockNumber,
        uint32 authority,
        bytes32 tokenDigest,
        uint40 time
    ) external returns (bytes32 id);

    /// @notice Number of authorities registered.
    function count() external view returns (uint32);
    function authorityOf(uint32 authority) external view returns (Authority memory);
    /// @notice Number of the authority with a certificate, 0 where there is none.
    function authorityWith(bytes32 certificateDigest) external view returns (uint32);
    function tokenId(address owner, bytes32 object, bytes32 tokenDigest) external pure returns (bytes32);
    function tokenOf(bytes32 id) external view returns (Token memory);
    /// @notice Hash of a block to which a token was attached, 0 where there is none.
    function blockHashOf(uint256 blockNumber) external view returns (bytes32);
}
