// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {PolicySlot, PolicySlots} from "../types/Policy.sol";
import {Approvals} from "./Approvals.sol";

/// @title What a voucher's parts share, and the books that every movement keeps
abstract contract VoucherState is Approvals {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev Token id of a splittable voucher's only balance.
    uint256 public constant BALANCE = 0;

    ICertifications internal immutable CERTIFICATIONS;
    IPartners internal immutable PARTNERS;

    PolicySlot internal _policy;
    uint128 internal _cap;
    uint128 internal _circulating;
    mapping(uint256 lot => Lot) internal _lots;
    /// @dev Sums of faces; a splittable voucher's holdings are its balances.
    mapping(address account => uint256) private _holdings;
    mapping(address account => Checkpoints.Trace208) internal _custody;
    mapping(address account => mapping(uint256 id => uint256)) internal _frozenAmounts;

    constructor(ICertifications certifications, IPartners partners) {
        CERTIFICATIONS = certifications;
        PARTNERS = partners;
    }

    /// @inheritdoc IVoucher
    /// @dev Part of the clone's code, so that it costs no storage and can never change.
    function issuer() public view returns (address account) {
        bytes memory made = Clones.fetchCloneArgs(address(this));
        return address(bytes20(made));
    }

    /// @inheritdoc IVoucher
    function holdingOf(address account) public view returns (uint256) {
        return _policy.has(PolicySlots.LOTS) ? _holdings[account] : balanceOf(account, BALANCE);
    }

    /// @dev Keeps what depends on balances alone, and lots whole; who may move what is checked before.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        super._update(from, to, ids, values);

        PolicySlot p = _policy;
        if (p.has(PolicySlots.LOTS)) {
            for (uint256 i; i < ids.length; ++i) {
                _requireWhole(ids[i], values[i]);
            }
            uint256 total = _sum(values);
            if (from != address(0)) _holdings[from] -= total;
            if (to != address(0)) _holdings[to] += total;
        }
        if (p.has(PolicySlots.CUSTODY)) {
            _checkpoint(from);
            _checkpoint(to);
        }
    }

    function _requireEligible(PolicySlot p, address from, address to) internal view {
        (address refused, ICertifications.Answer answer) = CERTIFICATIONS.checkTransfer(
            issuer(),
            from,
            to,
            p.holderLevel()
        );
        if (answer != ICertifications.Answer.Accepted) revert VoucherHolderNotEligible(refused, uint8(answer));
    }

    function _requireWhole(uint256 lot, uint256 amount) internal view {
        uint256 face = _lots[lot].face;
        if (amount != face && amount != 0) revert VoucherLotIndivisible(lot, face, amount);
    }

    function _requireIssuer() internal view {
        if (msg.sender != issuer()) revert VoucherNotIssuer(msg.sender);
    }

    function _sum(uint256[] memory values) internal pure returns (uint256 total) {
        for (uint256 i; i < values.length; ++i) {
            total += values[i];
        }
    }

    function _checkpoint(address account) private {
        if (_custody[account].length() != 0) _custody[account].push(uint48(block.number), uint208(holdingOf(account)));
    }
}
