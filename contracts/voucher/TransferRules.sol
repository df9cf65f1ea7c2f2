// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943MultiToken.sol";
import {IVoucherSupervision} from "../interfaces/IVoucherSupervision.sol";
import {PolicySlot, PolicySlots} from "../types/Policy.sol";
import {SlidingSum} from "../types/SlidingSum.sol";
import {VoucherState} from "./VoucherState.sol";

/// @title Who may transfer what to whom (VO-4, VO-6)
abstract contract TransferRules is VoucherState {
    using SlidingSum for Checkpoints.Trace208;

    /// @dev Written only while a holding period or an amount per period is in force.
    mapping(address account => Checkpoints.Trace208) private _received;
    mapping(address account => Checkpoints.Trace208) private _sent;

    /// @inheritdoc IVoucherSupervision
    function requireTransfer(address from, address to, uint256 id, uint256 amount) public view {
        if (from == address(0)) revert ERC1155InvalidSender(from);
        if (to == address(0)) revert ERC1155InvalidReceiver(to);
        PolicySlot p = _policy;
        _requireSender(p, from, to);
        _requireItem(p, from, to, id, amount);
        _requirePeriod(p, from, to, amount);
        uint256 balance = balanceOf(from, id);
        if (amount > balance) revert ERC1155InsufficientBalance(from, balance, amount, id);
        if (p.has(PolicySlots.LOTS)) _requireWhole(id, amount);
    }

    /// @inheritdoc IERC7943MultiToken
    function canTransfer(address from, address to, uint256 id, uint256 amount) external view returns (bool) {
        // Only a call can be caught; this is for readers off chain.
        // slither-disable-next-line var-read-using-this
        try this.requireTransfer(from, to, id, amount) {
            return true;
        } catch {
            return false;
        }
    }

    /// @inheritdoc IERC7943MultiToken
    function canSend(address account) external view returns (bool) {
        if (!_isEligible(account)) return false;
        // Whom the issuer accepts is an account of the platform's, which can answer this.
        (uint48 heldUntil, ) = IBropAccount(account).resetState();
        return heldUntil < block.number;
    }

    /// @inheritdoc IERC7943MultiToken
    function canReceive(address account) external view returns (bool) {
        return _isEligible(account);
    }

    /// @dev Checks one transfer and notes what the windows need to know of it.
    function _passOne(address from, address to, uint256 id, uint256 amount) internal {
        PolicySlot p = _policy;
        _requireSender(p, from, to);
        _requireItem(p, from, to, id, amount);
        _requirePeriod(p, from, to, amount);

        if (from == to) return;
        if (p.has(PolicySlots.LOTS)) _noteLot(id, amount);
        _noteAmount(p, from, to, amount);
    }

    /// @dev As `_passOne`; what a batch names several times counts as their sum.
    function _passMany(address from, address to, uint256[] memory ids, uint256[] memory values) internal {
        PolicySlot p = _policy;
        _requireSender(p, from, to);
        uint256 total = _sum(values);
        if (p.has(PolicySlots.LOTS)) {
            for (uint256 i; i < ids.length; ++i) {
                _requireItem(p, from, to, ids[i], values[i]);
                if (from != to) _noteLot(ids[i], values[i]);
            }
        } else {
            // No other token id than that of the balance has any units.
            _requireItem(p, from, to, BALANCE, total);
        }
        _requirePeriod(p, from, to, total);

        if (from != to) _noteAmount(p, from, to, total);
    }

    /// @dev What holds whatever the amount is, also for units that go into escrow.
    function _requireSender(PolicySlot p, address from, address to) internal view {
        if (p.has(PolicySlots.FROZEN)) revert VoucherFrozen();
        _requireEligible(p, from, to);
        (uint48 heldUntil, ) = IBropAccount(from).resetState();
        if (heldUntil >= block.number) revert VoucherSenderHeld(from, heldUntil);
    }

    /// @dev What is frozen does not move.
    function _requireMovable(PolicySlot p, address from, uint256 id, uint256 amount) internal view {
        if (!p.has(PolicySlots.FREEZES)) return;
        uint256 frozenAmount = _frozenAmounts[from][id];
        if (frozenAmount == 0) return;
        uint256 balance = balanceOf(from, id);
        uint256 unfrozen = balance > frozenAmount ? balance - frozenAmount : 0;
        if (amount > balance) revert ERC1155InsufficientBalance(from, balance, amount, id);
        if (amount > unfrozen) revert ERC7943InsufficientUnfrozenBalance(from, id, amount, unfrozen);
    }

    /// @dev Units that an account received by allocation, transfer or order.
    function _noteReceived(PolicySlot p, address to, uint256 amount) internal {
        if (p.holdingBlocks() != 0 && !p.has(PolicySlots.LOTS)) _received[to].add(amount);
    }

    function _requireItem(PolicySlot p, address from, address to, uint256 id, uint256 amount) private view {
        if (!p.has(PolicySlots.SECONDARY)) revert ERC7943CannotTransfer(from, to, id, amount);
        _requireMovable(p, from, id, amount);
        uint256 holdingBlocks = p.holdingBlocks();
        if (p.has(PolicySlots.LOTS)) {
            if (amount == 0) return;
            Lot storage lot = _lots[id];
            if (block.number < lot.receivedBlock + holdingBlocks) revert VoucherHoldingPeriod(from, id, amount, 0);
            if (p.hands() != 0 && from != to && lot.hands >= p.hands()) revert VoucherHandsExceeded(id, lot.hands);
        } else if (holdingBlocks != 0) {
            uint256 balance = balanceOf(from, id);
            uint256 held = _received[from].within(holdingBlocks);
            uint256 free = balance > held ? balance - held : 0;
            if (amount > balance) revert ERC1155InsufficientBalance(from, balance, amount, id);
            if (amount > free) revert VoucherHoldingPeriod(from, id, amount, free);
        }
    }

    function _requirePeriod(PolicySlot p, address from, address to, uint256 amount) private view {
        uint256 window = p.periodBlocks();
        if (window == 0 || from == to) return;
        uint256 sent = _sent[from].within(window);
        uint256 left = p.periodAmount() > sent ? p.periodAmount() - sent : 0;
        if (amount > left) revert VoucherPeriodAmountExceeded(from, amount, left);
    }

    function _noteLot(uint256 id, uint256 amount) private {
        if (amount == 0) return;
        Lot storage lot = _lots[id];
        lot.receivedBlock = uint48(block.number);
        ++lot.hands;
    }

    function _noteAmount(PolicySlot p, address from, address to, uint256 amount) private {
        if (amount == 0) return;
        if (p.periodBlocks() != 0) _sent[from].add(amount);
        _noteReceived(p, to, amount);
    }

    function _isEligible(address account) internal view returns (bool) {
        if (account == address(0)) return false;
        // A level that Council took out of use makes this revert: then nobody is eligible.
        try CERTIFICATIONS.checkTransfer(issuer(), address(0), account, _policy.holderLevel()) returns (
            address,
            ICertifications.Answer answer
        ) {
            return answer == ICertifications.Answer.Accepted;
        } catch {
            return false;
        }
    }
}
