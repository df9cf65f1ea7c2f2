// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {PolicySlots} from "../types/Policy.sol";
import {VoucherState} from "./VoucherState.sol";

/// @title Custody accounts, whose holdings can be asked as of a block (VO-7)
abstract contract Custody is VoucherState {
    using Checkpoints for Checkpoints.Trace208;

    /// @inheritdoc IVoucher
    function openCustody() external {
        PARTNERS.requirePermission(msg.sender, PartnerPermissions.CUSTODY);
        if (isCustody(msg.sender)) revert VoucherCustodyOpen(msg.sender);
        uint256 holding = holdingOf(msg.sender);

        _policy = _policy.with(PolicySlots.CUSTODY, true);
        _custody[msg.sender].push(uint48(block.number), uint208(holding));

        emit CustodyOpened(msg.sender, holding);
    }

    /// @inheritdoc IVoucher
    function custodyBalanceAt(address account, uint48 blockNumber) external view returns (uint256) {
        // A block in the making can still change it.
        if (blockNumber >= block.number) revert VoucherBlockNotPast(blockNumber);
        Checkpoints.Trace208 storage trace = _custody[account];
        if (trace.length() == 0 || trace.pos(0)._key > blockNumber) revert VoucherCustodyUnknown(account, blockNumber);
        return trace.upperLookupRecent(blockNumber);
    }

    /// @inheritdoc IVoucher
    function isCustody(address account) public view returns (bool) {
        return _custody[account].length() != 0;
    }
}
