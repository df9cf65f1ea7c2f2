// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IssueMode, Policy, PolicySlot, PolicySlots} from "../../../contracts/types/Policy.sol";

/// @title A policy comes out of its word as it went in, and touches nothing else there
contract PolicyTest {
    function testFuzz_policyComesOutAsItWentIn(uint256 one, uint256 other, bool lots, uint32 blocks) public pure {
        (Policy memory first, Policy memory next) = (_policy(one), _policy(other));
        PolicySlot slot = PolicySlots.create(first, lots, blocks);
        _same(slot, first, lots, blocks);
        _same(slot.withPolicy(next), next, lots, blocks);
    }

    function testFuzz_switchesAreTheirOwn(uint256 one, bool lots, uint32 blocks, bool on, uint8 which) public pure {
        Policy memory value = _policy(one);
        uint256[3] memory all = [PolicySlots.FROZEN, PolicySlots.FREEZES, PolicySlots.CUSTODY];
        uint256 chosen = all[which % 3];
        PolicySlot slot = PolicySlots.create(value, lots, blocks);
        for (uint256 i; i < 3; ++i) {
            assert(!slot.has(all[i]));
        }

        slot = slot.with(chosen, on);
        _same(slot, value, lots, blocks);
        _same(slot.withPolicy(value), value, lots, blocks);
        for (uint256 i; i < 3; ++i) {
            assert(slot.withPolicy(value).has(all[i]) == (on && all[i] == chosen));
        }
        assert(
            PolicySlot.unwrap(slot.with(chosen, false)) == PolicySlot.unwrap(PolicySlots.create(value, lots, blocks))
        );
    }

    /// @dev Any policy, made of the bits of a word in an order of its own.
    function _policy(uint256 word) private pure returns (Policy memory) {
        return
            Policy({
                periodAmount: uint128(word),
                periodBlocks: uint32(word >> 128),
                holdingBlocks: uint32(word >> 160),
                hands: uint16(word >> 192),
                issueMode: IssueMode(uint8(word >> 208) % 3),
                secondary: (word >> 216) & 1 != 0,
                holderLevel: uint8(word >> 224)
            });
    }

    function _same(PolicySlot slot, Policy memory value, bool lots, uint32 blocks) private pure {
        assert(keccak256(abi.encode(slot.read())) == keccak256(abi.encode(value)));
        assert(slot.has(PolicySlots.LOTS) == lots);
        assert(slot.redemptionBlocks() == blocks);
    }
}
