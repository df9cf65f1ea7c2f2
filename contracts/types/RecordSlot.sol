// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRecords} from "../interfaces/IRecords.sol";

/// @title A record in one storage slot
/// @notice From the lowest bits up: recordedAt (40) | kind (32) | algorithm (16) | status (8) | responsible (160).
/// Written as one word: the compiler would write a struct's members one after another.
type RecordSlot is uint256;

using RecordSlots for RecordSlot global;

library RecordSlots {
    uint256 private constant STATUS = 88;

    function create(
        uint256 recordedAt,
        uint32 kind,
        uint16 algorithm,
        address responsible
    ) internal pure returns (RecordSlot) {
        uint256 valid = uint256(uint8(IRecords.Status.Valid)) << STATUS;
        uint256 who = uint256(uint160(responsible)) << 96;
        return RecordSlot.wrap(recordedAt | (uint256(kind) << 40) | (uint256(algorithm) << 72) | valid | who);
    }

    function status(RecordSlot slot) internal pure returns (IRecords.Status) {
        return IRecords.Status(uint8(RecordSlot.unwrap(slot) >> STATUS));
    }

    function withStatus(RecordSlot slot, IRecords.Status value) internal pure returns (RecordSlot) {
        uint256 others = RecordSlot.unwrap(slot) & ~(uint256(0xff) << STATUS);
        return RecordSlot.wrap(others | (uint256(uint8(value)) << STATUS));
    }

    function read(RecordSlot slot) internal pure returns (IRecords.Record memory) {
        uint256 word = RecordSlot.unwrap(slot);
        return
            IRecords.Record({
                recordedAt: uint40(word),
                kind: uint32(word >> 40),
                algorithm: uint16(word >> 72),
                status: slot.status(),
                responsible: address(uint160(word >> 96))
            });
    }
}
