// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC1155Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC1155/ERC1155Upgradeable.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";

/// @title Transfers by others: approvals, all of them void once their owner's key was reset (ID-7, VO-4)
abstract contract Approvals is IVoucher, ERC1155Upgradeable {
    /// @param resets Key resets of the owner when it was given.
    struct Allowance {
        uint128 amount;
        uint48 lastBlock;
        uint32 resets;
    }

    mapping(address owner => mapping(address operator => mapping(uint256 id => Allowance))) private _allowances;
    /// @dev Key resets of the owner when the approval was given, and 1; 0 where there is none.
    mapping(address owner => mapping(address operator => uint256)) private _approvedAt;

    /// @inheritdoc IVoucher
    function approve(address operator, uint256 id, uint256 amount, uint48 lastBlock) external {
        if (operator == address(0)) revert ERC1155InvalidOperator(operator);
        if (amount > type(uint128).max) revert VoucherAmountTooLarge(amount);
        if (amount != 0) {
            if (lastBlock < block.number) revert VoucherAllowancePast(lastBlock, block.number);
            (uint256 standing, ) = allowance(msg.sender, operator, id);
            if (standing != 0) revert VoucherAllowanceStands(operator, id, standing);
        }

        _allowances[msg.sender][operator][id] = Allowance(uint128(amount), lastBlock, _resetsOf(msg.sender));

        emit AllowanceChanged(msg.sender, operator, id, amount, lastBlock);
    }

    /// @inheritdoc IVoucher
    function allowance(address owner, address operator, uint256 id) public view returns (uint256, uint48) {
        Allowance memory a = _allowances[owner][operator][id];
        if (a.amount == 0 || a.lastBlock < block.number || a.resets != _resetsOf(owner)) return (0, 0);
        return (a.amount, a.lastBlock);
    }

    /// @inheritdoc ERC1155Upgradeable
    function isApprovedForAll(address owner, address operator) public view override returns (bool) {
        uint256 approvedAt = _approvedAt[owner][operator];
        return approvedAt != 0 && approvedAt == uint256(_resetsOf(owner)) + 1;
    }

    /// @dev Whether the caller moves its own units, or any under an approval for all.
    function _mayMoveAll(address owner) internal view returns (bool) {
        return msg.sender == owner || isApprovedForAll(owner, msg.sender);
    }

    /// @dev Takes an amount from the caller's allowance, which has to be there even for nothing.
    function _spend(address owner, uint256 id, uint256 amount) internal {
        (uint256 standing, ) = allowance(owner, msg.sender, id);
        if (standing == 0) revert ERC1155MissingApprovalForAll(msg.sender, owner);
        if (amount > standing) revert VoucherAllowanceTooLow(owner, msg.sender, id, standing, amount);
        _allowances[owner][msg.sender][id].amount = uint128(standing - amount);
    }

    function _setApprovalForAll(address owner, address operator, bool approved) internal override {
        if (operator == address(0)) revert ERC1155InvalidOperator(operator);

        _approvedAt[owner][operator] = approved ? uint256(_resetsOf(owner)) + 1 : 0;

        emit ApprovalForAll(owner, operator, approved);
    }

    /// @dev Keys without code have no resets; they can not hold anything either.
    function _resetsOf(address owner) private view returns (uint32 resets) {
        if (owner.code.length != 0) (, resets) = IBropAccount(owner).resetState();
    }
}
