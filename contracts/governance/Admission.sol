// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IAdmission} from "../interfaces/IAdmission.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {Names} from "../types/Names.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {CouncilUpgradeable} from "./CouncilUpgradeable.sol";
import {Enforced} from "./Enforced.sol";

/// @dev Validators read the first two slots by their number: `_senders` stays first and `_period` second, for ever.
contract Admission is IAdmission, CouncilUpgradeable, Enforced {
    using EnumerableSet for EnumerableSet.AddressSet;

    uint256 public constant MAX_RELAYS = 8;
    uint40 public constant PARTNER_RELAY_ALLOWANCE = 10_000;

    mapping(address sender => Sender) private _senders;
    uint48 private _period;
    mapping(address partner => EnumerableSet.AddressSet) private _relays;
    mapping(address relay => address partner) private _registrants;
    mapping(address sender => bytes32 ground) private _grounds;

    /// @notice Admits the first operator, seats and relays; part of the genesis allocation.
    /// @param allowances Direct transactions a period of an operator, a seat and a relay.
    function initialise(
        address operator,
        address[] calldata seats,
        address[] calldata relays,
        uint40[3] calldata allowances,
        uint48 periodBlocks_
    ) external {
        if (_period != 0) revert UnauthorisedNotCouncil(msg.sender);
        _setPeriod(periodBlocks_);
        _set(operator, Kind.Operator, allowances[0], 0);
        for (uint256 i; i < seats.length; ++i) {
            _set(seats[i], Kind.Seat, allowances[1], 0);
        }
        for (uint256 i; i < relays.length; ++i) {
            _set(relays[i], Kind.Relay, allowances[2], 0);
        }
    }

    /// @inheritdoc IAdmission
    function admit(address sender, Kind kind, uint40 allowance) external onlyCouncil {
        if (kind == Kind.None || sender == address(0)) revert AdmissionInvalidSender(sender);
        // From now on it is Council's: a partner that had registered the address can not take it back.
        delete _registrants[sender];
        delete _grounds[sender];
        _set(sender, kind, allowance, _nextBlock());
    }

    /// @inheritdoc IAdmission
    function remove(address sender, bytes32 ground) external onlyCouncil {
        if (ground == bytes32(0)) revert AdmissionGroundMissing();
        _bar(sender, ground);
    }

    /// @inheritdoc IAdmission
    function registerRelay(address relay) external {
        if (_statusOf(msg.sender) != IPartners.Status.Admitted) revert AdmissionNotPartner(msg.sender);
        // A contract never sends transactions, and an address that is admitted already keeps its kind.
        if (relay == address(0) || relay.code.length != 0) revert AdmissionInvalidSender(relay);
        if (_senders[relay].kind != Kind.None) revert AdmissionSenderKnown(relay);
        if (_grounds[relay] != bytes32(0)) revert AdmissionSenderBarred(relay);
        EnumerableSet.AddressSet storage relays = _relays[msg.sender];
        if (relays.length() == MAX_RELAYS) revert AdmissionTooManyRelays(msg.sender, MAX_RELAYS);

        relays.add(relay);
        _registrants[relay] = msg.sender;
        _set(relay, Kind.Relay, PARTNER_RELAY_ALLOWANCE, _nextBlock());

        emit RelayRegistered(msg.sender, relay);
    }

    /// @inheritdoc IAdmission
    function withdrawRelay(address relay) external {
        if (!_relays[msg.sender].remove(relay)) revert AdmissionNotRelayOwner(msg.sender, relay);
        // An order may have blocked it already; the place in the partner's list is free again either way.
        if (_registrants[relay] == msg.sender && _senders[relay].kind == Kind.Relay) _remove(relay, bytes32(0));
    }

    /// @inheritdoc IAdmission
    function blockRelay(address relay) external {
        address partner = _registrants[relay];
        uint256 order = partner == address(0) ? _order() : _orderAbout(partner);
        if (_senders[relay].kind != Kind.Relay) revert AdmissionSenderUnknown(relay);

        _bar(relay, bytes32(order));
    }

    /// @inheritdoc IAdmission
    function retireRelay(address relay) external {
        address partner = _registrants[relay];
        if (_statusOf(partner) != IPartners.Status.Terminated) revert AdmissionPartnerNotTerminated(partner);
        if (!_relays[partner].remove(relay)) revert AdmissionSenderUnknown(relay);
        if (_senders[relay].kind == Kind.Relay) _remove(relay, bytes32(0));

        emit RelayRetired(partner, relay);
    }

    /// @inheritdoc IAdmission
    function setPeriod(uint48 blocks) external onlyCouncil {
        _setPeriod(blocks);
    }

    /// @inheritdoc IAdmission
    function senderOf(address sender) external view returns (Sender memory) {
        return _senders[sender];
    }

    /// @inheritdoc IAdmission
    function periodBlocks() external view returns (uint48) {
        return _period;
    }

    /// @inheritdoc IAdmission
    function groundOf(address sender) external view returns (bytes32) {
        return _grounds[sender];
    }

    /// @inheritdoc IAdmission
    function relaysOf(address partner) external view returns (address[] memory) {
        return _relays[partner].values();
    }

    /// @inheritdoc IAdmission
    function isPermitted(
        address sender,
        address target,
        bytes4 selector,
        uint256 blockNumber
    ) external view returns (bool) {
        Sender memory s = _senders[sender];
        if (s.kind == Kind.None || blockNumber < s.validFrom) return false;
        if (s.kind == Kind.Operator) return true;
        if (target != s.target || target == address(0)) return false;
        return s.kind == Kind.Seat || selector == IEntryPoint.handleOps.selector;
    }

    /// @dev None for everybody on a chain where Partners does not stand yet.
    function _statusOf(address partner) private view returns (IPartners.Status) {
        address partners = IDirectory(SystemAddresses.DIRECTORY).addressOf(Names.PARTNERS);
        return partners == address(0) ? IPartners.Status.None : IPartners(partners).statusOf(partner);
    }

    /// @dev Validators judge a block by its parent's state, so the next block is the first that can count.
    function _nextBlock() private view returns (uint48) {
        return uint48(block.number + 1);
    }

    function _set(address sender, Kind kind, uint40 allowance, uint48 validFrom) private {
        address target;
        if (kind == Kind.Seat) target = SystemAddresses.COUNCIL;
        if (kind == Kind.Relay) target = SystemAddresses.ENTRY_POINT;

        _senders[sender] = Sender(kind, validFrom, allowance, target);

        emit SenderAdmitted(sender, kind, target, validFrom, allowance);
    }

    function _setPeriod(uint48 blocks) private {
        if (blocks == 0) revert AdmissionInvalidPeriod();
        _period = blocks;
        emit PeriodChanged(blocks);
    }

    /// @dev Removes a sender for good: only Council brings it back.
    function _bar(address sender, bytes32 ground) private {
        _grounds[sender] = ground;
        _remove(sender, ground);
    }

    function _remove(address sender, bytes32 ground) private {
        if (_senders[sender].kind == Kind.None) revert AdmissionSenderUnknown(sender);
        delete _senders[sender];
        emit SenderRemoved(sender, ground);
    }
}
