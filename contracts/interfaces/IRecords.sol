// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Records: that data existed unchanged (EV-1..4)
/// @notice A record's identifier is keccak256(owner, digest, subject): a record belongs to its owner, and copying a
/// digest takes nothing from anybody. What is needed to find and judge a record stands in one slot; the rest is in the
/// event, which a receipt proof covers.
interface IRecords {
    /// @param digest Digest of the data; salted where the content could be guessed.
    /// @param algorithm Multicodec code of the digest's algorithm: 0x12 SHA-256, 0x16 SHA3-256, 0x1015 SHA-512/256,
    /// 0x534d SM3.
    /// @param kind Type of the record, by the partner's own list; 0: unspecified; from 0xffff0000 up: the platform's.
    /// @param subject What the record is about: an account, a document, anything of 32 bytes; 0: nothing.
    /// @param businessKey Digest of the business system's own key; 0: none.
    /// @param refersTo Identifier or digest that the record refers to; 0: none.
    struct RecordInput {
        bytes32 digest;
        uint16 algorithm;
        uint32 kind;
        bytes32 subject;
        bytes32 businessKey;
        bytes32 refersTo;
    }

    /// @dev Valid stands until its owner says otherwise; the record itself is never changed.
    enum Status {
        None,
        Valid,
        Revoked,
        Superseded
    }

    /// @dev One slot.
    /// @param recordedAt Block time, seconds.
    /// @param kind As recorded.
    /// @param algorithm As recorded.
    /// @param status See `Status`.
    /// @param responsible Partner that answers for an anonymous owner; the zero address: the owner itself.
    struct Record {
        uint40 recordedAt;
        uint32 kind;
        uint16 algorithm;
        Status status;
        address responsible;
    }

    /// @param owner Account that opened the object and admits its writers.
    /// @param length Number of links.
    /// @param head Digest of the last link; 0 before the first.
    struct ChainedObject {
        address owner;
        uint48 length;
        bytes32 head;
    }

    /// @dev The identifier follows from owner, digest and subject: `recordId`.
    event Recorded(
        bytes32 indexed digest,
        address indexed owner,
        bytes32 indexed subject,
        uint16 algorithm,
        uint32 kind,
        address responsible,
        bytes32 businessKey,
        bytes32 refersTo
    );
    /// @dev Follows the `Recorded` of the same link, whose subject is the object.
    event Linked(bytes32 indexed object, bytes32 indexed id, uint48 index, bytes32 previous, bytes32 digest);
    event RecordRevoked(bytes32 indexed id, address indexed owner, bytes32 reason);
    event RecordSuperseded(bytes32 indexed id, address indexed owner, bytes32 by, bytes32 reason);
    event ObjectOpened(bytes32 indexed object, address indexed owner, bytes32 key);
    event WriterChanged(bytes32 indexed object, address indexed writer, bool admitted);

    error RecordDigestMissing();
    error RecordAlgorithmUnknown(uint16 algorithm);
    error RecordExists(bytes32 id);
    error RecordUnknown(bytes32 id);
    error RecordWrongStatus(bytes32 id, Status status);
    error RecordReasonMissing();
    error RecordsEmpty();
    error ObjectKeyMissing();
    error ObjectExists(bytes32 object);
    error ObjectUnknown(bytes32 object);
    error ObjectNotOwner(bytes32 object, address caller);
    error ObjectNotWriter(bytes32 object, address caller);
    /// @dev The link names another predecessor than the object's head: links are added at the end, one after another.
    error ObjectHeadMismatch(bytes32 object, bytes32 head, bytes32 previous);
    error ObjectSubjectDiffers(bytes32 object, bytes32 subject);

    /// @notice Records a digest for the calling account.
    /// @return id Identifier of the record.
    function record(RecordInput calldata input) external returns (bytes32 id);

    /// @notice Records many digests, all or none.
    function recordMany(RecordInput[] calldata inputs) external;

    /// @notice Opens an object whose records form a chain (EV-4).
    /// @param key Digest of the object's business key, unique for its owner.
    /// @param writers Accounts that may add links besides the owner.
    /// @return object Identifier: keccak256(owner, key).
    function openObject(bytes32 key, address[] calldata writers) external returns (bytes32 object);

    /// @notice Admits or dismisses a writer. The object's owner only.
    function setWriter(bytes32 object, address writer, bool admitted) external;

    /// @notice Adds a link at the object's end. Owner and writers only.
    /// @param previous Digest of the link before it; 0 for the first.
    /// @param input The record; its subject is 0 or the object.
    /// @return id Identifier of the record.
    function append(bytes32 object, bytes32 previous, RecordInput calldata input) external returns (bytes32 id);

    /// @notice Marks a record of the caller's as revoked.
    /// @param reason Digest of the stated reason.
    function revoke(bytes32 digest, bytes32 subject, bytes32 reason) external;

    /// @notice Marks a record of the caller's as superseded by another one of the caller's.
    /// @param byDigest Digest of the record that takes its place.
    /// @param bySubject Its subject.
    function supersede(bytes32 digest, bytes32 subject, bytes32 byDigest, bytes32 bySubject, bytes32 reason) external;

    function recordId(address owner, bytes32 digest, bytes32 subject) external pure returns (bytes32);
    function objectId(address owner, bytes32 key) external pure returns (bytes32);
    /// @notice The record of that identifier; `status` is None where there is none.
    function recordOf(bytes32 id) external view returns (Record memory);
    function objectOf(bytes32 object) external view returns (ChainedObject memory);
    function isWriter(bytes32 object, address account) external view returns (bool);
}
