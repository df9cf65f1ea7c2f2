// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Certifications: whom an account belongs to, as each partner says (ID-3..6)
interface ICertifications {
    /// @dev Superseded: replaced by a later certification of the same certifier (renewed, raised or lowered).
    enum Status {
        None,
        Active,
        Suspended,
        Revoked,
        Superseded
    }

    /// @param level Number of a row of the level table.
    /// @param status See `Status`.
    /// @param responsible Whether the certifier answers for the account's evidence (level Anonymous).
    /// @param issuedAt Time of issue, seconds.
    /// @param expiresAt First second in which it is no longer live.
    /// @param digest SSZ root of the salted identity fields (ID-4).
    struct Certification {
        uint8 level;
        Status status;
        bool responsible;
        uint40 issuedAt;
        uint40 expiresAt;
        bytes32 digest;
    }

    /// @param rank Order of the levels: higher is stronger. 0: the row is not in use.
    /// @param permissions Bits of `LevelPermissions`.
    struct LevelRule {
        uint8 rank;
        uint32 permissions;
    }

    /// @dev Why `accepts` says no, the closest miss first.
    enum Answer {
        Accepted,
        NotCertified,
        NotLive,
        NotRecognised,
        LevelTooLow
    }

    event Certified(
        address indexed account,
        address indexed certifier,
        uint8 level,
        bool responsible,
        uint40 expiresAt,
        bytes32 digest,
        Status previous
    );
    event CertificationSuspended(address indexed account, address indexed certifier, bytes32 ground);
    event CertificationResumed(address indexed account, address indexed certifier, bytes32 ground);
    event CertificationRevoked(address indexed account, address indexed certifier, bytes32 ground);
    event LevelSet(uint8 indexed level, uint8 rank, uint32 permissions);

    error CertificationNotAuthorised(address caller, uint8 level);
    error CertificationNotAccount(address account);
    error CertificationLevelUnknown(uint8 level);
    error CertificationExpiryPast(uint40 expiresAt, uint256 time);
    error CertificationDigestMissing();
    error CertificationGroundMissing();
    error CertificationWrongStatus(address account, address certifier, Status status);
    error CertificationTooManyCertifiers(address account, uint256 most);
    /// @dev The account's level does not permit what it tried.
    error CertificationNotPermitted(address account, uint8 level, uint32 permission);

    /// @notice Certifies an account, or renews, raises or lowers the caller's own certification. Partners with the
    /// identity permission; admission parties certify institutions.
    /// @param responsible Whether the caller answers for the account's evidence (level Anonymous).
    /// @param expiresAt Seconds; in the future.
    /// @param digest SSZ root of the salted identity fields; never the data itself.
    function certify(address account, uint8 level, bool responsible, uint40 expiresAt, bytes32 digest) external;

    /// @notice Suspends, resumes or revokes the caller's own certification.
    /// @param ground Digest of the stated ground or order.
    function suspend(address account, bytes32 ground) external;
    function resume(address account, bytes32 ground) external;
    function revoke(address account, bytes32 ground) external;

    /// @notice Sets a row of the level table. Council only.
    function setLevel(uint8 level, uint8 rank, uint32 permissions) external;

    function certification(address account, address certifier) external view returns (Certification memory);
    /// @notice Everybody who ever certified the account, at most `MAX_CERTIFIERS`.
    function certifiersOf(address account) external view returns (address[] memory);
    function level(uint8 number) external view returns (LevelRule memory);

    /// @notice Strongest live level of an account, 0 where it has none, and who certified it.
    function levelOf(address account) external view returns (uint8 number, address certifier);

    /// @notice Whether the account's strongest live level has every one of the permission bits.
    function permits(address account, uint32 permission) external view returns (bool);

    /// @notice Checks that an account may record evidence; reverts with `CertificationNotPermitted` otherwise.
    /// @return responsible Partner that answers for it, the zero address where the account answers for itself.
    function requireEvidence(address account) external view returns (address responsible);

    /// @notice Does `partner` accept `account` at `number` or better, and why? (ID-6)
    /// @return answer `Accepted`, or the closest miss.
    /// @return certifier Whose certification decided it.
    function accepts(
        address partner,
        address account,
        uint8 number
    ) external view returns (Answer answer, address certifier);

    /// @notice Whether a voucher whose holders need `number` or better may move between two accounts: `issuer` accepts
    /// both at that level, and the level at which it accepts each permits vouchers now. The zero address (allocation,
    /// redemption) is not asked about.
    /// @return refused First account that is not accepted, the zero address where both are.
    /// @return answer `Accepted`, or the closest miss; `LevelTooLow` also where the level does not permit vouchers.
    function checkTransfer(
        address issuer,
        address from,
        address to,
        uint8 number
    ) external view returns (address refused, Answer answer);

    /// @notice Whether `certifier` has a live certification of the account and is in good standing itself: a partner
    /// that is admitted, neither suspended nor terminated, or an admission party.
    function isLiveCertifier(address account, address certifier) external view returns (bool);
}
