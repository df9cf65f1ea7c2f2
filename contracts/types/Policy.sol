// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Open: the issuer and its agents allocate. IssuerOnly: agents do not. Halted: nobody does.
enum IssueMode {
    Open,
    IssuerOnly,
    Halted
}

/// @title Rules under which a voucher circulates (VO-6)
/// @param holderLevel Lowest certification level of a holder; must permit vouchers.
/// @param secondary Whether holders may transfer to each other.
/// @param issueMode Who allocates.
/// @param hands Lots only: how often a lot may change hands after its allocation; 0 for no limit.
/// @param holdingBlocks Blocks for which a holder keeps what it received; 0 for none.
/// @param periodBlocks Length of the sliding window of `periodAmount` in blocks; 0 for none.
/// @param periodAmount Most base units that a holder may transfer within `periodBlocks`.
struct Policy {
    uint8 holderLevel;
    bool secondary;
    IssueMode issueMode;
    uint16 hands;
    uint32 holdingBlocks;
    uint32 periodBlocks;
    uint128 periodAmount;
}

/// @title A voucher's policy in one storage slot, with what every transfer has to know besides
/// @notice From the lowest bits up: holderLevel (8) | switches (8) | hands (16) | holdingBlocks (32) |
/// periodBlocks (32) | periodAmount (128) | redemptionBlocks (32).
type PolicySlot is uint256;

using PolicySlots for PolicySlot global;

library PolicySlots {
    uint256 internal constant FROZEN = 1 << 8;
    uint256 internal constant SECONDARY = 1 << 9;
    /// @dev The voucher's type: lots instead of one balance.
    uint256 internal constant LOTS = 1 << 10;
    /// @dev Some amount was frozen once. Spares every other voucher's transfers the look at frozen amounts.
    uint256 internal constant FREEZES = 1 << 11;
    /// @dev Some custody account was opened. Spares every other voucher's transfers the look at both accounts.
    uint256 internal constant CUSTODY = 1 << 12;
    uint256 private constant ISSUE_MODE_AT = 13;
    /// @dev Bits that a new policy leaves as they are.
    uint256 private constant LASTING = FROZEN | LOTS | FREEZES | CUSTODY | (uint256(type(uint32).max) << 224);

    function create(Policy memory policy, bool lots, uint32 redemptionBlocks_) internal pure returns (PolicySlot) {
        uint256 lasting = (lots ? LOTS : 0) | (uint256(redemptionBlocks_) << 224);
        return PolicySlot.wrap(lasting).withPolicy(policy);
    }

    function withPolicy(PolicySlot slot, Policy memory policy) internal pure returns (PolicySlot) {
        uint256 switches = (policy.secondary ? SECONDARY : 0) | (uint256(uint8(policy.issueMode)) << ISSUE_MODE_AT);
        uint256 windows = (uint256(policy.holdingBlocks) << 32) | (uint256(policy.periodBlocks) << 64);
        uint256 limits = (uint256(policy.hands) << 16) | (uint256(policy.periodAmount) << 96);
        uint256 lasting = PolicySlot.unwrap(slot) & LASTING;
        return PolicySlot.wrap(lasting | uint256(policy.holderLevel) | switches | windows | limits);
    }

    function read(PolicySlot slot) internal pure returns (Policy memory) {
        return
            Policy({
                holderLevel: slot.holderLevel(),
                secondary: slot.has(SECONDARY),
                issueMode: slot.issueMode(),
                hands: slot.hands(),
                holdingBlocks: slot.holdingBlocks(),
                periodBlocks: slot.periodBlocks(),
                periodAmount: slot.periodAmount()
            });
    }

    function has(PolicySlot slot, uint256 what) internal pure returns (bool) {
        return PolicySlot.unwrap(slot) & what != 0;
    }

    function with(PolicySlot slot, uint256 what, bool on) internal pure returns (PolicySlot) {
        uint256 word = PolicySlot.unwrap(slot);
        return PolicySlot.wrap(on ? word | what : word & ~what);
    }

    function issueMode(PolicySlot slot) internal pure returns (IssueMode) {
        return IssueMode((PolicySlot.unwrap(slot) >> ISSUE_MODE_AT) & 3);
    }

    function holderLevel(PolicySlot slot) internal pure returns (uint8) {
        return uint8(PolicySlot.unwrap(slot));
    }

    function hands(PolicySlot slot) internal pure returns (uint16) {
        return uint16(PolicySlot.unwrap(slot) >> 16);
    }

    function holdingBlocks(PolicySlot slot) internal pure returns (uint32) {
        return uint32(PolicySlot.unwrap(slot) >> 32);
    }

    function periodBlocks(PolicySlot slot) internal pure returns (uint32) {
        return uint32(PolicySlot.unwrap(slot) >> 64);
    }

    function periodAmount(PolicySlot slot) internal pure returns (uint128) {
        return uint128(PolicySlot.unwrap(slot) >> 96);
    }

    function redemptionBlocks(PolicySlot slot) internal pure returns (uint32) {
        return uint32(PolicySlot.unwrap(slot) >> 224);
    }
}
