// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Orders: what regulators order, and what became of it (GO-2)
/// @notice An authority files an order with the digest of the one call that it orders; the executor makes exactly that
/// call, through this contract. Enforcement functions take calls from nowhere else (`Enforced`), so that nothing is
/// enforced without an order that anybody can look up. Orders without a call (disclosure, for example) end by a report.
interface IOrders {
    /// @dev Expired: nobody acted until `lastBlock`. All but Filed are final.
    enum Status {
        None,
        Filed,
        Executed,
        Reported,
        Withdrawn,
        Expired
    }

    /// @param authority Who filed it.
    /// @param filedBlock Block of the filing.
    /// @param lastBlock Last block in which it can be acted on.
    /// @param status Kept state; `statusOf` also knows Expired.
    /// @param executor Who is to act; the zero address: whoever holds the operator's role, until one of them acted.
    /// @param closedBlock Block in which it was executed, reported or withdrawn.
    /// @param subject Whom or what it is about: an account, a partner, a voucher; the zero address: nobody in particular.
    /// @param target Contract that is called; the zero address in an order without a call.
    /// @param callDigest keccak256 of the call's data; 0 in an order without a call.
    /// @param document SHA-256 of the order's document.
    /// @param result Digest of the report, or of the ground on which it was withdrawn.
    struct Order {
        address authority;
        uint48 filedBlock;
        uint48 lastBlock;
        Status status;
        address executor;
        uint48 closedBlock;
        address subject;
        address target;
        bytes32 callDigest;
        bytes32 document;
        bytes32 result;
    }

    /// @dev What an authority says of an order; the members are those of `Order`.
    struct Filing {
        address executor;
        address subject;
        address target;
        bytes32 callDigest;
        bytes32 document;
        uint48 lastBlock;
    }

    event OrderFiled(
        uint256 indexed id,
        address indexed authority,
        address indexed subject,
        address executor,
        address target,
        bytes32 callDigest,
        bytes32 document,
        uint48 lastBlock,
        string location
    );
    event OrderExecuted(uint256 indexed id, address indexed executor);
    event OrderReported(uint256 indexed id, address indexed executor, bytes32 result);
    event OrderWithdrawn(uint256 indexed id, bytes32 ground);

    error OrderUnknown(uint256 id);
    error OrderNotLive(uint256 id, Status status);
    error OrderDocumentMissing();
    /// @dev The last block has passed already, or lies further away than `MAX_LIFETIME`.
    error OrderLastBlockInvalid(uint48 lastBlock, uint256 earliest, uint256 latest);
    /// @dev Target and call digest belong together: both or neither.
    error OrderCallIncomplete(address target, bytes32 callDigest);
    /// @dev Only contracts of the platform are called, and of these neither this one nor Directory.
    error OrderTargetInvalid(address target);
    /// @dev No admitted partner; for a user's order, none that certifies the user.
    error OrderExecutorInvalid(address executor, address subject);
    /// @dev Orders about a user go to a certifying partner as long as there is one.
    error OrderForCertifier(address subject, address certifier);
    error OrderNotExecutor(uint256 id, address caller);
    error OrderNotAuthority(uint256 id, address caller);
    /// @dev The authority's role was taken away: what it ordered is no longer enforced.
    error OrderAuthorityLost(uint256 id, address authority);
    error OrderCallDiffers(uint256 id, bytes32 callDigest);
    /// @dev The order has no call: it ends by a report. Or it has one, and can not be reported.
    error OrderWithoutCall(uint256 id);
    error OrderWithCall(uint256 id);
    error OrderResultMissing();
    error OrderExecuting(uint256 id);

    /// @notice Files an order. Regulators only.
    /// @param location Where the document can be had.
    /// @return id Number of the order, from 1.
    function file(Filing calldata filing, string calldata location) external returns (uint256 id);

    /// @notice Makes the call that was ordered, once. Its executor only, up to the order's last block, while the
    /// authority still has its role. When the call reverts nothing has changed, and the reason is passed on.
    /// @param data The call's data.
    function execute(uint256 id, bytes calldata data) external;

    /// @notice Ends an order without a call. Its executor only.
    /// @param result Digest of the report of what was done.
    function report(uint256 id, bytes32 result) external;

    /// @notice Takes back an order that nobody has acted on. The authority that filed it only.
    /// @param ground Digest of the stated ground.
    function withdraw(uint256 id, bytes32 ground) external;

    /// @notice Order whose call is being made at this moment, 0 outside of `execute`.
    function executing() external view returns (uint256 id);
    /// @notice Whom or what an order is about; reverts as `orderOf` does.
    function subjectOf(uint256 id) external view returns (address);
    /// @notice Whole order; reverts with `OrderUnknown` where there is none.
    function orderOf(uint256 id) external view returns (Order memory);
    function statusOf(uint256 id) external view returns (Status);
    function count() external view returns (uint256);
}
