// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IAccountFactory} from "../interfaces/IAccountFactory.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {IVoucherFactory} from "../interfaces/IVoucherFactory.sol";

contract Settlements is ISettlements, CouncilUpgradeable {
    IVoucherFactory private immutable VOUCHER_FACTORY;
    IAccountFactory private immutable ACCOUNT_FACTORY;

    mapping(uint256 offer => Offer) private _offers;
    uint256 public count;

    constructor(IVoucherFactory voucherFactory, IAccountFactory accountFactory) {
        VOUCHER_FACTORY = voucherFactory;
        ACCOUNT_FACTORY = accountFactory;
    }

    /// @inheritdoc ISettlements
    function offer(
        Leg calldata give,
        Leg calldata want,
        address counterparty,
        uint48 lastBlock
    ) external returns (uint256 offer_) {
        if (!ACCOUNT_FACTORY.isAccount(msg.sender)) revert SettlementNotAccount(msg.sender);
        if (counterparty == msg.sender) revert SettlementWithOneself(msg.sender);
        if (lastBlock < block.number) revert SettlementPast(lastBlock, block.number);
        _requireLeg(give);
        _requireLeg(want);
        if (give.voucher == want.voucher && give.id == want.id) revert SettlementSameUnits(give.voucher, give.id);

        offer_ = ++count;
        _offers[offer_] = Offer({
            maker: msg.sender,
            lastBlock: lastBlock,
            resets: _resetsOf(msg.sender),
            status: Status.Open,
            counterparty: counterparty,
            give: give,
            want: want
        });

        emit Offered(offer_, msg.sender, counterparty, give, want, lastBlock);
    }

    /// @inheritdoc ISettlements
    function accept(uint256 offer_) external {
        Offer storage o = _requireOpen(offer_);
        (address maker, address counterparty) = (o.maker, o.counterparty);
        if (maker == msg.sender) revert SettlementWithOneself(msg.sender);
        if (counterparty != address(0) && counterparty != msg.sender) {
            revert SettlementNotCounterparty(offer_, msg.sender);
        }

        o.status = Status.Accepted;

        emit OfferAccepted(offer_, msg.sender);

        _transfer(o.give, maker, msg.sender);
        _transfer(o.want, msg.sender, maker);
    }

    /// @inheritdoc ISettlements
    function cancel(uint256 offer_) external {
        Offer storage o = _requireOpen(offer_);
        if (o.maker != msg.sender) revert SettlementNotMaker(offer_, msg.sender);

        o.status = Status.Cancelled;

        emit OfferCancelled(offer_);
    }

    /// @inheritdoc ISettlements
    function offerOf(uint256 offer_) external view returns (Offer memory o) {
        o = _offers[offer_];
        o.status = statusOf(offer_);
        if (o.status == Status.None) revert SettlementWrongStatus(offer_, Status.None);
    }

    /// @inheritdoc ISettlements
    function statusOf(uint256 offer_) public view returns (Status) {
        Offer storage o = _offers[offer_];
        if (o.status != Status.Open) return o.status;
        if (block.number > o.lastBlock) return Status.Expired;
        // Who lost the key may not have made it: it does not come back to life with the next approval.
        return _resetsOf(o.maker) == o.resets ? Status.Open : Status.Void;
    }

    function _requireOpen(uint256 offer_) private view returns (Offer storage) {
        Status status = statusOf(offer_);
        if (status != Status.Open) revert SettlementWrongStatus(offer_, status);
        return _offers[offer_];
    }

    function _requireLeg(Leg calldata leg) private view {
        if (leg.amount == 0) revert SettlementAmountMissing();
        if (!VOUCHER_FACTORY.isVoucher(leg.voucher)) revert SettlementVoucherUnknown(leg.voucher);
    }

    function _transfer(Leg storage leg, address from, address to) private {
        IERC1155(leg.voucher).safeTransferFrom(from, to, leg.id, leg.amount, "");
    }

    function _resetsOf(address account) private view returns (uint32 resets) {
        (, resets) = IBropAccount(account).resetState();
    }
}
