// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Enforced} from "../governance/Enforced.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943MultiToken.sol";
import {IVoucherSupervision} from "../interfaces/IVoucherSupervision.sol";
import {Names} from "../types/Names.sol";
import {LevelPermissions} from "../types/Permissions.sol";
import {Policy, PolicySlot, PolicySlots} from "../types/Policy.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title What an order does to a voucher (VO-6, GO-2)
abstract contract Supervision is TransferRules, Enforced {
    uint128 private _capacity;
    mapping(bytes32 measure => uint256 order) private _orders;

    /// @inheritdoc IVoucherSupervision
    function setCap(uint128 value, bool belowCirculating) external {
        _take(Measure.Cap, address(0), 0);
        if (orderOf(Measure.Assessment, address(0), 0) != 0 && value > _capacity) {
            revert VoucherCapAboveCapacity(value, _capacity);
        }
        _setCap(value, belowCirculating);
    }

    /// @inheritdoc IVoucherSupervision
    function assess(uint128 capacity) external {
        _take(Measure.Assessment, address(0), 0);
        if (_cap > capacity) _setCap(capacity, false);

        _capacity = capacity;

        emit CapacityAssessed(capacity);
    }

    /// @inheritdoc IVoucherSupervision
    function setPolicy(Policy calldata value) external {
        _take(Measure.Policy, address(0), 0);
        PolicySlot p = _policy;
        if ((value.periodBlocks == 0) != (value.periodAmount == 0)) revert VoucherPolicyInvalid("periodAmount");
        if (value.hands != 0 && !p.has(PolicySlots.LOTS)) revert VoucherPolicyInvalid("hands");
        uint32 permissions = CERTIFICATIONS.level(value.holderLevel).permissions;
        if (permissions & LevelPermissions.VOUCHERS == 0) revert VoucherPolicyInvalid("holderLevel");

        _policy = p.withPolicy(value);

        emit PolicyChanged(value);
    }

    /// @inheritdoc IVoucherSupervision
    function freeze() external {
        _take(Measure.Freeze, address(0), 0);
        if (_policy.has(PolicySlots.FROZEN)) revert VoucherFrozen();
        _setFreeze(true);
    }

    /// @inheritdoc IVoucherSupervision
    function unfreeze() external {
        _take(Measure.Freeze, address(0), 0);
        if (!_policy.has(PolicySlots.FROZEN)) revert VoucherNotFrozen();
        _setFreeze(false);
    }

    /// @inheritdoc IERC7943MultiToken
    function setFrozenTokens(address account, uint256 id, uint256 amount) external returns (bool) {
        _take(Measure.FrozenAmount, account, id);
        if (account == address(0)) revert ERC1155InvalidSender(account);

        _policy = _policy.with(PolicySlots.FREEZES, true);
        _setFrozenAmount(account, id, amount);
        return true;
    }

    /// @inheritdoc IERC7943MultiToken
    /// @dev Like a transfer it needs a receiver that the issuer accepts; unlike one it asks nothing else. What is in
    /// escrow belongs to a presentation that has not ended, and stays there.
    function forcedTransfer(address from, address to, uint256 id, uint256 amount) external returns (bool) {
        _take(Measure.ForcedTransfer, from, id);
        if (amount == 0) revert VoucherAmountMissing();
        if (from == IDirectory(SystemAddresses.DIRECTORY).addressOf(Names.REDEMPTIONS)) revert ERC7943CannotSend(from);
        if (!_isEligible(to)) revert ERC7943CannotReceive(to);
        uint256 balance = balanceOf(from, id);
        if (amount > balance) revert ERC1155InsufficientBalance(from, balance, amount, id);

        // What it takes of the frozen units is frozen no longer; the rest of the order that froze them stands.
        uint256 frozenAmount = _frozenAmounts[from][id];
        uint256 unfrozen = balance > frozenAmount ? balance - frozenAmount : 0;
        if (amount > unfrozen) _setFrozenAmount(from, id, frozenAmount - (amount - unfrozen));
        if (from != to) _noteForced(to, id, amount);

        emit ForcedTransfer(from, to, id, amount);

        _safeTransferFrom(from, to, id, amount, "");
        return true;
    }

    /// @inheritdoc IVoucherSupervision
    function policy() external view returns (Policy memory) {
        return _policy.read();
    }

    /// @inheritdoc IVoucherSupervision
    function frozen() external view returns (bool) {
        return _policy.has(PolicySlots.FROZEN);
    }

    /// @inheritdoc IVoucherSupervision
    function assessment() external view returns (uint256 capacity, bool assessed) {
        return (_capacity, orderOf(Measure.Assessment, address(0), 0) != 0);
    }

    /// @inheritdoc IERC7943MultiToken
    function getFrozenTokens(address account, uint256 id) external view returns (uint256) {
        return _frozenAmounts[account][id];
    }

    /// @inheritdoc IVoucherSupervision
    function orderOf(Measure measure, address account, uint256 id) public view returns (uint256) {
        return _orders[keccak256(abi.encode(measure, account, id))];
    }

    /// @dev First of all in every measure. One about a holder takes an order about that holder, which goes to the partner
    /// that certifies it (GO-2).
    function _take(Measure measure, address holder, uint256 id) private {
        uint256 order = holder == address(0) ? _order() : _orderAbout(holder);

        _orders[keccak256(abi.encode(measure, holder, id))] = order;

        emit MeasureTaken(order, measure, holder, id);
    }

    function _setCap(uint128 value, bool belowCirculating) private {
        uint256 before = _circulating;
        if (value < before && !belowCirculating) revert VoucherCapBelowCirculating(value, before);

        _cap = value;

        emit CapChanged(value);
    }

    function _setFreeze(bool on) private {
        _policy = _policy.with(PolicySlots.FROZEN, on);

        emit FreezeChanged(on);
    }

    function _setFrozenAmount(address account, uint256 id, uint256 amount) private {
        _frozenAmounts[account][id] = amount;

        emit Frozen(account, id, amount);
    }

    /// @dev A holding period begins with it; hands count what holders do themselves.
    function _noteForced(address to, uint256 id, uint256 amount) private {
        PolicySlot p = _policy;
        if (p.has(PolicySlots.LOTS)) _lots[id].receivedBlock = uint48(block.number);
        else _noteReceived(p, to, amount);
    }
}
