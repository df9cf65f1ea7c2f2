// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title HostedFiles: what is kept off chain, where, and for how long (EV-7)
/// @notice The chain holds the digest of the content, by which every download is checked, and the digest of its address.
/// A file belongs to the account that registered it: keccak256(owner, contentDigest). Bytes and term are what hosting is
/// billed by.
interface IHostedFiles {
    /// @dev Ended by its owner, or Expired with its term. Either way the same content can be registered anew.
    enum Status {
        None,
        Hosted,
        Ended,
        Expired
    }

    /// @param size Length of the content as stored, bytes.
    /// @param registeredAt Time of registration, seconds.
    /// @param until First second after the term.
    /// @param status See `Status`.
    /// @param responsible Partner that answers for an anonymous owner; the zero address: the owner itself.
    /// @param locationDigest SHA-256 of the address under which the file can be had.
    struct HostedFile {
        uint64 size;
        uint40 registeredAt;
        uint40 until;
        Status status;
        address responsible;
        bytes32 locationDigest;
    }

    event FileRegistered(
        bytes32 indexed contentDigest,
        address indexed owner,
        bytes32 locationDigest,
        uint64 size,
        uint40 until,
        address responsible
    );
    event FileExtended(bytes32 indexed contentDigest, address indexed owner, uint40 from, uint40 until);
    event FileEnded(bytes32 indexed contentDigest, address indexed owner, uint40 endedAt);

    error HostedFileDigestMissing();
    error HostedFileSizeMissing();
    error HostedFileTermPast(uint40 until, uint256 time);
    /// @dev A term is only ever made longer; to make it shorter, end it.
    error HostedFileTermShorter(uint40 until, uint40 current);
    error HostedFileExists(bytes32 id);
    error HostedFileWrongStatus(bytes32 id, Status status);

    /// @notice Registers a file for the calling account, which may record evidence.
    /// @param contentDigest SHA-256 of the content as stored: of the ciphertext where the owner encrypted it.
    /// @param locationDigest SHA-256 of the address under which the file can be had.
    /// @param size Length of the content, bytes.
    /// @param until End of the term, seconds.
    /// @return id keccak256(owner, contentDigest).
    function register(
        bytes32 contentDigest,
        bytes32 locationDigest,
        uint64 size,
        uint40 until
    ) external returns (bytes32 id);

    /// @notice Makes the term of a hosted file of the caller's longer.
    function extend(bytes32 contentDigest, uint40 until) external;

    /// @notice Ends the hosting of a file of the caller's now.
    function end(bytes32 contentDigest) external;

    function fileId(address owner, bytes32 contentDigest) external pure returns (bytes32);
    /// @notice The file of that identifier; `status` is None where there is none.
    function fileOf(bytes32 id) external view returns (HostedFile memory);
}
