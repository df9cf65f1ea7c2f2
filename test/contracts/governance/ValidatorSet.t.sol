// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ValidatorSet} from "../../../contracts/governance/ValidatorSet.sol";
import {SystemAddresses} from "../../../contracts/types/SystemAddresses.sol";
import {vm} from "../support/Vm.sol";

/// @dev Stands for Council: everybody has a seat but those whose number is divisible by five.
contract SomeSeats {
    function isSeat(address seat) external pure returns (bool) {
        return uint160(seat) % 5 != 0;
    }
}

/// @title No sequence of Council's calls reaches a set that halts the chain
contract ValidatorSetTest {
    /// @dev Few of each, so that sequences meet the same ones again.
    uint256 private constant SEATS = 9;
    uint256 private constant KEYS = 9;
    uint160 private constant FIRST_SEAT = 2 ** 150 + 1;

    ValidatorSet private _set;
    uint256 private _block;
    uint64 private _epoch;
    uint256 private _changes;
    bool private _wasFour;

    function setUp() public {
        vm.etch(SystemAddresses.COUNCIL, address(new SomeSeats()).code);
    }

    /// @param steps Three bytes a call: what, on whom, and with which key, at the same block or the next.
    function testFuzz_noSequenceOfCallsReachesAHaltingSet(uint8 start, bytes calldata steps) public {
        _start(1 + (start % 7));
        for (uint256 i; i + 3 <= steps.length; i += 3) {
            _step(uint8(steps[i]), uint8(steps[i + 1]), uint8(steps[i + 2]));
            _check();
        }
    }

    /// @dev The fuzzer's byte strings are short: long sequences from a seed.
    function testFuzz_noLongSequenceOfCallsReachesAHaltingSet(uint8 start, uint256 seed) public {
        _start(1 + (start % 7));
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _step(uint8(seed), uint8(seed >> 8), uint8(seed >> 16));
            _check();
        }
    }

    /// @dev Only the key itself proves its possession.
    function testFuzz_noOtherKeyProvesAnothersPossession(uint256 key, uint256 other) public {
        _start(4);
        key = 1 + (key % type(uint128).max);
        other = 1 + (other % type(uint128).max);
        vm.assume(key != other && vm.addr(key).code.length == 0 && _set.seatOf(vm.addr(key)) == address(0));
        address seat = _seat(7);
        bytes memory wrong = _proof(other, seat, vm.addr(key));
        bytes memory right = _proof(key, seat, vm.addr(key));
        vm.prank(SystemAddresses.COUNCIL);
        try _set.add(seat, vm.addr(key), wrong) {
            revert("added without its key");
        } catch {}
        vm.prank(SystemAddresses.COUNCIL);
        _set.add(seat, vm.addr(key), right);
        assert(_set.getValidators().length == 5);
    }

    function _start(uint256 count) private {
        address[] memory seats = new address[](count);
        address[] memory nodes = new address[](count);
        for (uint256 i; i < count; ++i) {
            seats[i] = _seat(i);
            nodes[i] = _node(i);
        }
        _block = 100;
        vm.roll(_block);
        _set = new ValidatorSet(seats, nodes);
        _wasFour = count >= 4;
        _epoch = 0;
        _check();
    }

    function _step(uint8 what, uint8 whom, uint8 key) private {
        // In one of four steps the block stays the same.
        if (what >= 64) {
            vm.roll(++_block);
            _changes = 0;
        }
        address seat = _seat(whom % SEATS);
        address[] memory validators = _set.getValidators();
        address node = whom >= 200 ? _node(whom % KEYS) : validators[whom % validators.length];
        address newNode = _node(key % KEYS);
        uint256 kind = what % 3;
        bytes memory proof = _proof(1 + (key % KEYS), kind == 2 ? _set.seatOf(node) : seat, newNode);
        vm.prank(SystemAddresses.COUNCIL);
        if (kind == 0) {
            try _set.add(seat, newNode, proof) {
                ++_changes;
                ++_epoch;
            } catch {}
        } else if (kind == 1) {
            try _set.remove(node) {
                ++_changes;
                ++_epoch;
            } catch {}
        } else {
            try _set.rotate(node, newNode, proof) {
                ++_changes;
                ++_epoch;
            } catch {}
        }
    }

    function _check() private {
        address[] memory validators = _set.getValidators{gas: 500_000}();
        assert(validators.length > 0 && validators.length <= _set.MAX_VALIDATORS());
        if (validators.length >= 4) _wasFour = true;
        if (_wasFour) assert(validators.length >= 4);
        for (uint256 i; i < validators.length; ++i) {
            assert(uint160(validators[i]) >= 2 ** 64);
            address seat = _set.seatOf(validators[i]);
            assert(seat != address(0) && _set.nodeOf(seat) == validators[i]);
            for (uint256 j; j < i; ++j) {
                assert(validators[i] != validators[j]);
            }
        }
        assert(_changes <= 1);
        assert(_set.epoch() == _epoch);
        assert(_set.setHash() == keccak256(abi.encode(_epoch, validators)));
    }

    function _seat(uint256 index) private pure returns (address) {
        return address(FIRST_SEAT + uint160(index));
    }

    function _node(uint256 index) private pure returns (address) {
        return vm.addr(1 + index);
    }

    function _proof(uint256 key, address seat, address node) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _set.proofDigest(seat, node));
        return abi.encodePacked(r, s, v);
    }
}
