// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IVoucher} from "../interfaces/IVoucher.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {IssueMode, PolicySlot, PolicySlots} from "../types/Policy.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title How new vouchers come to their first holders: by the issuer and its agents, within caps (VO-2, VO-3)
abstract contract Allocation is TransferRules {
    struct Agent {
        uint128 cap;
        uint128 allocated;
    }

    mapping(address agent => Agent) private _agents;

    /// @inheritdoc IVoucher
    uint256 public lotCount;

    /// @inheritdoc IVoucher
    function allocate(address to, uint256 amount) external {
        _allocate(_requireAllocation(false), to, BALANCE, amount);
    }

    /// @inheritdoc IVoucher
    function allocateMany(address[] calldata to, uint256[] calldata amounts) external {
        if (to.length != amounts.length) revert VoucherLengthsDiffer();
        if (to.length == 0) revert VoucherAmountMissing();
        PolicySlot p = _requireAllocation(false);
        for (uint256 i; i < to.length; ++i) {
            _allocate(p, to[i], BALANCE, amounts[i]);
        }
    }

    /// @inheritdoc IVoucher
    function allocateLot(address to, uint128 face, bytes32 metadataDigest) external returns (uint256 lot) {
        return _allocateLot(_requireAllocation(true), to, face, metadataDigest);
    }

    /// @inheritdoc IVoucher
    function allocateLots(
        address[] calldata to,
        uint128[] calldata faces,
        bytes32[] calldata metadataDigests
    ) external returns (uint256 first) {
        if (to.length != faces.length || to.length != metadataDigests.length) revert VoucherLengthsDiffer();
        if (to.length == 0) revert VoucherAmountMissing();
        PolicySlot p = _requireAllocation(true);
        first = lotCount + 1;
        for (uint256 i; i < to.length; ++i) {
            _allocateLot(p, to[i], faces[i], metadataDigests[i]);
        }
    }

    /// @inheritdoc IVoucher
    function setAgent(address agent, uint128 value) external {
        _requireIssuer();

        _agents[agent].cap = value;

        emit AgentChanged(agent, value);
    }

    /// @inheritdoc IVoucher
    function agentOf(address agent) external view returns (uint256 value, uint256 allocated) {
        Agent memory a = _agents[agent];
        return (a.cap, a.allocated);
    }

    /// @dev Who may allocate now, and of which type. An agent's cap is counted with each amount.
    function _requireAllocation(bool lots) private view returns (PolicySlot p) {
        p = _policy;
        address issuer_ = issuer();
        if (msg.sender != issuer_) {
            if (_agents[msg.sender].cap == 0) revert VoucherNotIssuer(msg.sender);
            if (p.issueMode() != IssueMode.Open) revert VoucherIssueRestricted(p.issueMode());
        }
        if (!PARTNERS.hasPermission(issuer_, PartnerPermissions.VOUCHERS)) revert VoucherIssuerNotPermitted(issuer_);
        if (p.has(PolicySlots.LOTS) != lots) revert VoucherWrongType(!lots);
        if (p.has(PolicySlots.FROZEN)) revert VoucherFrozen();
        if (p.issueMode() == IssueMode.Halted) revert VoucherIssueRestricted(IssueMode.Halted);
    }

    function _allocateLot(
        PolicySlot p,
        address to,
        uint128 face,
        bytes32 metadataDigest
    ) private returns (uint256 lot) {
        if (metadataDigest == bytes32(0)) revert VoucherMetadataMissing();

        lot = ++lotCount;
        _lots[lot] = Lot(face, uint48(block.number), 0, false, metadataDigest);

        emit LotMade(lot, face, metadataDigest);

        _allocate(p, to, lot, face);
    }

    function _allocate(PolicySlot p, address to, uint256 id, uint256 amount) private {
        if (amount == 0) revert VoucherAmountMissing();
        _requireEligible(p, address(0), to);
        (uint256 cap_, uint256 before) = (_cap, _circulating);
        // An order may have lowered the cap below what circulates.
        if (before > cap_ || amount > cap_ - before) revert VoucherCapExceeded(cap_, before, amount);

        if (msg.sender != issuer()) _countAgent(amount);
        _circulating = uint128(before + amount);
        _noteReceived(p, to, amount);

        emit Allocated(to, id, amount, before + amount);

        _mint(to, id, amount, "");
    }

    function _countAgent(uint256 amount) private {
        Agent memory a = _agents[msg.sender];
        if (a.allocated > a.cap || amount > a.cap - a.allocated) {
            revert VoucherAgentCapExceeded(msg.sender, a.cap, a.allocated, amount);
        }
        _agents[msg.sender].allocated = uint128(a.allocated + amount);
    }
}
