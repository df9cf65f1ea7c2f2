// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {LevelRow, LevelRows} from "../types/LevelRow.sol";
import {Levels} from "../types/Levels.sol";
import {PastBlocks} from "../types/PastBlocks.sol";

/// @title What each certification level is worth and permits: data, with its history (ID-5)
abstract contract LevelTable is ICertifications {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev Highest number of a row; Quota's classes from the next number up are given to accounts by name.
    uint8 private constant LAST_LEVEL = 15;

    mapping(uint8 number => LevelRow) private _rows;
    mapping(uint8 number => Checkpoints.Trace208) private _history;
    uint32 private _edition;

    /// @inheritdoc ICertifications
    function level(uint8 number) external view returns (LevelRule memory) {
        return _rows[number].read();
    }

    /// @inheritdoc ICertifications
    function levelRuleAt(uint8 number, uint48 blockNumber) external view returns (LevelRule memory) {
        PastBlocks.check(blockNumber);
        return _rowAt(number, blockNumber).read();
    }

    function _row(uint8 number) internal view returns (LevelRow) {
        return _rows[number];
    }

    function _rowAt(uint8 number, uint48 blockNumber) internal view returns (LevelRow) {
        return LevelRow.wrap(_history[number].upperLookupRecent(blockNumber));
    }

    function _tableEdition() internal view returns (uint32) {
        return _edition;
    }

    function _setRow(uint8 number, uint8 rank, uint32 permissions) internal {
        if (number == Levels.NONE || number > LAST_LEVEL) revert CertificationLevelUnknown(number);

        LevelRow row = LevelRows.create(rank, permissions);
        _history[number].push(uint48(block.number), uint208(LevelRow.unwrap(row)));
        uint32 edition = ++_edition;
        _rows[number] = row.withEdition(edition);
        for (uint8 other = 1; other <= LAST_LEVEL; ++other) {
            // Nobody stands at a level that is out of use.
            if (_rows[other].rank() != 0) _rows[other] = _rows[other].withEdition(edition);
        }

        emit LevelSet(number, rank, permissions);
    }
}
