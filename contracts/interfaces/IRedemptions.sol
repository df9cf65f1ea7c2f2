// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Redemptions: a holder presents a voucher, its issuer honours it or does not (VO-5)
/// @notice What is presented leaves the holder's account until the presentation ends: as redeemed, refused with a ground,
/// or overdue when the issuer does not answer in time, for which blocks of an emergency pause do not count. The last two
/// give the units back, whether or not their holder may still receive any, and are counted as the issuer's defaults.
interface IRedemptions {
    /// @dev Overdue: not answered in time, whether or not the units have been given back yet.
    enum Status {
        None,
        Presented,
        Redeemed,
        Refused,
        Overdue
    }

    /// @param voucher The voucher's contract.
    /// @param presentedBlock Block of the presentation.
    /// @param lastBlock Last block in which the issuer may answer; later by the blocks of an emergency pause in between.
    /// @param holder Who presented.
    /// @param closedBlock Block in which it ended, 0 while the units wait.
    /// @param status See `Status`.
    /// @param id Token id: 0 of a splittable voucher, or a lot.
    /// @param amount Base units.
    /// @param statement What the holder stated, for example the digest of a delivery note; may be empty.
    /// @param answer Digest of the issuer's receipt or ground; empty where it gave none.
    struct Redemption {
        address voucher;
        uint48 presentedBlock;
        uint48 lastBlock;
        address holder;
        uint48 closedBlock;
        Status status;
        uint128 id;
        uint128 amount;
        bytes32 statement;
        bytes32 answer;
    }

    event Presented(
        uint256 indexed redemption,
        address indexed voucher,
        address indexed holder,
        uint256 id,
        uint256 amount,
        uint48 lastBlock,
        bytes32 statement
    );
    event RedemptionConfirmed(uint256 indexed redemption, bytes32 receipt);
    event RedemptionRefused(uint256 indexed redemption, bytes32 ground);
    event RedemptionDefaulted(uint256 indexed redemption);

    error RedemptionVoucherUnknown(address voucher);
    error RedemptionWrongStatus(uint256 redemption, Status status);
    error RedemptionNotIssuer(uint256 redemption, address caller);
    error RedemptionAnswerMissing();
    error RedemptionNotOverdue(uint256 redemption, uint48 lastBlock);

    /// @notice Presents units of the caller's to their issuer. Rules as in `IVoucher.escrow`.
    /// @param id Token id: 0 of a splittable voucher, or a lot.
    /// @param amount Base units; of a lot, its face.
    /// @return redemption Number of the presentation, from 1.
    function present(
        address voucher,
        uint256 id,
        uint256 amount,
        bytes32 statement
    ) external returns (uint256 redemption);

    /// @notice Says that what the voucher stands for was delivered; the units end. The issuer only, until the last block,
    /// also while it is suspended or terminated: it owes what it issued.
    /// @param receipt Digest of the proof of delivery.
    function confirm(uint256 redemption, bytes32 receipt) external;

    /// @notice Refuses, which is a default; the units go back to their holder. Callers as for `confirm`.
    /// @param ground Digest of the stated ground.
    function refuse(uint256 redemption, bytes32 ground) external;

    /// @notice Gives back what the issuer did not answer in time, which is a default. Anybody.
    function giveBackOverdue(uint256 redemption) external;

    /// @notice A presentation; reverts where there is none.
    function redemptionOf(uint256 redemption) external view returns (Redemption memory);
    /// @notice State in this block.
    function statusOf(uint256 redemption) external view returns (Status);
    /// @notice Presentations so far.
    function count() external view returns (uint256);

    /// @notice Defaults of an issuer in all its vouchers, or of one voucher.
    /// @return refused Presentations that were refused.
    /// @return overdue Presentations that were given back without an answer.
    function defaultsOf(address issuerOrVoucher) external view returns (uint64 refused, uint64 overdue);
}
