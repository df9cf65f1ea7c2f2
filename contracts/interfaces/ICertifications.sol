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
    /// @dev What it suspended was resumed; what it revoked can be certified anew.
    event CertificationOrderLifted(address indexed account, address indexed certifier, bytes32 ground);
    event LevelSet(uint8 indexed level, uint8 rank, uint32 permissions);

    error CertificationNotAuthorised(address caller, uint8 level);
    error CertificationOfOneself(address account);
    error CertificationNotAccount(address account);
    error CertificationLevelUnknown(uint8 level);
    error CertificationExpiryPast(uint40 expiresAt, uint256 time);
    error CertificationDigestMissing();
    error CertificationGroundMissing();
    error CertificationWrongStatus(address account, address certifier, Status status);
    /// @dev An order suspended or revoked it: only an order can lift that.
    error CertificationUnderOrder(address account, address certifier);
    error CertificationNotUnderOrder(address account, address certifier);
    error CertificationNotPartners(address caller);
    /// @dev Later than now, or before the issue of a certification that stood in that block.
    error CertificationTimeImpossible(uint48 blockNumber, uint40 time);
    /// @dev Each of them has a certification that is live or that it can resume.
    error CertificationTooManyCertifiers(address account, uint256 most);
    /// @dev The account's level does not permit what it tried.
    error CertificationNotPermitted(address account, uint8 level, uint32 permission);

    /// @notice Certifies an account, or renews, raises or lowers the caller's own certification. Partners with the
    /// identity permission; admission parties certify institutions. Nobody certifies itself. At most eight certifiers
    /// have a certification of an account that is live or suspended.
    /// @param responsible Whether the caller answers for the account's evidence (level Anonymous).
    /// @param expiresAt Seconds; in the future.
    /// @param digest SSZ root of the salted identity fields; never the data itself.
    function certify(address account, uint8 level, bool responsible, uint40 expiresAt, bytes32 digest) external;

    /// @notice Suspends, resumes or revokes the caller's own certification. What an order suspended stays suspended.
    /// @param ground Digest of the stated ground; kept.
    function suspend(address account, bytes32 ground) external;
    function resume(address account, bytes32 ground) external;
    function revoke(address account, bytes32 ground) external;

    /// @notice Suspends or revokes a certification on an order about the account; the order's number is the ground. Its
    /// certifier can neither resume it nor certify the account anew. Through Orders only.
    function suspendOnOrder(address account, address certifier) external;
    function revokeOnOrder(address account, address certifier) external;

    /// @notice Lifts what an order did: resumes what it suspended, and lets the certifier certify anew what it revoked.
    /// On an order about the account, through Orders only.
    function liftOnOrder(address account, address certifier) external;

    /// @notice Computes the account's strongest level anew and tells Quota of it. Anybody: after a change of the level
    /// table or the termination of a partner, answers are right without it, and cheaper with it.
    function refresh(address account) external;

    /// @notice Ends all certifications of a partner that was terminated. Partners only.
    function noteTermination(address certifier) external;

    /// @notice Sets a row of the level table, numbers 1 to 15. Council only.
    /// @param rank 0 takes the level out of use.
    function setLevel(uint8 level, uint8 rank, uint32 permissions) external;

    /// @notice What a certifier says of an account now: its newest certification. A terminated partner's keeps its
    /// status here and is not live all the same.
    function certification(address account, address certifier) external view returns (Certification memory);

    /// @notice The same at the end of a past block.
    function certificationAt(
        address account,
        address certifier,
        uint48 blockNumber
    ) external view returns (Certification memory);

    /// @notice How often the certifier certified the account.
    function issuesOf(address account, address certifier) external view returns (uint32);

    /// @notice One of these certifications, numbered from 1, with its last status: `Superseded` where a later one
    /// replaced it before it was revoked.
    function issue(address account, address certifier, uint32 number) external view returns (Certification memory);

    /// @notice Ground, or number of the order, of the last suspension, resumption or revocation.
    function groundOf(address account, address certifier) external view returns (bytes32);
    function groundAt(address account, address certifier, uint48 blockNumber) external view returns (bytes32);

    /// @notice Whether an order suspended or revoked it, and no order has lifted that.
    function isUnderOrder(address account, address certifier) external view returns (bool);

    /// @notice Everybody who ever certified the account.
    function certifiersOf(address account) external view returns (address[] memory);

    function level(uint8 number) external view returns (LevelRule memory);
    function levelRuleAt(uint8 number, uint48 blockNumber) external view returns (LevelRule memory);

    /// @notice Strongest live level of an account, 0 where it has none, and who certified it. Live: active, not expired,
    /// its certifier not terminated, its level in use. Among equally strong ones the certifier that takes
    /// responsibility comes first, then the lower address.
    function levelOf(address account) external view returns (uint8 number, address certifier);

    /// @notice The same at the end of a past block.
    /// @param blockNumber A block before this one: the block in progress may still change.
    /// @param time The block's time, in seconds: a contract can not look it up, so whoever asks takes it from the block's
    /// header. It decides what had expired; a wrong one misleads nobody but the asker. Impossible ones are refused.
    function levelAt(
        address account,
        uint48 blockNumber,
        uint40 time
    ) external view returns (uint8 number, address certifier);

    /// @notice Whether the levels of the account's live certifications together have every one of the permission bits: a
    /// certification never takes away what another one permits.
    function permits(address account, uint32 permission) external view returns (bool);

    /// @notice The same at the end of a past block; block and time as for `levelAt`.
    function permitsAt(
        address account,
        uint32 permission,
        uint48 blockNumber,
        uint40 time
    ) external view returns (bool);

    /// @notice Checks that an account may record evidence; reverts with `CertificationNotPermitted` otherwise. The
    /// strongest live certification that permits it decides.
    /// @return responsible Partner that answers for it, the zero address where the account answers for itself.
    function requireEvidence(address account) external view returns (address responsible);

    /// @notice Does `partner` accept `account` at `number` or better, and why? (ID-6)
    /// @return answer `Accepted`, or the closest miss.
    /// @return certifier Whose certification decided it: the strongest of those with this answer.
    function accepts(
        address partner,
        address account,
        uint8 number
    ) external view returns (Answer answer, address certifier);

    /// @notice The same at the end of a past block; block and time as for `levelAt`.
    /// @return answer `Accepted`, or the closest miss.
    /// @return certifier Whose certification decided it; for `NotLive` any that was not.
    function acceptsAt(
        address partner,
        address account,
        uint8 number,
        uint48 blockNumber,
        uint40 time
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

    /// @notice A partner in good standing with a live certification of the account, whichever its level; the zero address
    /// where there is none.
    function admittedCertifierOf(address account) external view returns (address);

    /// @notice Block since which the certifier's certification of the account has been live without a break, at levels
    /// that permit vouchers (real name or better); 0 where it is not. A renewal in time is no break, a suspension is.
    function liveSince(address account, address certifier) external view returns (uint48);
}
