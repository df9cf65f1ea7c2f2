// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC1155Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC1155/ERC1155Upgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943MultiToken.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {IVoucherFactory} from "../interfaces/IVoucherFactory.sol";
import {IssueMode, Policy, PolicySlots} from "../types/Policy.sol";
import {Allocation} from "./Allocation.sol";
import {Custody} from "./Custody.sol";
import {Escrow} from "./Escrow.sol";
import {Supervision} from "./Supervision.sol";
import {VoucherState} from "./VoucherState.sol";

/// @dev Clones of this code are made by VoucherFactory, one for each voucher that a partner issues.
contract Voucher is Allocation, Custody, Escrow, Supervision {
    uint8 public decimals;
    bytes32 public termsDigest;
    string public name;
    string public symbol;

    constructor(ICertifications certifications, IPartners partners) VoucherState(certifications, partners) {
        _disableInitializers();
    }

    /// @notice Sets a new clone up. VoucherFactory calls it in the transaction that makes the clone.
    function initialise(IVoucherFactory.Application calldata application) external initializer {
        __ERC1155_init(application.uri);
        _policy = PolicySlots.create(
            Policy({
                holderLevel: application.holderLevel,
                secondary: application.secondary,
                issueMode: IssueMode.Open,
                hands: application.hands,
                holdingBlocks: application.holdingBlocks,
                periodBlocks: application.periodBlocks,
                periodAmount: application.periodAmount
            }),
            application.voucherType == IVoucherFactory.VoucherType.Lots,
            application.redemptionBlocks
        );
        _cap = application.cap;
        decimals = application.decimals;
        termsDigest = application.termsDigest;
        name = application.name;
        symbol = application.symbol;
    }

    /// @inheritdoc ERC1155Upgradeable
    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes memory data) public override {
        if (!_mayMoveAll(from)) _spend(from, id, value);
        _passOne(from, to, id, value);
        _safeTransferFrom(from, to, id, value, data);
    }

    /// @inheritdoc ERC1155Upgradeable
    function safeBatchTransferFrom(
        address from,
        address to,
        uint256[] memory ids,
        uint256[] memory values,
        bytes memory data
    ) public override {
        if (ids.length != values.length) revert ERC1155InvalidArrayLength(ids.length, values.length);
        if (!_mayMoveAll(from)) {
            if (ids.length == 0) revert ERC1155MissingApprovalForAll(msg.sender, from);
            for (uint256 i; i < ids.length; ++i) {
                _spend(from, ids[i], values[i]);
            }
        }
        _passMany(from, to, ids, values);
        _safeBatchTransferFrom(from, to, ids, values, data);
    }

    /// @inheritdoc IVoucher
    function lowerCap(uint128 value) external {
        _requireIssuer();
        if (value >= _cap) revert VoucherCapNotLower(_cap, value);
        if (value < _circulating) revert VoucherCapBelowCirculating(value, _circulating);

        _cap = value;

        emit CapChanged(value);
    }

    /// @inheritdoc IVoucher
    function setUri(string calldata value) external {
        _requireIssuer();

        _setURI(value);

        // One address serves all token ids.
        emit URI(value, BALANCE);
    }

    /// @inheritdoc IVoucher
    function cap() external view returns (uint256) {
        return _cap;
    }

    /// @inheritdoc IVoucher
    function circulating() external view returns (uint256) {
        return _circulating;
    }

    /// @inheritdoc IVoucher
    function holderLevel() external view returns (uint8) {
        return _policy.holderLevel();
    }

    /// @inheritdoc IVoucher
    function redemptionBlocks() external view returns (uint48) {
        return _policy.redemptionBlocks();
    }

    /// @inheritdoc IVoucher
    function isLots() external view returns (bool) {
        return _policy.has(PolicySlots.LOTS);
    }

    /// @inheritdoc IVoucher
    function lotOf(uint256 lot) external view returns (Lot memory) {
        return _lots[lot];
    }

    /// @inheritdoc IVoucher
    function faceOf(uint256 lot) external view returns (uint256) {
        return _lots[lot].face;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC1155Upgradeable, IERC165) returns (bool) {
        return interfaceId == type(IERC7943MultiToken).interfaceId || super.supportsInterface(interfaceId);
    }
}
