// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDirectory} from "../interfaces/IDirectory.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {Names} from "../types/Names.sol";
import {PolicySlot, PolicySlots} from "../types/Policy.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title Units that wait for their redemption (VO-5)
/// @notice Redemptions holds them, so that the sum of balances stays what circulates. It asked for them: no acceptance
/// check. What comes back does so whatever the holder's certification is, and as if it had never been away.
abstract contract Escrow is TransferRules {
    modifier onlyRedemptions() {
        if (msg.sender != IDirectory(SystemAddresses.DIRECTORY).addressOf(Names.REDEMPTIONS)) {
            revert VoucherNotRedemptions(msg.sender);
        }
        _;
    }

    /// @inheritdoc IVoucher
    function escrow(address holder, uint256 id, uint256 amount) external onlyRedemptions {
        if (amount == 0) revert VoucherAmountMissing();
        PolicySlot p = _policy;
        _requireSender(p, holder, address(0));
        _requireMovable(p, holder, id, amount);

        _move(holder, msg.sender, id, amount);
    }

    /// @inheritdoc IVoucher
    function giveBack(address holder, uint256 id, uint256 amount) external onlyRedemptions {
        _move(msg.sender, holder, id, amount);
    }

    /// @inheritdoc IVoucher
    function redeem(uint256 id, uint256 amount) external onlyRedemptions {
        uint256 left = _circulating - amount;

        _circulating = uint128(left);
        if (_policy.has(PolicySlots.LOTS)) _lots[id].redeemed = true;

        emit Redeemed(id, amount, left);

        _move(msg.sender, address(0), id, amount);
    }

    function _move(address from, address to, uint256 id, uint256 amount) private {
        uint256[] memory ids = new uint256[](1);
        uint256[] memory values = new uint256[](1);
        (ids[0], values[0]) = (id, amount);
        _update(from, to, ids, values);
    }
}
