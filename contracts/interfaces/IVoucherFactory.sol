// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title VoucherFactory: partners apply, the operator creates (VO-1)
interface IVoucherFactory {
    /// @dev Splittable: one fungible balance. Lots: numbered, each with a face amount, that move whole.
    enum VoucherType {
        Splittable,
        Lots
    }

    enum Status {
        None,
        Applied,
        Withdrawn,
        Refused,
        Created
    }

    /// @param voucherType See `VoucherType`.
    /// @param decimals Decimal places that are shown.
    /// @param holderLevel Lowest certification level of a holder; must permit vouchers.
    /// @param cap Most base units that may circulate.
    /// @param termsDigest SHA-256 of the terms document.
    /// @param declarationDigest SHA-256 of the issuer's declaration on the legal category.
    /// @param legalCategory Legal category, ASCII, left-aligned, for example "goods-coupon".
    /// @param name Name, UTF-8.
    /// @param symbol Symbol, ASCII.
    /// @param product What the voucher stands for.
    /// @param uri Where the terms and metadata can be had (ERC-1155 metadata URI).
    /// @param redemptionBlocks Blocks within which the issuer answers a presentation.
    /// @param secondary Whether holders may transfer to each other; this and the rest as in `Policy`.
    /// @param hands How often a lot may change hands.
    /// @param holdingBlocks Blocks for which a holder keeps what it received.
    /// @param periodBlocks Length of the window of `periodAmount`.
    /// @param periodAmount Most base units that a holder may transfer within `periodBlocks`.
    struct Application {
        VoucherType voucherType;
        uint8 decimals;
        uint8 holderLevel;
        uint128 cap;
        bytes32 termsDigest;
        bytes32 declarationDigest;
        bytes32 legalCategory;
        string name;
        string symbol;
        string product;
        string uri;
        uint32 redemptionBlocks;
        bool secondary;
        uint16 hands;
        uint32 holdingBlocks;
        uint32 periodBlocks;
        uint128 periodAmount;
    }

    event VoucherApplied(uint256 indexed id, address indexed issuer, Application application);
    event VoucherWithdrawn(uint256 indexed id);
    event VoucherRefused(uint256 indexed id, bytes32 ground);
    event VoucherCreated(uint256 indexed id, address indexed issuer, address indexed voucher);

    error VoucherApplicationIncomplete(string field);
    error VoucherApplicationWrongStatus(uint256 id, Status status);
    error VoucherApplicationNotIssuer(uint256 id, address caller);
    error VoucherGroundMissing();

    /// @notice Applies for a voucher. Partners with the voucher permission.
    /// @return id Number of the application, from 1.
    function applyFor(Application calldata application) external returns (uint256 id);

    /// @notice Takes back an application. Its partner only.
    function withdraw(uint256 id) external;

    /// @notice Creates the voucher's contract. Operator only.
    function create(uint256 id) external returns (address voucher);

    /// @notice Refuses an application. Operator only.
    /// @param ground Digest of the stated ground.
    function refuse(uint256 id, bytes32 ground) external;

    function application(
        uint256 id
    ) external view returns (Application memory value, address issuer, Status status, address voucher);
    function count() external view returns (uint256);
    function isVoucher(address voucher) external view returns (bool);
}
