// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ICertifications} from "../../contracts/interfaces/ICertifications.sol";
import {IPartners} from "../../contracts/interfaces/IPartners.sol";
import {IVoucherFactory} from "../../contracts/interfaces/IVoucherFactory.sol";
import {SystemAddresses} from "../../contracts/types/SystemAddresses.sol";
import {Voucher} from "../../contracts/voucher/Voucher.sol";
import {vm} from "../contracts/support/Vm.sol";

/// @dev Certifications, Partners and Directory that let everybody do everything: what is left is arithmetic.
contract Permitting {
    address private immutable REDEMPTIONS;

    constructor(address redemptions) {
        REDEMPTIONS = redemptions;
    }

    function checkTransfer(address, address, address, uint8) external pure returns (address, ICertifications.Answer) {
        return (address(0), ICertifications.Answer.Accepted);
    }

    function hasPermission(address, uint32) external pure returns (bool) {
        return true;
    }

    function addressOf(bytes32) external view returns (address) {
        return REDEMPTIONS;
    }
}

/// @dev An account as vouchers see it.
contract Holder {
    function send(Voucher voucher, address to, uint256 id, uint256 amount) external {
        voucher.safeTransferFrom(address(this), to, id, amount, "");
    }

    function allocate(Voucher voucher, address to, uint256 amount) external {
        voucher.allocate(to, amount);
    }

    function resetState() external pure returns (uint48, uint32) {
        return (0, 0);
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }
}

/// @title A voucher's cap, what circulates and the balances, for every cap and all amounts
/// @dev This contract is the issuer and Redemptions. Whatever reverts changes nothing, and the sums must hold then too.
contract SupplyProofs {
    address private implementation;
    Holder private one;
    Holder private other;

    function setUp() public {
        Permitting permitting = new Permitting(address(this));
        vm.etch(SystemAddresses.DIRECTORY, address(permitting).code);
        implementation = address(new Voucher(ICertifications(address(permitting)), IPartners(address(permitting))));
        one = new Holder();
        other = new Holder();
    }

    function check_neverMoreThanTheCap(uint128 cap, uint256 first, uint256 second) public {
        Voucher voucher = _make(cap, false);
        _try(voucher, abi.encodeCall(voucher.allocate, (address(one), first)));
        _try(voucher, abi.encodeCall(voucher.allocate, (address(other), second)));
        assert(voucher.circulating() <= cap);
        _checkSum(voucher);
    }

    function check_aLowerCapIsNotBelowWhatCirculates(uint128 cap, uint256 amount, uint128 lower) public {
        Voucher voucher = _make(cap, false);
        _try(voucher, abi.encodeCall(voucher.allocate, (address(one), amount)));
        bool lowered = _try(voucher, abi.encodeCall(voucher.lowerCap, (lower)));
        assert(voucher.cap() == (lowered ? lower : cap));
        assert(voucher.circulating() <= voucher.cap());
    }

    function check_agentsStayWithinTheirOwn(uint128 cap, uint128 own, uint256 first, uint256 second) public {
        Voucher voucher = _make(cap, false);
        voucher.setAgent(address(one), own);
        try one.allocate(voucher, address(other), first) {} catch {}
        try one.allocate(voucher, address(other), second) {} catch {}
        (, uint256 allocated) = voucher.agentOf(address(one));
        assert(allocated <= own && allocated == voucher.circulating());
        _checkSum(voucher);
    }

    function check_transfersMoveAndMakeNothing(uint128 cap, uint256 amount, uint256 moved) public {
        Voucher voucher = _make(cap, false);
        _try(voucher, abi.encodeCall(voucher.allocate, (address(one), amount)));
        uint256 before = voucher.balanceOf(address(one), 0);
        try one.send(voucher, address(other), 0, moved) {
            assert(moved <= before);
            assert(voucher.balanceOf(address(other), 0) == moved);
        } catch {
            assert(voucher.balanceOf(address(other), 0) == 0);
        }
        assert(voucher.circulating() == before);
        _checkSum(voucher);
    }

    function check_transfersToOneselfChangeNothing(uint128 cap, uint256 amount, uint256 moved) public {
        Voucher voucher = _make(cap, false);
        _try(voucher, abi.encodeCall(voucher.allocate, (address(one), amount)));
        uint256 before = voucher.balanceOf(address(one), 0);
        try one.send(voucher, address(one), 0, moved) {} catch {}
        assert(voucher.balanceOf(address(one), 0) == before);
        _checkSum(voucher);
    }

    function check_redemptionTakesOutWhatItBurns(
        uint128 cap,
        uint256 amount,
        uint256 presented,
        uint256 redeemed
    ) public {
        Voucher voucher = _make(cap, false);
        _try(voucher, abi.encodeCall(voucher.allocate, (address(one), amount)));
        uint256 before = voucher.circulating();
        _try(voucher, abi.encodeCall(voucher.escrow, (address(one), 0, presented)));
        assert(voucher.circulating() == before);
        _checkSum(voucher);
        bool burnt = _try(voucher, abi.encodeCall(voucher.redeem, (0, redeemed)));
        assert(voucher.circulating() == (burnt ? before - redeemed : before));
        _checkSum(voucher);
    }

    function check_whatIsGivenBackIsAsBefore(uint128 cap, uint256 amount, uint256 presented) public {
        Voucher voucher = _make(cap, false);
        _try(voucher, abi.encodeCall(voucher.allocate, (address(one), amount)));
        uint256 before = voucher.balanceOf(address(one), 0);
        if (!_try(voucher, abi.encodeCall(voucher.escrow, (address(one), 0, presented)))) return;
        voucher.giveBack(address(one), 0, presented);
        assert(voucher.balanceOf(address(one), 0) == before);
        assert(voucher.circulating() == before);
    }

    function check_lotsCountWithTheirFaces(uint128 cap, uint128 first, uint128 second) public {
        Voucher voucher = _make(cap, true);
        bool made = _try(voucher, abi.encodeCall(voucher.allocateLot, (address(one), first, "1")));
        bool alsoMade = _try(voucher, abi.encodeCall(voucher.allocateLot, (address(other), second, "2")));
        assert(voucher.circulating() <= cap);
        assert(voucher.holdingOf(address(one)) == (made ? first : 0));
        assert(voucher.holdingOf(address(other)) == (alsoMade ? second : 0));
        assert(voucher.circulating() == voucher.holdingOf(address(one)) + voucher.holdingOf(address(other)));
    }

    function check_lotsMoveWhole(uint128 cap, uint128 face, uint256 moved) public {
        Voucher voucher = _make(cap, true);
        vm.assume(_try(voucher, abi.encodeCall(voucher.allocateLot, (address(one), face, "1"))));
        try one.send(voucher, address(other), 1, moved) {} catch {}
        uint256 left = voucher.holdingOf(address(one));
        assert(left == 0 || left == face);
        assert(voucher.holdingOf(address(other)) == face - left);
        assert(voucher.balanceOf(address(one), 1) == left);
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }

    function _checkSum(Voucher voucher) private view {
        uint256 held = voucher.balanceOf(address(one), 0) + voucher.balanceOf(address(other), 0);
        assert(voucher.circulating() == held + voucher.balanceOf(address(this), 0));
    }

    function _make(uint128 cap, bool lots) private returns (Voucher voucher) {
        IVoucherFactory.Application memory application;
        application.cap = cap;
        application.secondary = true;
        application.redemptionBlocks = 1;
        if (lots) application.voucherType = IVoucherFactory.VoucherType.Lots;
        voucher = Voucher(Clones.cloneDeterministicWithImmutableArgs(implementation, abi.encodePacked(this), 0));
        voucher.initialise(application);
    }

    /// @return success Whether the call went through.
    function _try(Voucher voucher, bytes memory data) private returns (bool success) {
        (success, ) = address(voucher).call(data);
    }
}
