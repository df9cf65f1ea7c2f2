// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IVoucherFactory} from "../interfaces/IVoucherFactory.sol";
import {LevelPermissions, PartnerPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {Voucher} from "./Voucher.sol";

contract VoucherFactory is IVoucherFactory, CouncilUpgradeable {
    struct Filed {
        address issuer;
        Status status;
        address voucher;
        Application application;
    }

    IPartners private immutable PARTNERS;
    ICertifications private immutable CERTIFICATIONS;
    /// @notice Code that every voucher is a clone of; Council approves a new one by upgrading this factory.
    address public immutable implementation;

    Filed[] private _filed;
    mapping(address voucher => bool) public isVoucher;

    constructor(IPartners partners, ICertifications certifications, address implementation_) {
        PARTNERS = partners;
        CERTIFICATIONS = certifications;
        // An address without code makes nothing: the first call shows it.
        // slither-disable-next-line missing-zero-check
        implementation = implementation_;
    }

    /// @inheritdoc IVoucherFactory
    function applyFor(Application calldata value) external returns (uint256 id) {
        PARTNERS.requirePermission(msg.sender, PartnerPermissions.VOUCHERS);
        _requireComplete(value);

        Filed storage filed = _filed.push();
        id = _filed.length;
        filed.issuer = msg.sender;
        filed.status = Status.Applied;
        filed.application = value;

        emit VoucherApplied(id, msg.sender, value);
    }

    /// @inheritdoc IVoucherFactory
    function withdraw(uint256 id) external {
        Filed storage filed = _requireApplied(id);
        if (filed.issuer != msg.sender) revert VoucherApplicationNotIssuer(id, msg.sender);

        filed.status = Status.Withdrawn;

        emit VoucherWithdrawn(id);
    }

    /// @inheritdoc IVoucherFactory
    function create(uint256 id) external onlyRole(Roles.OPERATOR) returns (address voucher) {
        Filed storage filed = _requireApplied(id);
        PARTNERS.requirePermission(filed.issuer, PartnerPermissions.VOUCHERS);

        bytes memory made = abi.encodePacked(filed.issuer);
        voucher = Clones.cloneDeterministicWithImmutableArgs(implementation, made, bytes32(id));
        filed.status = Status.Created;
        filed.voucher = voucher;
        isVoucher[voucher] = true;
        Voucher(voucher).initialise(filed.application);
        IDirectory(SystemAddresses.DIRECTORY).registerInstance(voucher);

        emit VoucherCreated(id, filed.issuer, voucher);
    }

    /// @inheritdoc IVoucherFactory
    function refuse(uint256 id, bytes32 ground) external onlyRole(Roles.OPERATOR) {
        if (ground == bytes32(0)) revert VoucherGroundMissing();
        Filed storage filed = _requireApplied(id);

        filed.status = Status.Refused;

        emit VoucherRefused(id, ground);
    }

    /// @inheritdoc IVoucherFactory
    function application(
        uint256 id
    ) external view returns (Application memory value, address issuer, Status status, address voucher) {
        if (id == 0 || id > _filed.length) return (value, issuer, status, voucher);
        Filed storage filed = _filed[id - 1];
        return (filed.application, filed.issuer, filed.status, filed.voucher);
    }

    /// @inheritdoc IVoucherFactory
    function count() external view returns (uint256) {
        return _filed.length;
    }

    function _requireApplied(uint256 id) private view returns (Filed storage filed) {
        if (id == 0 || id > _filed.length) revert VoucherApplicationWrongStatus(id, Status.None);
        filed = _filed[id - 1];
        if (filed.status != Status.Applied) revert VoucherApplicationWrongStatus(id, filed.status);
    }

    function _requireComplete(Application calldata value) private view {
        if (bytes(value.name).length == 0) revert VoucherApplicationIncomplete("name");
        if (bytes(value.symbol).length == 0) revert VoucherApplicationIncomplete("symbol");
        if (bytes(value.product).length == 0) revert VoucherApplicationIncomplete("product");
        if (value.cap == 0) revert VoucherApplicationIncomplete("cap");
        if (value.termsDigest == bytes32(0)) revert VoucherApplicationIncomplete("termsDigest");
        if (value.declarationDigest == bytes32(0)) revert VoucherApplicationIncomplete("declarationDigest");
        if (value.legalCategory == bytes32(0)) revert VoucherApplicationIncomplete("legalCategory");
        if (value.redemptionBlocks == 0) revert VoucherApplicationIncomplete("redemptionBlocks");
        bool limited = value.periodBlocks != 0;
        if (limited != (value.periodAmount != 0)) revert VoucherApplicationIncomplete("periodAmount");
        if (value.hands != 0 && value.voucherType != VoucherType.Lots) revert VoucherApplicationIncomplete("hands");
        uint32 permissions = CERTIFICATIONS.level(value.holderLevel).permissions;
        if (permissions & LevelPermissions.VOUCHERS == 0) revert VoucherApplicationIncomplete("holderLevel");
    }
}
