// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../../../contracts/interfaces/IQuota.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {AllowanceSlot} from "../../../contracts/types/AllowanceSlot.sol";
import {RecordSlot, RecordSlots} from "../../../contracts/types/RecordSlot.sol";
import {SignerSlot, SignerSlots} from "../../../contracts/types/SignerSlot.sol";
import {Serial} from "../../../contracts/types/Serial.sol";

/// @title Values packed into one word come out as they went in
contract SlotsTest {
    /// @dev Each setter is followed by a look at everything: none may touch another's bits.
    function testFuzz_allowanceComesOutAsItWentIn(
        uint256 word,
        IQuota.Allowance memory value,
        uint48 used,
        uint16 period
    ) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(word);
        IQuota.Allowance memory expected = slot.read();

        slot = slot.withPoints(value.points, value.updatedBlock);
        (expected.points, expected.updatedBlock) = (value.points, value.updatedBlock);
        _same(slot, expected);
        slot = slot.withStanding(value.level, value.expiresAt);
        (expected.level, expected.expiresAt) = (value.level, value.expiresAt);
        _same(slot, expected);
        slot = slot.withClass(value.assignedClass);
        expected.assignedClass = value.assignedClass;
        assert(slot.hasBegun());
        _same(slot, expected);
        slot = slot.withSponsored(value.sponsored);
        expected.sponsored = value.sponsored;
        _same(slot, expected);
        slot = slot.withBarred(value.barred);
        expected.barred = value.barred;
        _same(slot, expected);
        (uint256 before, ) = slot.usage(period);
        slot = slot.withUsage(used, period);
        _same(slot, expected);
        (uint256 after_, ) = slot.usage(period);
        uint256 sum = before + used;
        assert(after_ == (sum > type(uint48).max ? type(uint48).max : sum));
    }

    function testFuzz_usageIsCountedByPeriod(uint48 first, uint48 second, uint16 period, uint8 gap) public pure {
        AllowanceSlot slot = AllowanceSlot.wrap(0).withUsage(first, period);
        uint256 later = uint256(period) + gap;
        (uint48 used, uint48 usedBefore) = slot.usage(later);
        assert(used == (gap == 0 ? first : 0) && usedBefore == (gap == 1 ? first : 0));
        if (gap == 0) return;
        (used, usedBefore) = slot.withUsage(second, later).usage(later);
        assert(used == second && usedBefore == (gap == 1 ? first : 0));
    }

    function _same(AllowanceSlot slot, IQuota.Allowance memory expected) private pure {
        assert(keccak256(abi.encode(slot.read())) == keccak256(abi.encode(expected)));
    }

    function testFuzz_recordComesOutAsItWentIn(
        uint40 time,
        uint32 kind,
        uint16 algorithm,
        address responsible
    ) public pure {
        IRecords.Record memory found = RecordSlots.create(time, kind, algorithm, responsible).read();
        assert(found.recordedAt == time && found.kind == kind && found.algorithm == algorithm);
        assert(found.responsible == responsible && found.status == IRecords.Status.Valid);
    }

    function testFuzz_newRecordIsNeverTheEmptySlot(
        uint40 time,
        uint32 kind,
        uint16 algorithm,
        address responsible
    ) public pure {
        assert(RecordSlot.unwrap(RecordSlots.create(time, kind, algorithm, responsible)) != 0);
    }

    function testFuzz_statusChangesNothingElse(
        uint40 time,
        uint32 kind,
        uint16 algorithm,
        address responsible,
        uint8 status
    ) public pure {
        IRecords.Status wanted = IRecords.Status(status % 4);
        RecordSlot slot = RecordSlots.create(time, kind, algorithm, responsible);
        IRecords.Record memory expected = slot.read();
        expected.status = wanted;
        IRecords.Record memory found = slot.withStatus(wanted).withStatus(wanted).read();
        assert(keccak256(abi.encode(found)) == keccak256(abi.encode(expected)));
    }

    function testFuzz_serialComesApartAsItWasPutTogether(uint112 random, uint48 deadline, uint64 sequence) public pure {
        uint256 nonce = (Serial.TAG << 224) | (uint256(random) << 112) | (uint256(deadline) << 64) | sequence;
        assert(Serial.isTagged(nonce) && Serial.deadline(nonce) == deadline && Serial.sequence(nonce) == sequence);
    }

    function testFuzz_onlyTheTagMakesASerial(uint256 nonce) public pure {
        assert(Serial.isTagged(nonce) == (nonce >> 224 == 0x42524f50));
    }

    function testFuzz_signerSlotKeepsEachValueApart(
        uint40 created,
        address first,
        address signer,
        bool keyed,
        uint40 held
    ) public pure {
        SignerSlot slot = SignerSlots.create(created).withSigner(first, !keyed).withHeldUntil(~held).withOneReset();
        slot = slot.withOneReset().withHeldUntil(held).withSigner(signer, keyed);
        assert(slot.signer() == signer && slot.isKeyed() == keyed && slot.createdBlock() == created);
        assert(slot.heldUntil() == held && slot.resets() == 2);
    }

    function test_oneResetTooManyRevertsInsteadOfStartingAgain() public {
        SignerSlot most = SignerSlot.wrap(type(uint256).max);
        assert(most.resets() == 32_767);
        try this.oneMoreReset(most) {
            assert(false);
        } catch {}
    }

    function oneMoreReset(SignerSlot slot) external pure returns (SignerSlot) {
        return slot.withOneReset();
    }
}
