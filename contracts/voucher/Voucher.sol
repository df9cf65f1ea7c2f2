// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC1155Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC1155/ERC1155Upgradeable.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {IVoucherFactory} from "../interfaces/IVoucherFactory.sol";
import {PartnerPermissions} from "../types/Permissions.sol";

/// @dev Clones of this code are made by VoucherFactory, one for each voucher that a partner issues.
contract Voucher is IVoucher, ERC1155Upgradeable {
    /// @dev Token id of a splittable voucher's only balance.
    uint256 public constant BALANCE = 0;

    ICertifications private immutable CERTIFICATIONS;
    IPartners private immutable PARTNERS;

    address public issuer;
    uint8 public decimals;
    uint8 public holderLevel;
    uint128 private _cap;
    uint128 private _circulating;
    bytes32 public termsDigest;
    string public name;
    string public symbol;

    modifier onlyIssuer() {
        if (msg.sender != issuer) revert VoucherNotIssuer(msg.sender);
        if (!PARTNERS.hasPermission(msg.sender, PartnerPermissions.VOUCHERS)) {
            revert VoucherIssuerNotPermitted(msg.sender);
        }
        _;
    }

    constructor(ICertifications certifications, IPartners partners) {
        CERTIFICATIONS = certifications;
        PARTNERS = partners;
        _disableInitializers();
    }

    /// @notice Sets a new clone up. VoucherFactory calls it in the transaction that makes the clone.
    function initialise(address issuer_, IVoucherFactory.Application calldata application) external initializer {
        __ERC1155_init(application.uri);
        issuer = issuer_;
        decimals = application.decimals;
        holderLevel = application.holderLevel;
        _cap = application.cap;
        termsDigest = application.termsDigest;
        name = application.name;
        symbol = application.symbol;
    }

    /// @inheritdoc IVoucher
    function allocate(address to, uint256 amount) external onlyIssuer {
        _allocate(to, amount);
    }

    /// @inheritdoc IVoucher
    function allocateMany(address[] calldata to, uint256[] calldata amounts) external onlyIssuer {
        if (to.length != amounts.length) revert VoucherLengthsDiffer();
        if (to.length == 0) revert VoucherAmountMissing();
        for (uint256 i; i < to.length; ++i) {
            _allocate(to[i], amounts[i]);
        }
    }

    /// @inheritdoc IVoucher
    function cap() external view returns (uint256) {
        return _cap;
    }

    /// @inheritdoc IVoucher
    function circulating() external view returns (uint256) {
        return _circulating;
    }

    function _allocate(address to, uint256 amount) private {
        if (amount == 0) revert VoucherAmountMissing();
        uint256 before = _circulating;
        // Subtraction can not wrap: what circulates never exceeds the cap.
        if (amount > _cap - before) revert VoucherCapExceeded(_cap, before, amount);

        _circulating = uint128(before + amount);
        emit Allocated(to, BALANCE, amount, before + amount);

        _mint(to, BALANCE, amount, "");
    }

    /// @dev Vouchers move between accounts that the issuer accepts, and only between them (VO-4, ID-5).
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        if (from != address(0)) _requireEligible(from);
        if (to != address(0)) _requireEligible(to);
        super._update(from, to, ids, values);
    }

    function _requireEligible(address account) private view {
        (ICertifications.Answer answer, ) = CERTIFICATIONS.accepts(issuer, account, holderLevel);
        if (answer != ICertifications.Answer.Accepted) revert VoucherHolderNotEligible(account, uint8(answer));
    }
}
