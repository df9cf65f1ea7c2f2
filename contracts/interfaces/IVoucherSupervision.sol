// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC7943MultiToken} from "./IERC7943MultiToken.sol";
import {IssueMode, Policy} from "../types/Policy.sol";

/// @title What orders do to a voucher, and what its policy says (VO-6, GO-2)
/// @notice Every measure is taken by an order: its number is stored and stands in `MeasureTaken`.
interface IVoucherSupervision is IERC7943MultiToken {
    enum Measure {
        Cap,
        Policy,
        Freeze,
        Assessment,
        FrozenAmount,
        ForcedTransfer
    }

    /// @param account Holder that it concerns, the zero address where it concerns the voucher.
    /// @param id Token that it concerns.
    event MeasureTaken(uint256 indexed order, Measure indexed measure, address indexed account, uint256 id);
    event CapChanged(uint256 cap);
    event PolicyChanged(Policy policy);
    event FreezeChanged(bool frozen);
    event CapacityAssessed(uint256 capacity);

    error VoucherFrozen();
    error VoucherNotFrozen();
    /// @dev An order that means to go below what circulates says so.
    error VoucherCapBelowCirculating(uint256 cap, uint256 circulating);
    /// @dev The cap stays under what the issuer was assessed to be able to redeem.
    error VoucherCapAboveCapacity(uint256 cap, uint256 capacity);
    /// @param field Field of `Policy` that makes no sense with the others.
    error VoucherPolicyInvalid(string field);
    /// @dev The policy lets the caller allocate nothing.
    error VoucherIssueRestricted(IssueMode mode);
    /// @dev Outgoing transfers wait while the sender's key is being reset.
    error VoucherSenderHeld(address account, uint48 lastBlock);
    /// @param free Base units that it has held for long enough.
    error VoucherHoldingPeriod(address account, uint256 id, uint256 amount, uint256 free);
    /// @param left Base units that it may still transfer in this block.
    error VoucherPeriodAmountExceeded(address account, uint256 amount, uint256 left);
    error VoucherHandsExceeded(uint256 lot, uint256 hands);

    /// @notice Sets the cap, under the assessed capacity. Below what circulates only with `belowCirculating`; then
    /// nothing is allocated until less circulates. An order only.
    function setCap(uint128 value, bool belowCirculating) external;

    /// @notice Replaces the policy. An order only.
    function setPolicy(Policy calldata value) external;

    /// @notice Stops allocations, transfers and new presentations. What was presented before still ends. An order only.
    function freeze() external;

    /// @notice Ends a freeze. An order only.
    function unfreeze() external;

    /// @notice Records how many base units the issuer was assessed to be able to redeem, and lowers the cap to it; not
    /// below what circulates, which takes a `setCap` that says so. An order only.
    function assess(uint128 capacity) external;

    /// @notice Reverts with the reason why this transfer is not possible in this block.
    function requireTransfer(address from, address to, uint256 id, uint256 amount) external view;

    function policy() external view returns (Policy memory);
    function frozen() external view returns (bool);
    /// @return capacity Assessed capacity in base units.
    /// @return assessed Whether there was an assessment.
    function assessment() external view returns (uint256 capacity, bool assessed);
    /// @notice Order under which a measure was last taken, 0 where it never was.
    function orderOf(Measure measure, address account, uint256 id) external view returns (uint256 order);
}
