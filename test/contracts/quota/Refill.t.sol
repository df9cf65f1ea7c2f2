// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IQuota} from "../../../contracts/interfaces/IQuota.sol";
import {Quota} from "../../../contracts/quota/Quota.sol";
import {SystemAddresses} from "../../../contracts/types/SystemAddresses.sol";
import {vm} from "../support/Vm.sol";

/// @dev Knows one name, whatever it is asked for: the test, which stands for Certifications.
contract OneNameDirectory {
    address private immutable ANSWER = msg.sender;

    function addressOf(bytes32) external view returns (address) {
        return ANSWER;
    }

    function groupOf(address) external pure returns (address) {
        return address(0);
    }
}

/// @title Quota's arithmetic over all classes, prices and blocks
/// @dev Blocks are kept in variables: the optimiser reads `block.number` once, wherever it stands.
contract RefillTest {
    uint8 private constant CLASS = 5;
    bytes4 private constant SELECTOR = 0x12345678;

    Quota private _quota;

    struct Case {
        uint48 ceiling;
        uint48 grant;
        uint48 initial;
        uint32 periodBlocks;
        uint32 price;
        uint32 startBlock;
    }

    function setUp() public {
        vm.etch(SystemAddresses.DIRECTORY, address(new OneNameDirectory()).code);
    }

    /// @dev A Quota with one class and one price; this contract is an account of that class, open since `startBlock`.
    function _start(Case memory c) private {
        c.initial = c.ceiling == type(uint48).max ? c.initial : c.initial % (c.ceiling + 1);
        if (c.periodBlocks == 0) c.periodBlocks = 1;
        if (c.price == 0) c.price = 1;
        if (c.startBlock == 0) c.startBlock = 1;
        if (c.startBlock > type(uint32).max / 2) c.startBlock /= 2;
        vm.roll(c.startBlock);
        vm.warp(1_000);
        _quota = new Quota();
        uint8[] memory ids = new uint8[](1);
        IQuota.Class[] memory classes = new IQuota.Class[](1);
        (ids[0], classes[0]) = (CLASS, IQuota.Class(c.ceiling, c.grant, c.initial, c.periodBlocks));
        _quota.initialise(ids, classes, 0);
        _setPrice(c.price);
        _quota.setStanding(address(this), CLASS, type(uint40).max);
    }

    function _setPrice(uint32 points) private {
        bytes4[] memory selectors = new bytes4[](1);
        uint32[] memory prices = new uint32[](1);
        (selectors[0], prices[0]) = (SELECTOR, points);
        vm.prank(SystemAddresses.COUNCIL);
        _quota.publishPrices(address(0), selectors, prices);
    }

    function _tryCharge() private returns (bool success) {
        bytes memory data = abi.encodePacked(address(this), uint256(0), SELECTOR);
        bytes memory callData = abi.encodeWithSignature("execute(bytes32,bytes)", bytes32(0), data);
        (success, ) = address(_quota).call(abi.encodeCall(IQuota.charge, (callData)));
    }

    function _own() private view returns (uint256 own) {
        (own, ) = _quota.pointsOf(address(this));
    }

    function testFuzz_shortfallNamesTheVeryBlock(Case memory c) public {
        _start(c);
        (uint256 missing, uint256 available) = _quota.shortfall(address(this), c.price);
        if (missing == 0) {
            assert(available == c.startBlock);
            assert(_tryCharge());
            return;
        }
        assert(!_tryCharge());
        if (available == type(uint256).max) {
            assert(c.price > c.ceiling || c.grant == 0);
            vm.roll(type(uint32).max);
            assert(!_tryCharge());
            return;
        }
        // Allowances count blocks in 32 bits: four centuries of 3-second blocks.
        if (available > type(uint32).max) return;
        assert(available > c.startBlock);
        vm.roll(available - 1);
        assert(!_tryCharge());
        vm.roll(available);
        assert(_tryCharge());
    }

    function testFuzz_neverAboveTheCeilingAndNeverMoreThanWasGranted(Case memory c, uint24[4] memory rests) public {
        _start(c);
        uint256 spent;
        uint256 height = c.startBlock;
        for (uint256 i; i < rests.length; ++i) {
            height += rests[i];
            vm.roll(height);
            if (_tryCharge()) spent += c.price;
            assert(_own() <= c.ceiling);
            uint256 periods = height / c.periodBlocks - c.startBlock / c.periodBlocks;
            assert(_own() + spent <= uint256(c.initial) + periods * c.grant);
        }
    }

    function testFuzz_aChargeTakesItsPriceOrNothing(Case memory c, uint24 rest) public {
        _start(c);
        vm.roll(uint256(c.startBlock) + rest);
        uint256 before = _own();
        bool charged = _tryCharge();
        assert(charged == (before >= c.price));
        assert(_own() == (charged ? before - c.price : before));
    }

    function testFuzz_standingAgainGivesNothing(Case memory c, uint24 rest, uint8 level, uint40 expiresAt) public {
        _start(c);
        vm.roll(uint256(c.startBlock) + rest);
        uint256 before = _own();
        _quota.setStanding(address(this), level % 4, expiresAt % 1_000);
        _quota.setStanding(address(this), CLASS, type(uint40).max);
        assert(_own() <= before);
    }

    function levelOf(address) external pure returns (uint8, address) {
        return (0, address(0));
    }
}
