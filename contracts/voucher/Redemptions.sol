// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {Pauses} from "../governance/Pauses.sol";
import {IRedemptions} from "../interfaces/IRedemptions.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {IVoucherFactory} from "../interfaces/IVoucherFactory.sol";

contract Redemptions is IRedemptions, CouncilUpgradeable {
    struct Defaults {
        uint64 refused;
        uint64 overdue;
    }

    IVoucherFactory private immutable VOUCHER_FACTORY;

    mapping(uint256 redemption => Redemption) private _redemptions;
    mapping(address issuerOrVoucher => Defaults) private _defaults;
    uint256 public count;

    constructor(IVoucherFactory voucherFactory) {
        VOUCHER_FACTORY = voucherFactory;
    }

    /// @inheritdoc IRedemptions
    function present(
        address voucher,
        uint256 id,
        uint256 amount,
        bytes32 statement
    ) external returns (uint256 redemption) {
        if (!VOUCHER_FACTORY.isVoucher(voucher)) revert RedemptionVoucherUnknown(voucher);

        redemption = ++count;
        uint48 lastBlock = uint48(block.number) + IVoucher(voucher).redemptionBlocks();
        Redemption storage r = _redemptions[redemption];
        r.voucher = voucher;
        r.presentedBlock = uint48(block.number);
        r.lastBlock = lastBlock;
        r.holder = msg.sender;
        r.status = Status.Presented;
        // Nobody holds more than this of anything, nor a lot with a higher number: then `escrow` reverts.
        r.id = uint128(id);
        r.amount = uint128(amount);
        r.statement = statement;

        emit Presented(redemption, voucher, msg.sender, id, amount, lastBlock, statement);

        IVoucher(voucher).escrow(msg.sender, id, amount);
    }

    /// @inheritdoc IRedemptions
    function confirm(uint256 redemption, bytes32 receipt) external {
        Redemption storage r = _answer(redemption, Status.Redeemed, receipt);

        emit RedemptionConfirmed(redemption, receipt);

        IVoucher(r.voucher).redeem(r.id, r.amount);
    }

    /// @inheritdoc IRedemptions
    function refuse(uint256 redemption, bytes32 ground) external {
        Redemption storage r = _answer(redemption, Status.Refused, ground);
        ++_defaults[msg.sender].refused;
        ++_defaults[r.voucher].refused;

        emit RedemptionRefused(redemption, ground);

        IVoucher(r.voucher).giveBack(r.holder, r.id, r.amount);
    }

    /// @inheritdoc IRedemptions
    function giveBackOverdue(uint256 redemption) external {
        Redemption storage r = _redemptions[redemption];
        if (r.status != Status.Presented) revert RedemptionWrongStatus(redemption, r.status);
        uint48 lastBlock = Pauses.extend(r.presentedBlock, r.lastBlock);
        if (block.number <= lastBlock) revert RedemptionNotOverdue(redemption, lastBlock);

        r.status = Status.Overdue;
        r.closedBlock = uint48(block.number);
        ++_defaults[IVoucher(r.voucher).issuer()].overdue;
        ++_defaults[r.voucher].overdue;

        emit RedemptionDefaulted(redemption);

        IVoucher(r.voucher).giveBack(r.holder, r.id, r.amount);
    }

    /// @inheritdoc IRedemptions
    function redemptionOf(uint256 redemption) external view returns (Redemption memory r) {
        r = _redemptions[redemption];
        r.status = statusOf(redemption);
        if (r.status == Status.None) revert RedemptionWrongStatus(redemption, Status.None);
        r.lastBlock = Pauses.extend(r.presentedBlock, r.lastBlock);
    }

    /// @inheritdoc IRedemptions
    function statusOf(uint256 redemption) public view returns (Status) {
        Redemption storage r = _redemptions[redemption];
        if (r.status != Status.Presented || block.number <= r.lastBlock) return r.status;
        return block.number > Pauses.extend(r.presentedBlock, r.lastBlock) ? Status.Overdue : Status.Presented;
    }

    /// @inheritdoc IRedemptions
    function defaultsOf(address issuerOrVoucher) external view returns (uint64 refused, uint64 overdue) {
        Defaults memory d = _defaults[issuerOrVoucher];
        return (d.refused, d.overdue);
    }

    /// @dev The issuer's answer ends what is presented, once and in time.
    function _answer(uint256 redemption, Status status, bytes32 answer) private returns (Redemption storage r) {
        Status current = statusOf(redemption);
        if (current != Status.Presented) revert RedemptionWrongStatus(redemption, current);
        r = _redemptions[redemption];
        if (IVoucher(r.voucher).issuer() != msg.sender) revert RedemptionNotIssuer(redemption, msg.sender);
        if (answer == bytes32(0)) revert RedemptionAnswerMissing();

        r.status = status;
        r.closedBlock = uint48(block.number);
        r.answer = answer;
    }
}
