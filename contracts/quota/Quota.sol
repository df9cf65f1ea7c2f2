// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {AllowanceSlot} from "../types/AllowanceSlot.sol";
import {Names} from "../types/Names.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {Prices} from "./Prices.sol";
import {Refills} from "./Refills.sol";

contract Quota is Prices {
    using Refills for Class;

    /// @dev Classes up to this number are those of the certification levels.
    uint8 public constant LAST_LEVEL_CLASS = 15;
    uint256 public constant USAGE_PERIOD_BLOCKS = 28_800;

    struct Sponsorship {
        address sponsor;
        uint48 limit;
    }

    mapping(address account => AllowanceSlot) private _allowances;
    mapping(address account => Sponsorship) private _sponsorships;
    mapping(uint8 id => Class) private _classes;
    bool private _initialised;

    /// @notice Sets the first classes and the price per byte; part of the genesis allocation.
    /// @param ids Numbers of the classes.
    function initialise(uint8[] calldata ids, Class[] calldata values, uint32 bytePrice_) external {
        if (_initialised) revert UnauthorisedNotCouncil(msg.sender);
        if (ids.length != values.length) revert QuotaLengthsDiffer();
        _initialised = true;
        for (uint256 i; i < ids.length; ++i) {
            _setClass(ids[i], values[i]);
        }
        _publishBytePrice(bytePrice_);
    }

    /// @inheritdoc IQuota
    function charge(bytes calldata callData) external {
        if (block.number <= _pausedUntil) revert QuotaPaused(_pausedUntil);
        AllowanceSlot own = _allowances[msg.sender];
        uint8 level = _levelOf(msg.sender, own);
        if (level == 0) revert QuotaUncertified(msg.sender);
        uint256 points = _priceOf(msg.sender, callData);

        address payer = own.isSponsored() ? _chargeSponsor(msg.sender, own, points) : address(0);
        if (payer == address(0)) {
            payer = msg.sender;
            uint256 available = _available(own, level);
            if (available < points) {
                (uint256 missing, uint256 availableBlock) = shortfall(msg.sender, points);
                revert QuotaExhausted(msg.sender, missing, availableBlock);
            }
            unchecked {
                own = own.withPoints(available - points, block.number);
            }
        }
        _allowances[msg.sender] = own.withUsage(points, _usagePeriod());

        emit Charged(msg.sender, payer, points);
    }

    /// @inheritdoc IQuota
    function setStanding(address account, uint8 level, uint40 expiresAt) external {
        if (msg.sender != _contract(Names.CERTIFICATIONS)) revert QuotaNotCertifications(msg.sender);
        AllowanceSlot allowance = _settled(account).withStanding(level, expiresAt);
        if (allowance.updatedBlock() == 0 && level != 0) {
            uint256 initial = _classes[_classOf(allowance, level)].initial;
            allowance = allowance.withPoints(initial, block.number);
        }
        _allowances[account] = allowance;
    }

    /// @inheritdoc IQuota
    function setBarred(address partner, bool barred) external {
        if (msg.sender != _contract(Names.PARTNERS)) revert QuotaNotPartners(msg.sender);

        _allowances[partner] = _allowances[partner].withBarred(barred);

        emit SponsoringBarred(partner, barred);
    }

    /// @inheritdoc IQuota
    function pause(uint48 lastBlock) external onlyCouncil {
        _pausedUntil = lastBlock;

        emit Paused(lastBlock);
    }

    /// @inheritdoc IQuota
    function setClass(uint8 id, Class calldata value) external onlyCouncil {
        _setClass(id, value);
    }

    /// @inheritdoc IQuota
    function assignClass(address account, uint8 id) external onlyRole(Roles.OPERATOR) {
        if (id != 0 && (id <= LAST_LEVEL_CLASS || _classes[id].periodBlocks == 0)) revert QuotaInvalidClass(id);
        // Points are brought up to date under the old class first: those earned there stay.
        AllowanceSlot allowance = _settled(account);

        // A first class of its own begins as an account does: with the initial points, not full. Later ones give none,
        // or giving and taking would be a way to fill an account up.
        uint48 initial = _classes[id].initial;
        if (!allowance.hasBegun() && allowance.points() < initial) {
            allowance = allowance.withPoints(initial, allowance.updatedBlock());
        }
        _allowances[account] = allowance.withClass(id);

        emit ClassAssigned(account, id);
    }

    /// @inheritdoc IQuota
    function sponsor(address account, uint48 limit) external {
        IPartners(_contract(Names.PARTNERS)).requirePermission(msg.sender, 0);
        ICertifications certifications = ICertifications(_contract(Names.CERTIFICATIONS));
        if (certifications.certification(account, msg.sender).status != ICertifications.Status.Active) {
            revert QuotaNotSponsor(msg.sender, account);
        }
        if (limit == 0) revert QuotaLimitMissing();
        address other = _sponsorships[account].sponsor;
        if (other != address(0) && other != msg.sender) revert QuotaSponsorTaken(account, other);

        _sponsorships[account] = Sponsorship(msg.sender, limit);
        _allowances[account] = _allowances[account].withSponsored(true);

        emit SponsorChanged(account, msg.sender, limit);
    }

    /// @inheritdoc IQuota
    function endSponsorship(address account) external {
        address payer = _sponsorships[account].sponsor;
        if (payer == address(0) || (msg.sender != account && msg.sender != payer)) {
            revert QuotaNotSponsor(msg.sender, account);
        }

        delete _sponsorships[account];
        _allowances[account] = _allowances[account].withSponsored(false);

        emit SponsorChanged(account, address(0), 0);
    }

    /// @inheritdoc IQuota
    function pointsOf(address account) external view returns (uint256 own, uint256 sponsored) {
        AllowanceSlot allowance = _allowances[account];
        own = _available(allowance, _levelOf(account, allowance));
        if (!allowance.isSponsored()) return (own, 0);
        Sponsorship memory s = _sponsorships[account];
        AllowanceSlot payer = _allowances[s.sponsor];
        if (payer.isBarred()) return (own, 0);
        sponsored = _available(payer, _levelOf(s.sponsor, payer));
        uint256 left = _limitLeft(allowance, s.limit);
        if (sponsored > left) sponsored = left;
    }

    /// @inheritdoc IQuota
    function shortfall(address account, uint256 points) public view returns (uint256 missing, uint256 availableBlock) {
        AllowanceSlot own = _allowances[account];
        (missing, availableBlock) = _shortfall(account, own, points);
        if (!own.isSponsored()) return (missing, availableBlock);
        Sponsorship memory s = _sponsorships[account];
        AllowanceSlot payer = _allowances[s.sponsor];
        if (payer.isBarred() || points > s.limit) return (missing, availableBlock);
        (uint256 sponsorMissing, uint256 sponsorBlock) = _shortfall(s.sponsor, payer, points);
        uint256 left = _limitLeft(own, s.limit);
        if (left < points) {
            // The limit counts anew in the next usage period.
            uint256 next = (_usagePeriod() + 1) * USAGE_PERIOD_BLOCKS;
            if (sponsorBlock < next) (sponsorMissing, sponsorBlock) = (points - left, next);
        }
        if (sponsorBlock < availableBlock) (missing, availableBlock) = (sponsorMissing, sponsorBlock);
    }

    /// @inheritdoc IQuota
    function usageOf(address account) external view returns (uint256 period, uint48 used, uint48 usedBefore) {
        period = _usagePeriod();
        (used, usedBefore) = _allowances[account].usage(period);
    }

    /// @inheritdoc IQuota
    function pausedUntil() external view returns (uint48) {
        return _pausedUntil;
    }

    /// @inheritdoc IQuota
    function allowanceOf(address account) external view returns (Allowance memory) {
        return _allowances[account].read();
    }

    /// @inheritdoc IQuota
    function sponsorOf(address account) external view returns (address) {
        return _sponsorships[account].sponsor;
    }

    /// @inheritdoc IQuota
    function sponsorLimitOf(address account) external view returns (uint48) {
        return _sponsorships[account].limit;
    }

    /// @inheritdoc IQuota
    function classOf(address account) external view returns (uint8) {
        AllowanceSlot allowance = _allowances[account];
        return _classOf(allowance, _levelOf(account, allowance));
    }

    /// @inheritdoc IQuota
    function class(uint8 id) external view returns (Class memory) {
        return _classes[id];
    }

    /// @dev Charges the sponsor if it may, can, and has agreed to pay that much.
    /// @return payer The sponsor, or the zero address when the account has to pay itself.
    function _chargeSponsor(address account, AllowanceSlot own, uint256 points) private returns (address payer) {
        Sponsorship memory s = _sponsorships[account];
        // A partner may have certified and sponsored itself before it knew better; it pays once.
        if (s.sponsor == account || _limitLeft(own, s.limit) < points) return address(0);
        AllowanceSlot allowance = _allowances[s.sponsor];
        if (allowance.isBarred()) return address(0);
        uint256 available = _available(allowance, _levelOf(s.sponsor, allowance));
        if (available < points) return address(0);

        unchecked {
            allowance = allowance.withPoints(available - points, block.number);
        }
        _allowances[s.sponsor] = allowance.withUsage(points, _usagePeriod());
        return s.sponsor;
    }

    /// @dev Points of the limit that an account's operations of this period have left.
    function _limitLeft(AllowanceSlot own, uint256 limit) private view returns (uint256) {
        (uint256 used, ) = own.usage(_usagePeriod());
        return used < limit ? limit - used : 0;
    }

    /// @dev The allowance of an open account with its points brought up to date.
    function _settled(address account) private view returns (AllowanceSlot allowance) {
        allowance = _allowances[account];
        if (allowance.updatedBlock() == 0) return allowance;
        return allowance.withPoints(_available(allowance, _levelOf(account, allowance)), block.number);
    }

    function _available(AllowanceSlot allowance, uint8 level) private view returns (uint256) {
        Class memory c = _classes[_classOf(allowance, level)];
        return c.pointsAt(allowance.points(), allowance.updatedBlock(), block.number);
    }

    function _shortfall(
        address account,
        AllowanceSlot allowance,
        uint256 points
    ) private view returns (uint256 missing, uint256 availableBlock) {
        uint8 level = _levelOf(account, allowance);
        uint256 available = _available(allowance, level);
        if (available < points) missing = points - available;
        Class memory c = _classes[_classOf(allowance, level)];
        availableBlock = c.blockOf(available, points, block.number);
        if (missing != 0 && allowance.updatedBlock() == 0) availableBlock = type(uint256).max;
    }

    function _classOf(AllowanceSlot allowance, uint8 level) private pure returns (uint8) {
        uint8 assigned = allowance.assignedClass();
        return assigned == 0 ? level : assigned;
    }

    /// @dev Number of the account's strongest live level, which is the number of its class; 0: none. After the expiry
    /// of the one that Certifications told of, the next strongest is asked for.
    function _levelOf(address account, AllowanceSlot allowance) private view returns (uint8 number) {
        if (block.timestamp < allowance.expiresAt()) return allowance.level();
        address certifications = _contract(Names.CERTIFICATIONS);
        if (certifications == address(0)) return 0;
        (number, ) = ICertifications(certifications).levelOf(account);
    }

    function _usagePeriod() private view returns (uint256) {
        return block.number / USAGE_PERIOD_BLOCKS;
    }

    function _contract(bytes32 name) private view returns (address) {
        return IDirectory(SystemAddresses.DIRECTORY).addressOf(name);
    }

    function _setClass(uint8 id, Class calldata value) private {
        if (id == 0 || value.periodBlocks == 0 || value.initial > value.ceiling) revert QuotaInvalidClass(id);
        _classes[id] = value;
        emit ClassSet(id, value.ceiling, value.grant, value.initial, value.periodBlocks);
    }
}
