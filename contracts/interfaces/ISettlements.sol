// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Settlements: voucher against voucher in one transaction (VO-4)
/// @notice Both sides approve this contract in their voucher (`IVoucher.approve`, with limit and expiry). Then both legs
/// happen or none does, and every transfer rule of both vouchers holds.
interface ISettlements {
    /// @dev Expired and Void follow from the block and from the maker's key resets.
    enum Status {
        None,
        Open,
        Accepted,
        Cancelled,
        Expired,
        Void
    }

    /// @param voucher The voucher's contract.
    /// @param id Token id: 0 of a splittable voucher, or a lot.
    /// @param amount Base units; of a lot, its face.
    struct Leg {
        address voucher;
        uint128 id;
        uint128 amount;
    }

    /// @param maker Who offers.
    /// @param lastBlock Last block in which it can be accepted.
    /// @param resets Key resets of the maker when it offered.
    /// @param status See `Status`.
    /// @param counterparty Who may accept; the zero address: anybody.
    /// @param give What the maker gives.
    /// @param want What the maker gets.
    struct Offer {
        address maker;
        uint48 lastBlock;
        uint32 resets;
        Status status;
        address counterparty;
        Leg give;
        Leg want;
    }

    event Offered(
        uint256 indexed offer,
        address indexed maker,
        address indexed counterparty,
        Leg give,
        Leg want,
        uint48 lastBlock
    );
    event OfferAccepted(uint256 indexed offer, address indexed taker);
    event OfferCancelled(uint256 indexed offer);

    error SettlementVoucherUnknown(address voucher);
    error SettlementAmountMissing();
    /// @dev The same units on both sides settle nothing.
    error SettlementSameUnits(address voucher, uint256 id);
    error SettlementNotAccount(address caller);
    error SettlementWithOneself(address account);
    error SettlementPast(uint48 lastBlock, uint256 blockNumber);
    error SettlementWrongStatus(uint256 offer, Status status);
    error SettlementNotCounterparty(uint256 offer, address caller);
    error SettlementNotMaker(uint256 offer, address caller);

    /// @notice Offers units of one voucher for units of another. Accounts only.
    /// @param counterparty Who may accept; the zero address: anybody.
    /// @param lastBlock Last block in which it can be accepted.
    /// @return offer_ Number of the offer, from 1.
    function offer(
        Leg calldata give,
        Leg calldata want,
        address counterparty,
        uint48 lastBlock
    ) external returns (uint256 offer_);

    /// @notice Takes an offer: its legs are what they were when it was made. The counterparty, or anybody but the maker.
    function accept(uint256 offer_) external;

    /// @notice Takes an offer back. Its maker only.
    function cancel(uint256 offer_) external;

    /// @notice An offer; reverts where there is none.
    function offerOf(uint256 offer_) external view returns (Offer memory);
    /// @notice State in this block.
    function statusOf(uint256 offer_) external view returns (Status);
    /// @notice Offers so far.
    function count() external view returns (uint256);
}
